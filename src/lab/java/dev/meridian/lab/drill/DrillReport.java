package dev.meridian.lab.drill;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// The figures of a drill for people and machines.
///
/// @param roundTrip between the Regions
/// @param wellFrom milliseconds since the clients began: the warm-up is over
public record DrillReport(
        String artifact,
        Duration roundTrip,
        DrillOptions options,
        DrillFigures figures,
        List<Attempt> history,
        DrillSamples samples,
        long wellFrom) {

    /// Whether no acknowledged order is missing or duplicated.
    public boolean holds() {
        var loss = figures.loss();
        // Writes that a lost Region had not replicated come back only with the Region.
        return (loss.missingAfter() == 0 || options.losesRegion()) && loss.missingAtEnd() == 0 && loss.twice() == 0;
    }

    /// The scenario of the drill.
    String event() {
        return options.losesRegion()
                ? "the Region of the SQL writer is lost, and the standby promoted "
                        + options.promoteAfter().toSeconds() + " s later"
                : "the SQL writer is lost with its last commits, and the standby promoted at once";
    }

    /// Prints the figures.
    public void print(PrintStream out) {
        out.println();
        out.println("Failover: " + event());
        print(out, figures.failover());
        out.println();
        out.println("Failback: everything healed, the writer back in its Region");
        print(out, figures.failback());
        out.println();
        loss().forEach((name, value) -> out.printf("  %-66s %8s%n", name, value));
        out.println();
        others().forEach((name, value) -> out.printf("  %-44s %s%n", name, value));
    }

    private static void print(PrintStream out, List<Outage> outages) {
        out.printf(
                "  %-36s %6s %7s %14s %14s %12s%n",
                "", "sent", "failed", "first success", "last failure", "longest gap");
        for (var one : outages) {
            out.printf(
                    "  %-36s %6d %7d %14s %14s %12s%n",
                    one.name(),
                    one.sent(),
                    one.failed(),
                    seconds(one.firstSuccess()),
                    one.failed() == 0 ? "none" : seconds(one.recovered()),
                    seconds(one.longestGap()));
        }
    }

    /// Names and values, in the order of events.
    Map<String, Integer> loss() {
        var loss = figures.loss();
        var rows = new LinkedHashMap<String, Integer>();
        rows.put("orders confirmed (200) before the writer was lost", loss.confirmedBefore());
        rows.put("confirmed orders that the new writer lacked when it was promoted", loss.missing());
        rows.put("in the service's report of missing orders", loss.reported());
        rows.put("of these replayed", loss.replayed());
        rows.put("acknowledged orders missing from the new writer after the replay", loss.missingAfter());
        rows.put("orders acknowledged (200 or 202) in the whole drill", loss.acknowledged());
        rows.put("of these missing from either Region at the end", loss.missingAtEnd());
        rows.put("orders there twice", loss.twice());
        return rows;
    }

    Map<String, String> others() {
        var rows = new LinkedHashMap<String, String>();
        rows.put("from the fault until the standby was promoted", seconds(figures.promotedAt() - figures.faultAt()));
        rows.put("healing, rebuild and switchover included", seconds(figures.healedAt() - figures.failbackAt()));
        for (var one : figures.latencies()) {
            rows.put(
                    "latency of %s in %s, p50 / p99".formatted(one.what(), one.region()),
                    one.requests() == 0
                            ? "no requests"
                            : "%s / %s (%d requests)"
                                    .formatted(
                                            millis(one.millis().median()),
                                            millis(one.millis().p99()),
                                            one.requests()));
        }
        rows.put("replication lag of DynamoDB, median / worst", spread(figures.dynamoLag()));
        rows.put("replication lag of PostgreSQL, median / worst", spread(figures.sqlLag()));
        rows.putAll(Machine.facts());
        rows.put("artifact", artifact);
        rows.put("round trip between the Regions", roundTrip.toMillis() + " ms");
        rows.put("seed", Long.toString(options.seed()));
        return rows;
    }

    private static String spread(DrillFigures.Spread spread) {
        return spread.worst() < 0 ? "unknown" : millis(spread.median()) + " / " + millis(spread.worst());
    }

    static String seconds(double millis) {
        return millis < 0 ? "never" : String.format(Locale.ROOT, "%.2f s", millis / 1000);
    }

    private static String millis(double millis) {
        return String.format(Locale.ROOT, "%.1f ms", millis);
    }

    /// Writes `drill.html` and `drill.json`.
    ///
    /// @return the page
    public Path write() throws IOException {
        Files.createDirectories(options.folder());
        var page = options.folder().resolve("drill.html");
        Files.writeString(page, DrillPage.html(this));
        var json = new LinkedHashMap<String, Object>();
        json.put("at", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        json.put("artifact", artifact);
        json.put("roundTripMillis", roundTrip.toMillis());
        json.put("seed", options.seed());
        json.put("event", event());
        json.put("phaseSeconds", options.phase().toSeconds());
        json.put("ordersPerSecond", options.ordersPerSecond());
        json.put("readsPerSecond", options.readsPerSecond());
        json.put("machine", Machine.facts());
        json.put("holds", holds());
        json.put("figuresMillis", figures);
        Files.writeString(
                options.folder().resolve("drill.json"),
                new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValueAsString(json) + "\n");
        return page;
    }
}
