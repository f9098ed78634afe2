package dev.meridian.recovery;

import dev.meridian.async.RepeatingTask;
import dev.meridian.order.OpenOrder;
import dev.meridian.order.OrderRecoveryService;
import dev.meridian.order.Settled;
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
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;

/// Carries open entries out: looks through the index partition by partition, in random sequence, oldest first. Entries
/// that fail are left alone for a while; a store that is away ends the pass, and the next one tries with single entries
/// until one succeeds.
@ApplicationScoped
class Settler {
    private final OrderRecoveryService orders;
    private final SettlerConfig config;
    private final SettlerMeters meters;
    private final Failing failing;
    private final RepeatingTask task;
    private volatile int awayPasses;

    Settler(OrderRecoveryService orders, SettlerConfig config, SettlerMeters meters, Vertx vertx) {
        this.orders = orders;
        this.config = config;
        this.meters = meters;
        this.failing = new Failing(config);
        this.task = new RepeatingTask(vertx, "settler", this::step);
        meters.failing(failing);
    }

    void onStart(@Observes @Priority(RepeatingTask.START) StartupEvent start) {
        if (config.enabled()) task.wakeWithin(RepeatingTask.jitter(config.idle()));
    }

    void onStop(@Observes ShutdownEvent stop) {
        task.stop(config.stopWithin());
    }

    void onWriter(@ObservesAsync WriterChanged change) {
        failing.forgetAway();
        awayPasses = 0;
        wake();
    }

    /// Looks for open entries soon.
    void wake() {
        if (config.enabled()) task.wakeWithin(RepeatingTask.jitter(Duration.ofMillis(200)));
    }

    boolean isEnabled() {
        return config.enabled();
    }

    Duration stopWithin() {
        return config.stopWithin();
    }

    /// One pass over all partitions that leaves no entry out for its age or its failures.
    Uni<Pass> once() {
        var now = Instant.now();
        var pass = new Pass(now, now, now.minus(config.grace()), config.concurrency(), true);
        return run(pass).replaceWith(pass);
    }

    private Uni<Duration> step() {
        var now = Instant.now();
        var grace = now.minus(config.grace());
        var pass = new Pass(now, grace, grace, awayPasses > 0 ? 1 : config.concurrency(), false);
        return run(pass)
                .map(_ -> pause(pass.isAway()))
                .onFailure(ProblemException::isUnavailable)
                .recoverWithItem(() -> pause(true));
    }

    private Duration pause(boolean isAway) {
        if (!isAway) {
            boolean wasAway = awayPasses > 0;
            awayPasses = 0;
            // The pass was a single entry's try: now for all of them.
            return wasAway ? Duration.ZERO : RepeatingTask.jitter(config.idle());
        }
        if (awayPasses == 0) Log.warn("open orders wait: a store is away");
        return RepeatingTask.jitter(RepeatingTask.backoff(config.backoff(), config.backoffMax(), awayPasses++));
    }

    private Uni<Void> run(Pass pass) {
        var shards = new ArrayList<>(IntStream.range(0, orders.shards()).boxed().toList());
        Collections.shuffle(shards);
        return Multi.createFrom()
                .iterable(shards)
                .onItem()
                .transformToUni(shard -> orders.open(shard, Optional.empty(), config.batch())
                        .chain(first -> estimate(shard, first).map(count -> new Shard(shard, first, count))))
                .merge(2)
                .collect()
                .asList()
                .chain(read -> {
                    measure(read);
                    return inTurn(read, shard -> shard(shard.number, shard.first, pass));
                });
    }

    /// @param open how many entries it has, as far as they were counted
    private record Shard(int number, Page<OpenOrder> first, int open) {}

    private Uni<Integer> estimate(int shard, Page<OpenOrder> first) {
        return first.next().isEmpty()
                ? Uni.createFrom().item(first.items().size())
                : orders.countOpen(shard, config.countMax());
    }

    private void measure(List<Shard> shards) {
        var oldest = shards.stream()
                .flatMap(shard -> shard.first.items().stream().limit(1))
                .map(OpenOrder::acceptedAt)
                .min(Instant::compareTo);
        meters.open(shards.stream().mapToInt(Shard::open).sum(), oldest);
    }

    private Uni<Void> shard(int number, Page<OpenOrder> page, Pass pass) {
        return settle(page.items(), pass)
                .chain(() -> page.next().isEmpty() || isOver(pass)
                        ? Uni.createFrom().voidItem()
                        : orders.open(number, page.next(), config.batch()).chain(next -> shard(number, next, pass)));
    }

    private Uni<Void> settle(List<OpenOrder> page, Pass pass) {
        return Multi.createFrom()
                .items(page.stream().filter(order -> isDue(order, pass)))
                .onItem()
                .transformToUni(order -> isOver(pass) ? Uni.createFrom().voidItem() : settle(order, pass))
                .merge(pass.concurrency())
                .collect()
                .last()
                .replaceWithVoid();
    }

    private boolean isDue(OpenOrder order, Pass pass) {
        return !order.acceptedAt().isAfter(pass.acceptedBefore())
                && (pass.isEager() || failing.isDue(order.orderId(), pass.now()));
    }

    private boolean isOver(Pass pass) {
        return task.isStopped() || pass.isAway();
    }

    private Uni<Void> settle(OpenOrder order, Pass pass) {
        return Uni.createFrom()
                .deferred(() -> orders.settle(
                        order.entry().orElseThrow(() -> new IllegalStateException("the entry cannot be read")),
                        pass.reopenedBefore()))
                .invoke(settled -> {
                    pass.settled(settled);
                    failing.remove(order.orderId());
                    meters.settled(settled);
                    if (settled != Settled.LEFT)
                        Log.infof(
                                "order settled orderId=%s outcome=%s",
                                order.orderId(), settled.name().toLowerCase(Locale.ROOT));
                })
                .replaceWithVoid()
                .onFailure()
                .recoverWithItem(failure -> {
                    failed(order, failure, pass);
                    return null;
                });
    }

    private void failed(OpenOrder order, Throwable failure, Pass pass) {
        boolean isAway = ProblemException.isUnavailable(failure);
        boolean isNew = failing.add(order.orderId(), !isAway, Instant.now());
        if (isAway) {
            pass.away();
            return;
        }
        pass.failed();
        meters.failed();
        if (isNew) Log.errorf(failure, "open order cannot be carried out orderId=%s", order.orderId());
    }

    /// One after the other.
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
