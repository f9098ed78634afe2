package dev.meridian.order;

import dev.meridian.async.CallerContext;
import dev.meridian.order.OrderBulkhead.Limits;
import dev.meridian.order.OrderBulkhead.Ticket;
import dev.meridian.shared.ProblemException;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/// Lets orders to the SQL writer, as [OrderBulkhead] decides. Thread-safe.
///
/// | Metric | Tags | |
/// |---|---|---|
/// | `meridian.orders.running` | | gauge: orders on the way to the SQL writer |
/// | `meridian.orders.waiting` | | gauge: orders that wait for others to be settled |
/// | `meridian.orders.postponed` | `reason` = `queue_full`, `wait_too_long`, `time_up` | counter: left to the settler |
@ApplicationScoped
class OrderAdmission {
    /// Nobody waits for the answer, so only that it ends matters.
    private static final Duration SETTLED_WITHIN = Duration.ofSeconds(30);

    private static final ProblemException BUSY =
            ProblemException.unavailable("Too many orders wait for PostgreSQL.", null);

    private final OrderBulkhead bulkhead;
    private final MeterRegistry meters;

    OrderAdmission(OrderConfig config, OrderWriterRepository writer, MeterRegistry meters) {
        this.meters = meters;
        // Rounded up, so that there is at least one.
        int statements = (writer.connections() * config.writerShare() + 99) / 100;
        var limits = new Limits(statements, config.productStatements(), config.queueSize(), config.productQueueSize());
        this.bulkhead = new OrderBulkhead(limits, () -> writer.roundTrip().toNanos(), System::nanoTime);
        Gauge.builder("meridian.orders.running", this, own -> own.ask(own.bulkhead::running))
                .register(meters);
        Gauge.builder("meridian.orders.waiting", this, own -> own.ask(own.bulkhead::waiting))
                .register(meters);
    }

    /// Carries a client's order out when its turn comes.
    ///
    /// @param left until the client is answered; the order does not start when that is too short
    /// @param statement starts at most once
    /// @throws ProblemException 503 when its turn does not come in time; then nothing was done
    <T> Uni<T> place(StoredOrder order, Duration left, Uni<T> statement) {
        return whenAdmitted(order, left, false, statement);
    }

    /// As [#place], for an open entry. While clients wait for one of its products, few entries wait with them.
    ///
    /// @throws ProblemException one that [#isBusy] when its turn does not come
    <T> Uni<T> settle(StoredOrder order, Uni<T> statement) {
        return whenAdmitted(order, SETTLED_WITHIN, true, statement);
    }

    /// Whether a failure says that an order was not settled because too many others wait.
    static boolean isBusy(Throwable failure) {
        return failure == BUSY;
    }

    private <T> Uni<T> whenAdmitted(StoredOrder order, Duration left, boolean isSettlement, Uni<T> statement) {
        return Uni.createFrom().deferred(() -> {
            var products = order.order().items().stream()
                    .map(Order.Item::productId)
                    .distinct()
                    .toList();
            var ticket = new Ticket(products, System.nanoTime() + left.toNanos(), isSettlement);
            change(() -> bulkhead.enter(ticket));
            return turn(ticket, left)
                    .chain(() -> statement)
                    .onTermination()
                    .invoke(() -> change(() -> bulkhead.leave(ticket)));
        });
    }

    private Uni<Void> turn(Ticket ticket, Duration left) {
        var turn = Uni.createFrom().completionStage(ticket.turn);
        if (ticket.turn.isDone()) return turn;
        var timer = CallerContext.scheduler()
                .schedule(() -> change(() -> bulkhead.expire(ticket)), left.toNanos(), TimeUnit.NANOSECONDS);
        ticket.turn.whenComplete((_, _) -> timer.cancel(false));
        return CallerContext.resumeOn(turn);
    }

    /// The turns begin without the lock.
    private void change(Supplier<List<Ticket>> event) {
        List<Ticket> changed;
        synchronized (bulkhead) {
            changed = event.get();
        }
        changed.forEach(this::tell);
    }

    private void tell(Ticket ticket) {
        var refusal = ticket.refusal();
        if (refusal == null) {
            ticket.turn.complete(null);
        } else {
            meters.counter("meridian.orders.postponed", "reason", refusal.name().toLowerCase(Locale.ROOT))
                    .increment();
            ticket.turn.completeExceptionally(BUSY);
        }
    }

    private int ask(Supplier<Integer> question) {
        synchronized (bulkhead) {
            return question.get();
        }
    }
}
