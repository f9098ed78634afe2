package dev.meridian.order;

import dev.meridian.journal.JournalEntry;
import dev.meridian.journal.JournalEntry.State;
import dev.meridian.journal.JournalService;
import dev.meridian.order.Order.Status;
import dev.meridian.shared.ProblemException;
import io.quarkus.logging.Log;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/// Cancels orders: reopens the journal entry, changes SQL, closes the entry. A failure between these steps
/// leaves an open entry, for which SQL decides. It never leaves a closed entry that is wrong.
///
/// What SQL cannot cancel now, since it has no row yet or does not answer, is asked for in the journal. The settler
/// then cancels it ([OrderSettlement]).
@ApplicationScoped
class OrderCancellation {
    private final JournalService journal;
    private final OrderRepository orders;
    private final OrderWriterRepository writer;

    OrderCancellation(JournalService journal, OrderRepository orders, OrderWriterRepository writer) {
        this.journal = journal;
        this.orders = orders;
        this.writer = writer;
    }

    /// @throws ProblemException as [OrderService#cancel]
    Uni<Order> cancel(String id) {
        return journal.reopen(id).chain(entry -> {
            var state = entry.map(JournalEntry::state).orElse(State.ACCEPTED);
            return switch (state) {
                case CANCELLED ->
                    Uni.createFrom().item(OrderPayload.toOrder(entry.get()).order());
                case REJECTED -> Uni.createFrom().failure(notCancellable(id, Status.REJECTED));
                case ACCEPTED, CONFIRMED ->
                    entry.map(this::cancelOrRequest)
                            .orElseGet(() ->
                                    cancelInSql(id).map(found -> found.orElseThrow(() -> OrderProblem.unknown(id))));
            };
        });
    }

    private Uni<Order> cancelOrRequest(JournalEntry entry) {
        return cancelInSql(entry.orderId())
                .onFailure(ProblemException::isUnavailable)
                .recoverWithItem(Optional.empty())
                .chain(done -> done.isPresent() ? Uni.createFrom().item(done.get()) : request(entry));
    }

    /// @return the cancelled order; empty when SQL has no row
    private Uni<Optional<Order>> cancelInSql(String id) {
        // A row that is confirmed between the two statements is there for the third.
        return cancelRow(id)
                .chain(found ->
                        found.filter(row -> row.status() == Status.CONFIRMED).isPresent()
                                ? cancelRow(id)
                                : Uni.createFrom().item(found))
                .chain(found -> found.isEmpty()
                        ? Uni.createFrom().item(Optional.empty())
                        : close(found.get()).map(Optional::of));
    }

    private Uni<Optional<StoredOrder>> cancelRow(String id) {
        return writer.cancel(id)
                .invoke(cancelled -> {
                    if (cancelled.isPresent()) Log.infof("order cancelled orderId=%s", id);
                })
                .chain(cancelled -> cancelled.isPresent() ? Uni.createFrom().item(cancelled) : orders.findOnWriter(id));
    }

    private Uni<Order> close(StoredOrder row) {
        if (row.status() != Status.CANCELLED) throw notCancellable(row.id(), row.status());
        return journal.overwrite(OrderPayload.toEntry(row)).replaceWith(row.order());
    }

    /// The entry may be closed meanwhile. If it is confirmed, the request alone has the order cancelled.
    private Uni<Order> request(JournalEntry read) {
        var id = read.orderId();
        return journal.requestCancel(read).map(now -> {
            var order = OrderReader.shown(OrderPayload.toOrder(now.orElse(read)));
            if (order.status() == Status.REJECTED) throw notCancellable(id, Status.REJECTED);
            Log.infof("cancellation requested orderId=%s", id);
            return order.cancelRequestedAt() == null
                    ? order.cancelRequested(Instant.now().truncatedTo(ChronoUnit.MILLIS))
                    : order;
        });
    }

    private static ProblemException notCancellable(String id, Status status) {
        return new ProblemException(OrderProblem.ORDER_NOT_CANCELLABLE, "Order " + id + " is " + status + ".");
    }
}
