package dev.meridian.order;

import dev.meridian.journal.JournalEntry;
import dev.meridian.journal.JournalEntry.State;
import dev.meridian.journal.JournalService;
import dev.meridian.order.Order.Status;
import dev.meridian.shared.ProblemException;
import io.quarkus.logging.Log;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;

/// Cancels orders: reopens the journal entry, changes SQL, closes the entry. A failure between these steps
/// leaves an open entry, for which SQL decides. It never leaves a closed entry that is wrong.
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
                case ACCEPTED, CONFIRMED -> cancelInSql(id, entry.isPresent());
            };
        });
    }

    private Uni<Order> cancelInSql(String id, boolean isInJournal) {
        return writer.cancel(id)
                .invoke(cancelled -> {
                    if (cancelled.isPresent()) Log.infof("order cancelled orderId=%s", id);
                })
                .chain(cancelled -> cancelled.isPresent() ? Uni.createFrom().item(cancelled) : orders.findOnWriter(id))
                .map(found -> found.orElseThrow(
                        () -> isInJournal ? notCancellable(id, Status.ACCEPTED) : OrderProblem.unknown(id)))
                .chain(row -> {
                    if (row.status() != Status.CANCELLED) throw notCancellable(id, row.status());
                    return journal.overwrite(OrderPayload.toEntry(row)).replaceWith(row.order());
                });
    }

    private static ProblemException notCancellable(String id, Status status) {
        return new ProblemException(
                OrderProblem.ORDER_NOT_CANCELLABLE, "Order " + id + " is " + status + ", not CONFIRMED.");
    }
}
