package dev.meridian.recovery;

import dev.meridian.async.RepeatingTask;
import dev.meridian.journal.JournalService;
import dev.meridian.recovery.WriterComparison.Findings;
import dev.meridian.region.LiveTasks;
import dev.meridian.region.RegionService;
import dev.meridian.shared.ProblemException;
import dev.meridian.sql.Sql;
import dev.meridian.sql.WriterNamed;
import dev.meridian.sqlpool.WriterChanged;
import io.quarkus.logging.Log;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.ObservesAsync;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// Compares closed entries with the SQL writer ([WriterComparison]), in each Region each partition by one task
/// ([LiveTasks]):
///
/// - when a writer is found, and after a new writer epoch: twice, the entries closed since a while before it;
/// - always: every few minutes the entries closed lately. This repairs what Regions that did not hear of each
///   other have closed.
///
/// Before the entries come other changes ([LostChanges]): by each task for a new writer, so that its orders find
/// their products, else by one task.
///
/// When a store does not answer, the comparison begins again. The settler then settles what was missing.
@ApplicationScoped
class WriterCheck {
    private final JournalService journal;
    private final LostChanges changes;
    private final WriterComparison comparison;
    private final RegionService regions;
    private final RecoveryConfig config;
    private final Settler settler;
    private final Sql sql;
    private final RepeatingTask task;
    /// Null when none is due.
    private CheckPlan plan;

    /// Until when this process has compared what it must.
    private Instant audited = Instant.now();

    private int failures;

    /// @param plan null for one of those that are always made
    private record Due(CheckPlan plan, Instant since, Instant begun, List<Integer> partitions) {}

    WriterCheck(
            JournalService journal,
            LostChanges changes,
            WriterComparison comparison,
            RegionService regions,
            RecoveryConfig config,
            Settler settler,
            Sql sql,
            Vertx vertx) {
        this.journal = journal;
        this.changes = changes;
        this.comparison = comparison;
        this.regions = regions;
        this.config = config;
        this.settler = settler;
        this.sql = sql;
        this.task = new RepeatingTask(vertx, "writer check", this::step);
    }

    /// Looks for the writer at once, so that a process without traffic learns of a new writer too.
    void onStart(@Observes @Priority(RepeatingTask.START) StartupEvent start) {
        if (settler.isEnabled()) task.wakeWithin(Duration.ZERO);
    }

    void onStop(@Observes ShutdownEvent stop) {
        task.stop(settler.stopWithin());
    }

    void onWriter(@ObservesAsync WriterChanged change) {
        if (!settler.isEnabled() || change.isFirst() && !config.atStart()) return;
        plan(change.at().minus(change.outage()).minus(config.window()));
    }

    /// Until the epoch arrived here, however long ago it was set, a replaced writer may have confirmed orders. A
    /// process that starts does not know whether any ran here when it arrived.
    void onEpoch(@ObservesAsync WriterNamed named) {
        boolean isOld = named.at().isBefore(Instant.now().minus(config.epochAge()));
        if (settler.isEnabled() && !(named.isFirst() && isOld)) plan(named.at().minus(config.window()));
    }

    private synchronized void plan(Instant from) {
        plan = new CheckPlan(plan == null || from.isBefore(plan.since()) ? from : plan.since(), Instant.now());
        task.wakeWithin(RepeatingTask.jitter(config.spread()));
    }

    private Uni<Duration> step() {
        sql.findWriter();
        return regions.liveTasks()
                .chain(tasks -> due(mine(tasks), Instant.now())
                        .map(due -> compare(due, due.plan != null || tasks.isMine("changes")))
                        .orElseGet(() -> Uni.createFrom().item(pause())));
    }

    private List<Integer> mine(LiveTasks tasks) {
        return IntStream.range(0, journal.shards())
                .filter(partition -> tasks.isMine("closed-" + partition))
                .boxed()
                .toList();
    }

    private synchronized Optional<Due> due(List<Integer> mine, Instant now) {
        if (plan != null && plan.isOver(now)) plan = null;
        if (plan != null) {
            var partitions = plan.due(mine, now);
            if (!partitions.isEmpty()) return Optional.of(new Due(plan, plan.since(), now, partitions));
        }
        if (audited.plus(config.auditEvery()).isAfter(now)) return Optional.empty();
        // After an outage it covers that too.
        return Optional.of(new Due(null, audited.minus(config.auditWindow()).plus(config.auditEvery()), now, mine));
    }

    private Uni<Duration> compare(Due due, boolean withChanges) {
        var before = withChanges
                ? changes.replay(due.since, task::isStopped)
                : Uni.createFrom().voidItem();
        return before.chain(() ->
                        comparison.compare(due.partitions, due.since, due.plan != null, task::isStopped, settler::wake))
                .map(findings -> ended(due, findings))
                .onFailure(ProblemException::isUnavailable)
                .recoverWithItem(this::postponed);
    }

    private synchronized Duration ended(Due due, Findings findings) {
        failures = 0;
        if (due.plan != null) {
            due.plan.done(due.partitions, Instant.now().plus(config.againAfter()));
            Log.infof("writer checked since=%s partitions=%s %s", due.since, due.partitions, findings);
        } else {
            audited = due.begun;
            if (findings.isAny()) Log.warnf("closed orders were wrong since=%s %s", due.since, findings);
        }
        return pause();
    }

    /// While there is a plan, a task may die whose partitions become this one's.
    private synchronized Duration pause() {
        var audit = Duration.between(Instant.now(), audited.plus(config.auditEvery()));
        if (audit.isNegative()) audit = Duration.ZERO;
        return plan != null && config.againAfter().compareTo(audit) < 0 ? config.againAfter() : audit;
    }

    private synchronized Duration postponed() {
        return RepeatingTask.jitter(
                RepeatingTask.backoff(config.backoffMax().dividedBy(10), config.backoffMax(), failures++));
    }
}
