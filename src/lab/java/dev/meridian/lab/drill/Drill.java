package dev.meridian.lab.drill;

import dev.meridian.lab.Lab;
import dev.meridian.lab.LabState;
import dev.meridian.lab.fault.Fault;
import java.io.IOException;
import java.io.PrintStream;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;

/// A scripted failover under steady load, with measurements. First everything is healthy; then the SQL writer
/// is lost with its last commits, or with its whole Region, and the standby of the other Region is promoted;
/// the orders that it lacks are replayed; at last all faults are healed and the writer moves back.
public final class Drill {
    private static final String WRITER_KILLED = "SQL writer killed";
    private static final String STANDBY_PROMOTED = "SQL standby promoted";
    private static final Duration REPLAYED_WITHIN = Duration.ofSeconds(40);
    private static final Duration EQUAL_WITHIN = Duration.ofSeconds(90);

    private final Lab lab;
    private final DrillOptions options;
    private final PrintStream out;
    private final DrillStores stores;

    /// @param out where progress is printed
    public Drill(Lab lab, DrillOptions options, PrintStream out) {
        this.lab = lab;
        this.options = options;
        this.out = out;
        this.stores = new DrillStores(lab, options.seed());
    }

    /// Runs the drill and writes the report.
    public DrillReport run() throws IOException, InterruptedException, SQLException {
        stores.makeProduct();
        try (var clients = new DrillClients(lab.router(), options);
                var samples = new DrillSamples(lab, clients::now)) {
            clients.start();
            say(clients, "warming up for " + options.warmUp().toSeconds() + " s");
            Thread.sleep(options.warmUp());
            long wellFrom = clients.now();
            say(
                    clients,
                    "all is well for " + options.phase().toSeconds()
                            + " s: %.0f orders and %.0f reads a second"
                                    .formatted(options.ordersPerSecond(), options.readsPerSecond()));
            Thread.sleep(options.phase());
            var figures = failover(clients, samples, wellFrom);
            return new DrillReport(
                    lab.artifact(), lab.roundTrip(), options, figures, clients.history(), samples, wellFrom);
        }
    }

    private DrillFigures failover(DrillClients clients, DrillSamples samples, long wellFrom)
            throws IOException, InterruptedException, SQLException {
        long wellTo = clients.now();
        var strike = options.losesRegion() ? loseRegion(clients) : loseTail(clients);
        var writer = lab.state().sqlWriter();
        var confirmed = DrillFigures.confirmedBefore(clients.history(), strike.faultAt);
        say(clients, "the new writer is in " + writer + " and lacks " + strike.missing.size() + " confirmed orders");
        Thread.sleep(options.phase());
        until(clients, REPLAYED_WITHIN, "all lost orders replayed", () -> isReplayed(writer, strike.missing));
        var reported = stores.reported(writer);
        // The last confirmations of the old writer are known only to their clients.
        var missing = new HashSet<>(strike.missing);
        missing.addAll(reported.keySet());
        var acknowledged = DrillFigures.acknowledged(clients.history());
        until(clients, REPLAYED_WITHIN, "all acknowledged orders in SQL", () -> isThere(writer, acknowledged));
        int missingAfter = absent(acknowledged, writer).size();
        say(clients, "replayed: " + reported.size() + " reported, " + missingAfter + " missing now");

        long failbackAt = clients.now();
        say(
                clients,
                "failback: healing, and the writer returns to " + lab.regions().getFirst());
        lab.heal();
        long healedAt = clients.now();
        Thread.sleep(options.phase());
        clients.stop();
        long endedAt = clients.now();
        var all = DrillFigures.acknowledged(clients.history());
        until(
                clients,
                EQUAL_WITHIN,
                "all orders in both Regions",
                () -> lab.regions().stream().allMatch(region -> isThere(region, all)));
        var history = clients.history();
        var loss = new DrillFigures.Loss(
                all.size(),
                confirmed.size(),
                missing.size(),
                reported.size(),
                (int) reported.values().stream().filter("replayed"::equals).count(),
                missingAfter,
                missingInAny(all),
                twice());
        say(clients, "done");
        return new DrillFigures(
                strike.faultAt,
                strike.promotedAt,
                failbackAt,
                healedAt,
                endedAt,
                DrillFigures.outages(history, strike.faultAt, failbackAt),
                DrillFigures.outages(history, failbackAt, endedAt),
                DrillFigures.latencies(history, lab.regions(), wellFrom, wellTo),
                DrillFigures.Spread.of(samples.between(wellFrom, wellTo, LabState::dynamoLagMillis)),
                DrillFigures.Spread.of(samples.between(wellFrom, wellTo, LabState::sqlLagMillis)),
                loss);
    }

    /// @param missing confirmed orders that the new writer lacked when it was promoted
    private record Strike(long faultAt, long promotedAt, Set<String> missing) {}

    private Strike loseTail(DrillClients clients) {
        say(clients, "failover: replication stops, the writer is killed, the standby is promoted");
        long askedAt = clients.now();
        long began = System.currentTimeMillis() - askedAt;
        lab.inject(Fault.FAILOVER_LOSING_TAIL, lab.regions().getFirst());
        long promotedAt = event(STANDBY_PROMOTED, began, clients.now());
        return new Strike(event(WRITER_KILLED, began, askedAt), promotedAt, lab.lostTail());
    }

    private Strike loseRegion(DrillClients clients) throws InterruptedException, SQLException {
        var region = lab.state().sqlWriter();
        long faultAt = clients.now();
        say(clients, "failover: " + region + " is lost, the SQL writer with it");
        lab.inject(Fault.LOSE_REGION, region);
        Thread.sleep(options.promoteAfter());
        say(clients, "the operator promotes the standby");
        lab.inject(Fault.PROMOTE, region);
        long promotedAt = clients.now();
        var confirmed = DrillFigures.confirmedBefore(clients.history(), faultAt);
        return new Strike(faultAt, promotedAt, absent(confirmed, lab.state().sqlWriter()));
    }

    /// The time of the newest event with this text, on the clients' clock; the other time when there is none.
    private long event(String what, long began, long otherwise) {
        return lab.state().lastEvents().stream()
                .filter(event -> event.what().startsWith(what))
                .mapToLong(event -> event.atMillis() - began)
                .max()
                .orElse(otherwise);
    }

    private Set<String> absent(Set<String> ids, String region) throws SQLException {
        var absent = new HashSet<>(ids);
        absent.removeAll(stores.rows(region).keySet());
        return absent;
    }

    private boolean isThere(String region, Set<String> ids) {
        try {
            return stores.rows(region).keySet().containsAll(ids);
        } catch (SQLException _) {
            return false;
        }
    }

    private boolean isReplayed(String writer, Set<String> missing) {
        try {
            return isThere(writer, missing) && !stores.reported(writer).containsValue("open");
        } catch (IOException _) {
            return false;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    private int missingInAny(Set<String> ids) throws SQLException {
        var missing = new HashSet<String>();
        for (var region : lab.regions()) missing.addAll(absent(ids, region));
        return missing.size();
    }

    private int twice() throws SQLException {
        return (int) stores.rows(lab.regions().getFirst()).entrySet().stream()
                .filter((Map.Entry<String, Integer> row) -> row.getValue() > 1)
                .count();
    }

    /// Waits up to a limit. After that the figures show what is not true yet.
    private void until(DrillClients clients, Duration within, String what, BooleanSupplier condition)
            throws InterruptedException {
        long deadline = System.nanoTime() + within.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                say(clients, "not within " + within.toSeconds() + " s: " + what);
                return;
            }
            Thread.sleep(Duration.ofMillis(200));
        }
    }

    private void say(DrillClients clients, String what) {
        out.printf("%7.1f s  %s%n", clients.now() / 1000.0, what);
    }
}
