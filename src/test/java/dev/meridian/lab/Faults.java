package dev.meridian.lab;

import dev.meridian.shared.TcpProxy;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Makes faults happen and undoes them, one at a time.
final class Faults {
    private static final Duration SLOW_DYNAMO = Duration.ofMillis(60);
    private static final Duration SLOW_SQL = Duration.ofMillis(80);
    private static final Duration TAIL = Duration.ofSeconds(6);
    private static final Duration CALL = Duration.ofSeconds(5);

    private final List<Site> sites;
    private final Databases databases;
    private final Replicator replicator;
    private final Events events;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build();
    private final List<String> active = new ArrayList<>();
    private final Set<Integer> drained = new HashSet<>();
    private final String[] sqlState = {"ok", "ok"};
    private volatile Set<String> lostTail = Set.of();

    Faults(List<Site> sites, Databases databases, Replicator replicator, Events events) {
        this.sites = sites;
        this.databases = databases;
        this.replicator = replicator;
        this.events = events;
    }

    Set<String> lostTail() {
        return lostTail;
    }

    List<String> active() {
        synchronized (active) {
            return List.copyOf(active);
        }
    }

    String sqlState(int region) {
        return databases.isRunning(region) ? sqlState[region] : "dead";
    }

    synchronized void inject(Fault fault, int region) throws IOException, InterruptedException, SQLException {
        if (fault == Fault.HEAL) {
            heal();
            return;
        }
        var site = sites.get(region);
        events.add(fault.title() + " (" + site.region() + ")");
        boolean lasts = act(fault, region, site);
        if (lasts) {
            synchronized (active) {
                active.remove(fault + " " + site.region());
                active.add(fault + " " + site.region());
            }
        }
    }

    /// @return whether there is something to undo
    private boolean act(Fault fault, int region, Site site) throws IOException, InterruptedException, SQLException {
        switch (fault) {
            case KILL_SERVICE -> site.kill();
            case TERMINATE_SERVICE -> site.terminate();
            case KILL_WRITER -> databases.kill(databases.primary());
            case KILL_READER -> databases.kill(1 - databases.primary());
            case PROMOTE -> {
                return databases.promote();
            }
            case SPLIT_BRAIN -> {
                return databases.promoteUnfenced();
            }
            case HANG_SQL -> impair(region, "hanging");
            case SLOW_SQL -> impair(region, "slow");
            case CUT_SQL -> impair(region, "cut");
            case HANG_DYNAMO -> site.hangDynamo();
            case SLOW_DYNAMO -> site.slowDynamo(SLOW_DYNAMO);
            case CUT_DYNAMO -> site.cutDynamo();
            case FREEZE_REPLICATION -> replicator.freeze(site.region());
            case PARTITION_REGIONS -> partition();
            case SWITCHOVER -> {
                return databases.switchOver();
            }
            case FAILOVER_LOSING_TAIL -> {
                lostTail = databases.loseTail(TAIL);
                events.add("the new writer lacks " + lostTail.size() + " confirmed orders");
            }
            case LOSE_REGION -> lose(region, site);
            case DRAIN -> drain(region, true);
            case UNDRAIN -> {
                drain(region, false);
                synchronized (active) {
                    active.remove(Fault.DRAIN + " " + site.region());
                }
                return false;
            }
            case HEAL -> throw new IllegalStateException("healing is no fault");
        }
        return true;
    }

    private void impair(int region, String how) {
        sqlState[region] = how;
        databases.impair(
                region,
                switch (how) {
                    case "hanging" -> TcpProxy::hang;
                    case "slow" -> proxy -> proxy.slow(SLOW_SQL);
                    default -> TcpProxy::cut;
                });
    }

    private void partition() {
        databases.partition();
        sites.forEach(site -> replicator.freeze(site.region()));
    }

    private void lose(int region, Site site) throws InterruptedException {
        site.cutService();
        site.cutDynamo();
        impair(region, "cut");
        sites.forEach(any -> replicator.freeze(any.region()));
        site.kill();
        databases.kill(region);
    }

    private void drain(int region, boolean drain) throws InterruptedException {
        var body = "{\"state\":\"" + (drain ? "DRAINED" : "ACTIVE") + "\"}";
        // Through any Region, the other one first: that is how a Region in trouble is drained.
        for (int through : List.of(1 - region, region)) {
            var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:"
                            + sites.get(through).port() + "/admin/regions/"
                            + sites.get(region).region()))
                    .timeout(CALL)
                    .header("Content-Type", "application/json")
                    .PUT(HttpRequest.BodyPublishers.ofString(body))
                    .build();
            try {
                if (http.send(request, BodyHandlers.discarding()).statusCode() == 200) {
                    if (drain) drained.add(region);
                    else drained.remove(region);
                    return;
                }
            } catch (IOException _) {
                // The other one may do it.
            }
        }
        events.add("no Region takes the switch");
    }

    /// Undoes everything: a healthy pair, the SQL writer in the first Region.
    synchronized void heal() throws IOException, InterruptedException, SQLException {
        events.add("healing");
        sites.forEach(site -> {
            site.repairLinks();
            replicator.thaw(site.region());
        });
        sqlState[0] = sqlState[1] = "ok";
        var starts = sites.stream()
                .filter(site -> !site.isServing())
                .map(this::starting)
                .toList();
        databases.heal();
        for (var start : starts) start.join();
        for (int region : List.copyOf(drained)) drain(region, false);
        synchronized (active) {
            active.clear();
        }
        events.add("healed");
    }

    private Thread starting(Site site) {
        return Thread.ofVirtual().start(() -> {
            try {
                site.start();
                events.add("service of " + site.region() + " is up");
            } catch (IOException | InterruptedException | RuntimeException e) {
                events.add("service of " + site.region() + " does not start: " + e.getMessage());
            }
        });
    }
}
