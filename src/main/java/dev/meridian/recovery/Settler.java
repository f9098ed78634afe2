package dev.meridian.recovery;

import dev.meridian.async.RepeatingTask;
import dev.meridian.journal.JournalEntry;
import dev.meridian.journal.JournalService;
import dev.meridian.journal.OpenEntry;
import dev.meridian.order.OrderRecoveryService;
import dev.meridian.order.SettlementOutcome;
import dev.meridian.region.RegionService;
import dev.meridian.shared.NewerFormat;
import dev.meridian.shared.Page;
import dev.meridian.shared.ProblemException;
import dev.meridian.sqlpool.WriterChanged;
import io.quarkus.logging.Log;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Multi;
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
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.IntStream;

/// Settles open entries, run after run. A run goes through the partitions of the index that are this task's
/// (`region.LiveTasks`), in random order, oldest entries first, some pages of each. Entries of another Region
/// that lives are left to it at first ([ForeignEntries]). A partition that its task does not settle is
/// anybody's ([PartitionWatch]). An entry that fails is left alone for a while. An unavailable store ends the
/// run; the next runs then settle one entry at a time, until one succeeds.
@ApplicationScoped
class Settler {
    private final JournalService journal;
    private final OrderRecoveryService orders;
    private final RegionService regions;
    private final SettlerConfig config;
    private final RecoveryMeters meters;
    private final RetryBackoff backoff;
    private final ForeignEntries foreign;
    private final PartitionWatch watch;
    /// Where the next run continues a partition.
    private final Map<Integer, String> cursors = new ConcurrentHashMap<>();
    private final RepeatingTask task;
    private volatile int awayRuns;

    Settler(
            JournalService journal,
            OrderRecoveryService orders,
            RegionService regions,
            SettlerConfig config,
            RecoveryMeters meters,
            Vertx vertx) {
        this.journal = journal;
        this.orders = orders;
        this.regions = regions;
        this.config = config;
        this.meters = meters;
        this.backoff = new RetryBackoff(config);
        this.foreign = new ForeignEntries(config);
        this.watch = new PartitionWatch(config.takeOver());
        this.task = new RepeatingTask(vertx, "settler", this::step);
        meters.failing(backoff);
    }

    void onStart(@Observes @Priority(RepeatingTask.START) StartupEvent start) {
        if (config.enabled()) task.wakeWithin(RepeatingTask.jitter(config.idle()));
    }

    void onStop(@Observes ShutdownEvent stop) {
        task.stop(config.stopWithin());
    }

    void onWriter(@ObservesAsync WriterChanged change) {
        backoff.forgetAway();
        if (!change.isFirst() || awayRuns > 0) available();
        awayRuns = 0;
        wake();
    }

    private void available() {
        foreign.available(Instant.now());
        watch.forget();
    }

    /// Starts the next run soon.
    void wake() {
        if (config.enabled()) task.wakeWithin(RepeatingTask.jitter(Duration.ofMillis(200)));
    }

    boolean isEnabled() {
        return config.enabled();
    }

    Duration stopWithin() {
        return config.stopWithin();
    }

    /// One run over all partitions, for entries of any age, and those that failed lately too.
    Uni<SettlementRun> once() {
        var run = SettlementRun.eager(config);
        cursors.clear();
        return settle(run).replaceWith(run);
    }

    private Uni<Duration> step() {
        return regions.liveTasks().chain(tasks -> {
            var run = SettlementRun.background(config, awayRuns > 0 ? 1 : config.concurrency(), tasks);
            return settle(run)
                    .map(_ -> pause(run.isAway(), run.hasMore()))
                    .onFailure(ProblemException::isUnavailable)
                    .recoverWithItem(() -> pause(true, false));
        });
    }

    private Duration pause(boolean isAway, boolean hasMore) {
        if (!isAway) {
            boolean wasAway = awayRuns > 0;
            if (wasAway) available();
            awayRuns = 0;
            // A run after an outage settled one entry at a time. The next one is a full run.
            return wasAway || hasMore ? Duration.ZERO : RepeatingTask.jitter(config.idle());
        }
        watch.forget();
        if (awayRuns == 0) Log.warn("open orders wait: a store is away");
        return RepeatingTask.jitter(RepeatingTask.backoff(config.backoff(), config.backoffMax(), awayRuns++));
    }

    private Uni<Void> settle(SettlementRun run) {
        var shards =
                new ArrayList<>(IntStream.range(0, journal.shards()).boxed().toList());
        Collections.shuffle(shards);
        return Multi.createFrom()
                .iterable(shards)
                .onItem()
                .transformToUni(shard -> journal.open(shard, Optional.empty(), config.batch())
                        .chain(first -> estimate(shard, first).map(count -> new Shard(shard, first, count))))
                .merge(2)
                .collect()
                .asList()
                .chain(read -> {
                    measure(read);
                    return inTurn(read, shard -> settle(shard, run));
                });
    }

    /// One partition of the index.
    ///
    /// @param first its first page
    /// @param open how many entries it has, as far as they were counted
    private record Shard(int number, Page<OpenEntry> first, int open) {}

    private Uni<Integer> estimate(int shard, Page<OpenEntry> first) {
        return first.next().isEmpty()
                ? Uni.createFrom().item(first.items().size())
                : journal.countOpen(shard, config.countMax());
    }

    private void measure(List<Shard> shards) {
        var oldest = shards.stream()
                .flatMap(shard -> shard.first.items().stream().limit(1))
                .map(OpenEntry::acceptedAt)
                .min(Instant::compareTo);
        meters.open(shards.stream().mapToInt(Shard::open).sum(), oldest);
    }

    private Uni<Void> settle(Shard shard, SettlementRun run) {
        boolean isMine = run.isMine(shard.number);
        if (!isMine && !watch.isStuck(shard.number, oldestDue(shard, run), System.nanoTime()))
            return Uni.createFrom().voidItem();
        return settle(shard.first.items(), isMine, run)
                .chain(() -> settleMore(
                        shard.number,
                        Optional.ofNullable(cursors.remove(shard.number)).or(shard.first::next),
                        run.pages(config) - 1,
                        isMine,
                        run));
    }

    private Optional<String> oldestDue(Shard shard, SettlementRun run) {
        return shard.first.items().stream()
                .filter(entry -> run.isDue(entry, backoff, foreign))
                .map(OpenEntry::orderId)
                .findFirst();
    }

    private Uni<Void> settleMore(int shard, Optional<String> after, int pages, boolean isMine, SettlementRun run) {
        if (after.isEmpty() || isOver(run)) return Uni.createFrom().voidItem();
        if (pages == 0) {
            cursors.put(shard, after.get());
            run.more();
            return Uni.createFrom().voidItem();
        }
        return journal.open(shard, after, config.batch())
                .chain(page -> settle(page.items(), isMine, run)
                        .chain(() -> settleMore(shard, page.next(), pages - 1, isMine, run)));
    }

    /// @param isMine otherwise several tasks may settle the page at once, so each goes through it in another order
    private Uni<Void> settle(List<OpenEntry> page, boolean isMine, SettlementRun run) {
        var due = new ArrayList<>(page.stream()
                .filter(entry -> run.isDue(entry, backoff, foreign))
                .toList());
        if (!isMine) Collections.shuffle(due);
        return Multi.createFrom()
                .iterable(due)
                .onItem()
                .transformToUni(entry -> isOver(run) ? Uni.createFrom().voidItem() : settle(entry, run))
                .merge(run.concurrency())
                .collect()
                .last()
                .replaceWithVoid();
    }

    private boolean isOver(SettlementRun run) {
        return task.isStopped() || run.isAway();
    }

    private Uni<Void> settle(OpenEntry open, SettlementRun run) {
        return Uni.createFrom()
                .deferred(() -> journal.find(open.orderId()))
                .chain(found -> settle(found, run))
                .invoke(outcome -> settled(open.orderId(), outcome, run))
                .replaceWithVoid()
                .onFailure()
                .recoverWithItem(failure -> {
                    failed(open.orderId(), failure, run);
                    return null;
                });
    }

    /// The index is a little behind: another process may have closed the entry.
    private Uni<SettlementOutcome> settle(Optional<JournalEntry> found, SettlementRun run) {
        return found.filter(entry -> entry.isOpen() && !run.isLeft(entry, foreign))
                .map(entry -> orders.settle(entry, run.reopenedBefore()))
                .orElseGet(() -> Uni.createFrom().item(SettlementOutcome.UNCHANGED));
    }

    private void settled(String orderId, SettlementOutcome outcome, SettlementRun run) {
        run.settled(outcome);
        backoff.remove(orderId);
        meters.settled(outcome);
        if (outcome != SettlementOutcome.UNCHANGED)
            Log.infof(
                    "order settled orderId=%s outcome=%s",
                    orderId, outcome.name().toLowerCase(Locale.ROOT));
    }

    private void failed(String orderId, Throwable failure, SettlementRun run) {
        boolean isAway = ProblemException.isUnavailable(failure);
        boolean isNew = backoff.add(orderId, !isAway, Instant.now());
        if (isAway) {
            run.away();
            return;
        }
        run.failed();
        meters.failed();
        if (!isNew) return;
        // The newer version settles it.
        if (NewerFormat.is(failure)) Log.warnf("open order cannot be settled by this version orderId=%s", orderId);
        else Log.errorf(failure, "open order cannot be settled orderId=%s", orderId);
    }

    /// Runs the step for one item after the other.
    static <T> Uni<Void> inTurn(List<T> items, Function<T, Uni<Void>> step) {
        return Multi.createFrom()
                .iterable(items)
                .onItem()
                .transformToUniAndConcatenate(step::apply)
                .collect()
                .last()
                .replaceWithVoid();
    }
}
