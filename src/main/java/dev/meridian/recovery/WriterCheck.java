package dev.meridian.recovery;

import dev.meridian.async.RepeatingTask;
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
import java.util.Optional;

/// Compares the entries closed lately with a new SQL writer, and once more a little later
/// ([WriterComparison]). After a new writer epoch it compares those closed since that was set. When a store
/// does not answer, the comparison begins again. The settler then settles what was missing.
@ApplicationScoped
class WriterCheck {
    private static final int RUNS = 2;

    private final WriterComparison comparison;
    private final RecoveryConfig config;
    private final Settler settler;
    private final Sql sql;
    private final RepeatingTask task;
    /// Null when nothing is due.
    private Plan plan;

    private int failures;

    /// The comparisons that are due. Each writer that is found makes a new plan; a comparison that is running
    /// then does not count for it.
    ///
    /// @param since compare entries closed at or after this time
    /// @param runs how many comparisons are left, at least 1
    private record Plan(Instant since, int runs) {
        Plan next() {
            return runs == 1 ? null : new Plan(since, runs - 1);
        }
    }

    WriterCheck(WriterComparison comparison, RecoveryConfig config, Settler settler, Sql sql, Vertx vertx) {
        this.comparison = comparison;
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

    /// Until the epoch arrived here, however long ago it was set, a replaced writer may have confirmed orders.
    void onEpoch(@ObservesAsync WriterNamed named) {
        if (settler.isEnabled()) plan(named.at().minus(config.window()));
    }

    private synchronized void plan(Instant from) {
        plan = new Plan(plan == null || from.isBefore(plan.since) ? from : plan.since, RUNS);
        task.wakeWithin(RepeatingTask.jitter(config.spread()));
    }

    private synchronized Optional<Plan> plan() {
        return Optional.ofNullable(plan);
    }

    private Uni<Duration> step() {
        sql.findWriter();
        return plan().map(due -> comparison
                        .compare(due.since, task::isStopped, settler::wake)
                        .map(findings -> ended(findings, due))
                        .onFailure(ProblemException::isUnavailable)
                        .recoverWithItem(this::postponed))
                .orElseGet(() -> Uni.createFrom().item(config.window()));
    }

    private synchronized Duration ended(WriterComparison.Findings findings, Plan done) {
        failures = 0;
        Log.infof("writer checked since=%s %s", done.since, findings);
        // Otherwise another writer has been found, and its plan is next.
        if (plan == done) plan = done.next();
        return plan == null ? config.window() : config.againAfter();
    }

    private synchronized Duration postponed() {
        return RepeatingTask.jitter(
                RepeatingTask.backoff(config.backoffMax().dividedBy(10), config.backoffMax(), failures++));
    }
}
