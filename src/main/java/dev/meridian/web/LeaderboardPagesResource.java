package dev.meridian.web;

import dev.meridian.leaderboard.LeaderboardService;
import dev.meridian.leaderboard.Score;
import dev.meridian.session.Anybody;
import dev.meridian.session.Callers;
import dev.meridian.session.CustomerOnly;
import dev.meridian.session.HtmlPage;
import dev.meridian.shared.IdempotencyKeys;
import dev.meridian.shared.Ids;
import dev.meridian.shared.ProblemException;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.resteasy.reactive.RestResponse;

/// The top list, worldwide and by country, and a form to add a score. The page refreshes its list.
@Path("/leaderboard")
@HtmlPage
@Produces(HtmlPage.MEDIA_TYPE)
class LeaderboardPagesResource {
    /// The page.
    ///
    /// @param country the country of the list, or empty for all
    @CheckedTemplate(defaultName = CheckedTemplate.HYPHENATED_ELEMENT_NAME)
    record LeaderboardPage(List<Row> rows, String country, PageForm form) implements TemplateInstance {}

    /// One row of the list.
    public record Row(int place, String player, String country, long score, String region) {}

    private static final int ROWS = 20;
    private static final String SCORE = "[0-9]{1,13}";
    private static final List<String> FIELDS = List.of("player", "country", "score", "key");

    private final LeaderboardService leaderboard;
    private final Callers callers;

    LeaderboardPagesResource(LeaderboardService leaderboard, Callers callers) {
        this.leaderboard = leaderboard;
        this.callers = callers;
    }

    @GET
    @Anybody
    @Operation(hidden = true)
    public Uni<LeaderboardPage> show(@QueryParam("country") @DefaultValue("") String country) {
        return page(country.strip().toUpperCase(Locale.ROOT), empty());
    }

    /// A form with a new idempotency key: sent twice, it is one score.
    private static PageForm empty() {
        return PageForm.of(Map.of("key", Ids.ulid()));
    }

    private Uni<LeaderboardPage> page(String country, PageForm form) {
        return leaderboard
                .top(Optional.of(country).filter(c -> !c.isEmpty()), ROWS)
                .map(scores -> new LeaderboardPage(rows(scores), country, form));
    }

    private static List<Row> rows(List<Score> scores) {
        return java.util.stream.IntStream.range(0, scores.size())
                .mapToObj(i -> {
                    var score = scores.get(i);
                    return new Row(i + 1, score.player(), score.country(), score.score(), score.region());
                })
                .toList();
    }

    @POST
    @CustomerOnly
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    @Operation(hidden = true)
    public Uni<RestResponse<Object>> submit(@Context HttpHeaders headers, MultivaluedMap<String, String> sent) {
        var form = PageForm.sent(sent, FIELDS);
        if (form.value("player").isEmpty()) form.reject("player", "Player is required");
        form.require("country", "[A-Za-z]{2}", "Two letters, such as NL");
        form.require("score", SCORE, "A whole number");
        if (form.isWrong()) return refused(form);
        var key = callers.current().key(form.given("key").map(IdempotencyKeys::parse), form.value("player"));
        return Uni.createFrom()
                .deferred(() -> leaderboard.submit(
                        form.value("player"), form.value("country"), Long.parseLong(form.value("score")), key))
                .<RestResponse<Object>>map(
                        score -> RestResponse.seeOther(URI.create("/leaderboard?country=" + score.country())))
                .onFailure(PageForm::isAboutFields)
                .recoverWithUni(failure -> refused(form.with((ProblemException) failure)));
    }

    private Uni<RestResponse<Object>> refused(PageForm form) {
        return page("", form).map(page -> RestResponse.status(RestResponse.Status.BAD_REQUEST, page));
    }
}
