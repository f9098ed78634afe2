package dev.meridian.region;

import dev.meridian.async.RequestCoalescer;
import dev.meridian.region.Health.Check;
import dev.meridian.region.Health.State;
import dev.meridian.shared.Ids;
import dev.meridian.shared.ProblemException;
import dev.meridian.shared.RegionConfig;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.logging.Log;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/// Deep health of this Region: reads every store with a timeout, one probe at a time in a process.
@ApplicationScoped
public class RegionService {
    private static final String STORES = "stores";
    private static final String READ = "Successful response reading from DynamoDB table.";
    private static final String NO_DYNAMO = "Could not read from DynamoDB table.";
    private static final String NO_READER = "Could not read from PostgreSQL.";
    private static final String DRAINED = "The Region is drained.";
    private static final String NO_WRITER = "Could not reach the PostgreSQL writer.";

    private final RegionRepository stores;
    private final RegionStatuses sights;
    private final HealthConfig config;
    private final HeartbeatConfig heartbeat;
    private final String region;
    /// Of this process.
    private final String task = Ids.ulid().substring(16);
    private final Hysteresis hysteresis;
    private final AtomicInteger up;
    private final RequestCoalescer<String, Health> probes;

    private String lastFault = NO_DYNAMO;

    RegionService(
            RegionRepository stores,
            RegionStatuses sights,
            HealthConfig config,
            HeartbeatConfig heartbeat,
            RegionConfig region,
            MeterRegistry meters) {
        this.stores = stores;
        this.sights = sights;
        this.config = config;
        this.heartbeat = heartbeat;
        this.region = region.name();
        this.hysteresis = new Hysteresis(config.downAfter(), config.upAfter());
        this.up = meters.gauge("meridian.health.up", new AtomicInteger());
        this.probes = RequestCoalescer.keeping(_ -> probe(), config.cacheFor());
        Gauge.builder(
                        "meridian.heartbeat.tasks",
                        this,
                        own -> own.live().tasks().size())
                .description("Tasks of this Region that settle orders, as far as this one knows, itself included")
                .register(meters);
    }

    /// Which tasks of this Region and which other Regions live. Never fails: while the table `regions` cannot be
    /// read, all become silent. At most one heartbeat's interval old.
    public Uni<LiveTasks> liveTasks() {
        return stores.look(heartbeat.interval()).onFailure().recoverWithNull().map(_ -> live());
    }

    private LiveTasks live() {
        var now = Instant.now();
        return stores.last().live(region, task, now, now.minus(heartbeat.silentAfter()));
    }

    /// The name of this process.
    String task() {
        return task;
    }

    /// The health of this Region; never fails. The answer is at most `meridian.health.cache-for` old.
    /// Requests during a probe share its answer, so they cannot queue up behind a store that hangs.
    public Uni<Health> health() {
        return probes.join(STORES);
    }

    /// All known Regions, this one first; never fails. At most `meridian.heartbeat.cache-for` old, or as old as the
    /// last successful read of the table.
    public Uni<List<RegionStatus>> sights() {
        return health().chain(sights::all);
    }

    /// The drain states of all Regions, by name of the Region; strongly consistent within this Region.
    Uni<List<DrainState>> switches() {
        return stores.rows().map(RegionsTable::switches);
    }

    /// Drains a Region or makes it active again. The Region reads the new state with its next probe after the
    /// table has replicated; probes run once a second while clients poll `/health`.
    ///
    /// @param isForced whether the Region need not be known
    /// @throws ProblemException 404 for a Region without a heartbeat or a drain state: nobody would obey it
    Uni<DrainState> set(String name, DrainState.State state, boolean isForced) {
        var wanted = new DrainState(name, state, Instant.now().truncatedTo(ChronoUnit.MILLIS));
        return (isForced || name.equals(region) ? Uni.createFrom().voidItem() : known(name))
                .chain(() -> stores.set(wanted))
                .invoke(() -> Log.infof("Region switched region=%s state=%s", name, state))
                .replaceWith(wanted);
    }

    /// Read before the write: a Region that is known stays known.
    private Uni<Void> known(String name) {
        return stores.isKnown(name)
                .invoke(isKnown -> {
                    if (isKnown) return;
                    throw new ProblemException(
                            RegionProblem.UNKNOWN_REGION,
                            "No Region " + name + " is known here; with force=true the state is set nevertheless.");
                })
                .replaceWithVoid();
    }

    private Uni<Health> probe() {
        return Uni.combine()
                .all()
                .unis(dynamo(), check(stores.probeReader()), writer())
                .with(this::judge)
                // Each check has its own timeout. This one keeps any other hang from blocking the next probe.
                .ifNoItem()
                .after(config.timeout().multipliedBy(2))
                .fail();
    }

    /// With a fallback the Region can serve, so it is healthy; the detail names the fallback.
    private Uni<Check> dynamo() {
        return check(stores.probeDynamo())
                .map(check -> check.good()
                        ? stores.fallback()
                                .map(other -> new Check(check.state(), check.latencyMs(), "fallback " + other))
                                .orElse(check)
                        : check);
    }

    /// The detail of a writer that works is the writer epoch, where one was set.
    private Uni<Check> writer() {
        return check(stores.probeWriter())
                .map(check -> check.good()
                        ? stores.epoch()
                                .map(epoch -> new Check(check.state(), check.latencyMs(), epoch))
                                .orElse(check)
                        : check);
    }

    private Uni<Check> check(Uni<List<String>> probe) {
        return Uni.createFrom().deferred(() -> {
            long start = System.nanoTime();
            return probe.ifNoItem()
                    .after(config.timeout())
                    .recoverWithItem(
                            () -> List.of("no answer within " + config.timeout().toMillis() + " ms"))
                    .onFailure()
                    .recoverWithItem(failure -> List.of(describe(failure)))
                    .map(faults -> new Check(
                            faults.isEmpty() ? State.UP : State.DOWN,
                            Duration.ofNanos(System.nanoTime() - start).toMillis(),
                            faults.isEmpty() ? null : String.join(", ", faults)));
        });
    }

    private static String describe(Throwable failure) {
        if (failure instanceof ProblemException problem) return problem.getMessage();
        Log.errorf(failure, "a health probe failed in an unexpected way");
        return "failed in an unexpected way, see the log";
    }

    private synchronized Health judge(Check dynamo, Check reader, Check writer) {
        var fault = !dynamo.good()
                ? NO_DYNAMO
                : !reader.good() ? NO_READER : !writer.good() && config.writerRequired() ? NO_WRITER : null;
        if (fault != null) lastFault = fault;
        var checks = new LinkedHashMap<String, Check>();
        checks.put("dynamodb", dynamo);
        checks.put("sql-reader", reader);
        checks.put("sql-writer", writer);
        boolean isUp = hysteresis.after(fault == null);
        report(isUp, checks);
        if (stores.isDrained()) return new Health(region, DRAINED, State.DRAINED, checks);
        return new Health(region, isUp ? READ : lastFault, isUp ? State.UP : State.DOWN, checks);
    }

    private void report(boolean isUp, Map<String, Check> checks) {
        int now = isUp ? 1 : 0;
        if (up.getAndSet(now) == now) return;
        if (isUp) {
            Log.infof("the Region is up region=%s", region);
        } else {
            Log.warnf("the Region is down region=%s checks=%s", region, checks);
        }
    }
}
