package dev.meridian.leaderboard;

import dev.meridian.session.Anybody;
import dev.meridian.session.Callers;
import dev.meridian.session.CustomerOnly;
import dev.meridian.shared.IdempotencyKeys;
import io.smallrye.mutiny.Uni;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.ParameterIn;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;

/// The leaderboard over HTTP. A player in a path is a name, not an id: any name that a score may have,
/// percent-encoded UTF-8.
@Path("/leaderboard")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Leaderboard", description = "Scores, top lists and the standing of a player.")
class LeaderboardResource {
    /// The request to submit a score.
    @Schema(name = "ScoreRequest")
    record ScoreRequest(
            @Schema(
                    minLength = 1,
                    maxLength = 64,
                    examples = "quiet-falcon",
                    description = "1 to 64 printable characters, not beginning with #. Outer spaces are dropped.")
            @NotNull
            String player,

            @Schema(
                    minLength = 2,
                    maxLength = 2,
                    examples = "NL",
                    description = "ISO 3166-1 alpha-2; lower case is understood and stored as upper case.")
            @NotNull
            String country,

            @Schema(examples = "981250", description = "An integer.") @NotNull @Min(0) @Max(ScoreRules.SCORE_MAX)
            Long score) {}

    /// A top list.
    @Schema(name = "TopList")
    record TopList(List<Score> scores) {}

    private final LeaderboardService leaderboard;
    private final Callers callers;

    LeaderboardResource(LeaderboardService leaderboard, Callers callers) {
        this.leaderboard = leaderboard;
        this.callers = callers;
    }

    @GET
    @Anybody
    @Operation(
            summary = "Read a top list",
            description = "The best scores, of one country or of all. Of equal scores the earlier comes first.")
    @APIResponse(responseCode = "200", description = "The best scores, best first.")
    @APIResponse(responseCode = "400", description = "A wrong country or limit.")
    public Uni<TopList> top(
            @Parameter(description = "ISO 3166-1 alpha-2; absent or empty: worldwide.", example = "NL")
                    @QueryParam("country")
                    Optional<String> country,
            @Parameter(
                            description = "Scores in the answer, 1 to 100.",
                            schema = @Schema(minimum = "1", maximum = "100", defaultValue = "10"))
                    @QueryParam("limit")
                    @DefaultValue("10")
                    int limit) {
        return leaderboard.top(country.filter(c -> !c.isEmpty()), limit).map(TopList::new);
    }

    @POST
    @CustomerOnly
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "Submit a score",
            description =
                    "Stores one score of a player, one for each Idempotency-Key of a caller: X-Customer-Id, else the "
                            + "visitor's cookie, else the player.")
    @APIResponse(responseCode = "201", description = "The score as it is stored.")
    @APIResponse(responseCode = "400", description = "A wrong value; `errors` names the field.")
    @APIResponse(responseCode = "422", description = "The caller used the key for another score of this player.")
    @Parameter(name = IdempotencyKeys.HEADER, in = ParameterIn.HEADER)
    public Uni<RestResponse<Score>> submit(@Context HttpHeaders headers, @NotNull @Valid ScoreRequest request) {
        var key = callers.current()
                .key(IdempotencyKeys.parse(headers.getRequestHeader(IdempotencyKeys.HEADER)), request.player());
        return leaderboard
                .submit(request.player(), request.country(), request.score(), key)
                .map(score -> RestResponse.status(RestResponse.Status.CREATED, score));
    }

    @GET
    @Anybody
    @Path("/players/{player}")
    @Operation(
            summary = "Read a player's standing",
            description = "The best score of a player and its rank among the players of that country.")
    @APIResponse(responseCode = "200", description = "The best score and its rank.")
    @APIResponse(responseCode = "400", description = "A name that no player can have.")
    @APIResponse(responseCode = "404", description = "There is no score of such a player.")
    public Uni<PlayerStanding> standing(
            @Parameter(description = "The player's name, percent-encoded.", example = "quiet-falcon")
                    @PathParam("player")
                    String player) {
        return leaderboard.standing(player);
    }
}
