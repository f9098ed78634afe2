package dev.meridian.web;

import dev.meridian.recovery.RecoveryService;
import dev.meridian.region.Health;
import dev.meridian.region.RegionService;
import dev.meridian.region.RegionStatus;
import dev.meridian.session.Anybody;
import dev.meridian.session.Callers;
import dev.meridian.session.HtmlPage;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;

/// The status of this Region, and what it knows of the others. Everybody sees which Regions are up; stores and
/// open orders are for administrators. A missing value is shown as unknown.
@Anybody
@Path("/status")
@HtmlPage
@Produces(HtmlPage.MEDIA_TYPE)
class StatusPagesResource {
    /// The page.
    ///
    /// @param standing the status of this Region, in capitals
    /// @param stores the stores of this Region
    /// @param regions all that are known here, this one first
    /// @param isAdministrator whether stores and open orders are shown
    /// @param open how many orders are open, `12` or `at least 100`; empty when unknown
    @CheckedTemplate(defaultName = CheckedTemplate.HYPHENATED_ELEMENT_NAME)
    record StatusPage(
            String region,
            String standing,
            String message,
            List<Store> stores,
            List<Row> regions,
            boolean isAdministrator,
            String open)
            implements TemplateInstance {}

    /// One store.
    ///
    /// @param detail more about it; empty without any
    public record Store(String name, boolean isUp, String detail) {}

    /// One Region.
    ///
    /// @param standing in capitals
    /// @param heard the age of its last heartbeat, in words
    /// @param dynamodb the latency of its stores, in words
    public record Row(
            String region,
            String standing,
            boolean isDrained,
            String heard,
            String dynamodb,
            String reader,
            String writer) {}

    private static final Duration MINUTES_FROM = Duration.ofSeconds(120);
    private static final Duration HOURS_FROM = Duration.ofMinutes(120);
    private static final Duration DAYS_FROM = Duration.ofHours(48);

    private final RegionService regions;
    private final RecoveryService recovery;
    private final Callers callers;

    StatusPagesResource(RegionService regions, RecoveryService recovery, Callers callers) {
        this.regions = regions;
        this.recovery = recovery;
        this.callers = callers;
    }

    @GET
    @Operation(hidden = true)
    public Uni<StatusPage> show() {
        boolean isAdministrator = callers.isOperator();
        return Uni.combine()
                .all()
                .unis(
                        regions.health(),
                        regions.sights(),
                        isAdministrator ? open() : Uni.createFrom().item(""))
                .with((health, sights, open) -> new StatusPage(
                        health.region(),
                        health.status().name(),
                        health.message(),
                        isAdministrator ? stores(health) : List.of(),
                        sights.stream().map(StatusPagesResource::row).toList(),
                        isAdministrator,
                        open));
    }

    private Uni<String> open() {
        return recovery.open()
                .map(open -> (open.more() ? "at least " : "") + MoneyText.grouped(open.entries()))
                .onFailure()
                .recoverWithItem("");
    }

    private static List<Store> stores(Health health) {
        return health.checks().entrySet().stream()
                .map(check -> store(check.getKey(), check.getValue()))
                .toList();
    }

    private static Store store(String name, Health.Check check) {
        return new Store(
                name,
                check.state() == Health.State.UP,
                Optional.ofNullable(check.detail()).orElse(""));
    }

    private static Row row(RegionStatus sight) {
        return new Row(
                sight.region(),
                sight.standing().name(),
                sight.isDrained(),
                sight.isHere()
                        ? "here"
                        : sight.heardAgo().map(StatusPagesResource::ago).orElse("never"),
                latency(sight.checks(), "dynamodb"),
                latency(sight.checks(), "sql-reader"),
                latency(sight.checks(), "sql-writer"));
    }

    private static String latency(Map<String, Health.Check> checks, String store) {
        var check = checks.get(store);
        if (check == null) return "–";
        return check.state() == Health.State.UP ? check.latencyMs() + " ms" : "Down";
    }

    private static String ago(Duration age) {
        if (age.compareTo(MINUTES_FROM) < 0) return age.toSeconds() + " s ago";
        if (age.compareTo(HOURS_FROM) < 0) return age.toMinutes() + " min ago";
        return age.compareTo(DAYS_FROM) < 0 ? age.toHours() + " h ago" : age.toDays() + " days ago";
    }
}
