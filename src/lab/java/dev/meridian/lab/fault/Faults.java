package dev.meridian.lab.fault;

import dev.meridian.lab.cluster.Databases;
import dev.meridian.lab.cluster.Events;
import dev.meridian.lab.cluster.LabProcesses;
import dev.meridian.lab.cluster.LabRegion;
import dev.meridian.lab.replication.Replicator;
import dev.meridian.testing.TcpProxy;
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

/// Injects faults and undoes them, one at a time.
public final class Faults {
    private static final Duration SLOW_DYNAMO = Duration.ofMillis(60);
    private static final Duration SLOW_SQL = Duration.ofMillis(80);
    private static final Duration SCATTER = Duration.ofSeconds(30);
    private static final Duration CLOCK = Duration.ofSeconds(5);
    private static final Duration TAIL = Duration.ofSeconds(6);
    private static final Duration CALL = Duration.ofSeconds(5);

    private final List<LabRegion> regions;
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

    /// @param regions both, the first one first
    public Faults(List<LabRegion> regions, Databases databases, Replicator replicator, Events events) {
        this.regions = regions;
        this.databases = databases;
        this.replicator = replicator;
        this.events = events;
    }

    /// Confirmed orders that the new writer lacked in the last [Fault#FAILOVER_LOSING_TAIL].
    public Set<String> lostTail() {
        return lostTail;
    }

    /// The faults that can be undone, as `FAULT region`, oldest first.
    public List<String> active() {
        synchronized (active) {
            return List.copyOf(active);
        }
    }

    /// State of PostgreSQL in a Region: `ok`, `slow`, `hanging`, `cut`, `losing answers` or `dead`.
    public String sqlState(int index) {
        return databases.isRunning(index) ? sqlState[index] : "dead";
    }

    /// Injects a fault; returns when it is done.
    ///
    /// @param index of the Region
    public synchronized void inject(Fault fault, int index) throws IOException, InterruptedException, SQLException {
        if (fault == Fault.HEAL) {
            heal();
            return;
        }
        var region = regions.get(index);
        events.add(fault.title() + " (" + region.name() + ")");
        boolean lasts = act(fault, index, region);
        if (lasts) {
            synchronized (active) {
                active.remove(fault + " " + region.name());
                active.add(fault + " " + region.name());
            }
        }
    }

    /// @return whether there is something to undo
    private boolean act(Fault fault, int index, LabRegion region)
            throws IOException, InterruptedException, SQLException {
        switch (fault) {
            case KILL_SERVICE -> region.kill();
            case TERMINATE_SERVICE -> region.terminate();
            case KILL_WRITER -> databases.kill(databases.primary());
            case KILL_READER -> databases.kill(1 - databases.primary());
            case PROMOTE -> {
                return databases.promote();
            }
            case SPLIT_BRAIN -> {
                return databases.promoteUnfenced();
            }
            case HANG_SQL -> impair(index, "hanging");
            case SLOW_SQL -> impair(index, "slow");
            case CUT_SQL -> impair(index, "cut");
            case LOSE_SQL_ANSWERS -> impair(index, "losing answers");
            case HANG_DYNAMO -> region.hangDynamo();
            case SLOW_DYNAMO -> region.slowDynamo(SLOW_DYNAMO);
            case CUT_DYNAMO -> region.cutDynamo();
            case THROTTLE_DYNAMO -> region.throttleDynamo();
            case CONFLICT_DYNAMO -> region.conflictDynamo();
            case LOSE_DYNAMO_ANSWERS -> region.loseDynamoAnswers();
            case SCATTER_REPLICATION -> replicator.scatter(region.name(), SCATTER);
            case CLOCK_FAST -> {
                return changeClock(region, CLOCK);
            }
            case CLOCK_SLOW -> {
                return changeClock(region, CLOCK.negated());
            }
            case HOT_PRODUCT -> {
                // The clients do it.
            }
            case FREEZE_REPLICATION -> replicator.freeze(region.name());
            case PARTITION_REGIONS -> partition();
            case SWITCHOVER -> {
                return databases.switchOver();
            }
            case FAILOVER_LOSING_TAIL -> {
                lostTail = databases.loseTail(TAIL);
                events.add("the new writer lacks " + lostTail.size() + " confirmed orders");
            }
            case LOSE_REGION -> lose(index, region);
            case DRAIN -> drain(index, true);
            case UNDRAIN -> {
                drain(index, false);
                synchronized (active) {
                    active.remove(Fault.DRAIN + " " + region.name());
                }
                return false;
            }
            case HEAL -> throw new IllegalStateException("healing is no fault");
        }
        return true;
    }

    private void impair(int index, String how) {
        sqlState[index] = how;
        databases.impair(
                index,
                switch (how) {
                    case "hanging" -> TcpProxy::hang;
                    case "slow" -> proxy -> proxy.slow(SLOW_SQL);
                    case "losing answers" -> TcpProxy::loseAnswers;
                    default -> TcpProxy::cut;
                });
    }

    private boolean changeClock(LabRegion region, Duration ahead) throws IOException, InterruptedException {
        if (region.runWithClock(ahead)) return true;
        events.add("the clock stays right: libfaketime is not installed");
        return false;
    }

    private void partition() {
        databases.partition();
        regions.forEach(LabRegion::cutFallback);
        regions.forEach(region -> replicator.freeze(region.name()));
    }

    private void lose(int index, LabRegion region) throws InterruptedException {
        region.cutService();
        region.cutDynamo();
        regions.get(1 - index).cutFallback();
        impair(index, "cut");
        regions.forEach(any -> replicator.freeze(any.name()));
        region.kill();
        databases.kill(index);
    }

    private void drain(int index, boolean drain) throws InterruptedException {
        var body = "{\"state\":\"" + (drain ? "DRAINED" : "ACTIVE") + "\"}";
        // Through either Region, the other one first, as an operator drains a failing Region.
        for (int through : List.of(1 - index, index)) {
            var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:"
                            + regions.get(through).adminPort() + "/admin/regions/"
                            + regions.get(index).name() + "?force=true"))
                    .timeout(CALL)
                    .header("Authorization", "Bearer " + LabProcesses.ADMIN_TOKEN)
                    .header("Content-Type", "application/json")
                    .PUT(HttpRequest.BodyPublishers.ofString(body))
                    .build();
            try {
                if (http.send(request, BodyHandlers.discarding()).statusCode() == 200) {
                    if (drain) drained.add(index);
                    else drained.remove(index);
                    return;
                }
            } catch (IOException _) {
                // The next Region may do it.
            }
        }
        events.add("no Region takes the switch");
    }

    /// Undoes all faults and restores a healthy pair with the SQL writer in the first Region.
    synchronized void heal() throws IOException, InterruptedException, SQLException {
        events.add("healing");
        regions.forEach(region -> {
            region.repairLinks();
            region.repairClock();
            replicator.thaw(region.name());
        });
        sqlState[0] = sqlState[1] = "ok";
        var starts = regions.stream()
                .filter(region -> !region.isServing())
                .map(this::starting)
                .toList();
        databases.heal();
        for (var start : starts) start.join();
        for (int index : List.copyOf(drained)) drain(index, false);
        synchronized (active) {
            active.clear();
        }
        events.add("healed");
    }

    private Thread starting(LabRegion region) {
        return Thread.ofVirtual().start(() -> {
            try {
                region.start();
                events.add("service of " + region.name() + " is up");
            } catch (IOException | InterruptedException | RuntimeException e) {
                events.add("service of " + region.name() + " does not start: " + e.getMessage());
            }
        });
    }
}
