package dev.meridian.recovery;

import dev.meridian.async.RepeatingTask;
import dev.meridian.order.OrderRecoveryService;
import dev.meridian.order.Recheck;
import dev.meridian.shared.ProblemException;
import dev.meridian.sql.Sql;
import dev.meridian.sqlpool.WriterChanged;
import io.micrometer.core.instrument.MeterRegistry;
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
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/// Compares what was closed lately with a writer that was just found, and once more a little later. A check that a
/// store keeps from ending begins again. What is missing becomes open, and the settler carries it out.
@ApplicationScoped
class WriterCheck {
    private static final int RUNS = 2;

    private final OrderRecoveryService orders;
    private final RecoveryConfig config;
    private final Settler settler;
    private final Sql sql;
    private final MeterRegistry meters;
    private final RepeatingTask task;
    /// Null when nothing is due.
    private Plan plan;

    private int failures;

    /// What is due; each writer that is found makes a new one, which a check under way then does not count for.
    ///
    /// @param since how far back checks go
    /// @param runs how many are left, at least 1
    private record Plan(Instant since, int runs) {
        Plan next() {
            return runs == 1 ? null : new Plan(since, runs - 1);
        }
    }

    WriterCheck(
            OrderRecoveryService orders,
            RecoveryConfig config,
            Settler settler,
            Sql sql,
            MeterRegistry meters,
            Vertx vertx) {
        this.orders = orders;
        this.config = config;
        this.settler = settler;
        this.sql = sql;
        this.meters = meters;
        this.task = new RepeatingTask(vertx, "writer check", this::step);
        meters.counter("meridian.recovery.missing");
    }

    /// A process that has had nothing to write hears of the first change too.
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

    private synchronized void plan(Instant from) {
        plan = new Plan(plan == null || from.isBefore(plan.since) ? from : plan.since, RUNS);
        task.wakeWithin(RepeatingTask.jitter(config.spread()));
    }

    private synchronized Optional<Plan> plan() {
        return Optional.ofNullable(plan);
    }

    private Uni<Duration> step() {
        sql.findWriter();
        return plan().map(due -> check(due.since)
                        .map(found -> ended(found, due))
                        .onFailure(ProblemException::isUnavailable)
                        .recoverWithItem(this::postponed))
                .orElseGet(() -> Uni.createFrom().item(config.window()));
    }

    private synchronized Duration ended(Found found, Plan done) {
        failures = 0;
        Log.infof("writer checked since=%s entries=%d findings=%s", done.since, found.entries, found.findings);
        // Another writer was found meanwhile: that one is checked next.
        if (plan == done) plan = done.next();
        return plan == null ? config.window() : config.againAfter();
    }

    private synchronized Duration postponed() {
        return RepeatingTask.jitter(
                RepeatingTask.backoff(config.backoffMax().dividedBy(10), config.backoffMax(), failures++));
    }

    private static final class Found {
        private final Map<Recheck, Integer> findings = new EnumMap<>(Recheck.class);
        private int entries;

        private synchronized void add(int compared, List<Recheck> found) {
            entries += compared;
            found.forEach(one -> findings.merge(one, 1, Integer::sum));
        }
    }

    private Uni<Found> check(Instant from) {
        var found = new Found();
        var shards = new ArrayList<>(IntStream.range(0, orders.shards()).boxed().toList());
        Collections.shuffle(shards);
        return Settler.inTurn(shards, shard -> check(shard, from, Optional.empty(), found))
                .replaceWith(found);
    }

    private Uni<Void> check(int shard, Instant from, Optional<String> after, Found found) {
        if (task.isStopped()) return Uni.createFrom().voidItem();
        return orders.closed(shard, from, after, config.batch())
                .chain(page -> orders.recheck(page.items())
                        .invoke(results -> count(page.items().size(), results, found))
                        .chain(() -> page.next().isEmpty()
                                ? Uni.createFrom().voidItem()
                                : check(shard, from, page.next(), found)));
    }

    private void count(int compared, List<Recheck> results, Found found) {
        found.add(compared, results);
        for (var result : results) {
            if (result == Recheck.SAME) continue;
            meters.counter("meridian.recovery."
                            + result.name().toLowerCase(Locale.ROOT).replace('_', '.'))
                    .increment();
            if (result == Recheck.MISSING) settler.wake();
        }
    }
}
