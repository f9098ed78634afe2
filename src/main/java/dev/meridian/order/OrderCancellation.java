package dev.meridian.order;

import dev.meridian.order.Order.Status;
import dev.meridian.shared.ProblemException;
import io.quarkus.logging.Log;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;

/// Cancels orders. The journal entry is opened first, so that a failure at any later point leaves an entry for
/// which SQL is asked, never one that is wrong for good.
@ApplicationScoped
class OrderCancellation {
    private final JournalRepository journal;
    private final OrderRepository orders;

    OrderCancellation(JournalRepository journal, OrderRepository orders) {
        this.journal = journal;
        this.orders = orders;
    }

    /// @throws ProblemException as [OrderService#cancel]
    Uni<Order> cancel(String id) {
        return journal.reopen(id).chain(entry -> {
            var status = entry.map(found -> found.order().status()).orElse(Status.ACCEPTED);
            return switch (status) {
                case CANCELLED -> Uni.createFrom().item(entry.get().order());
                case REJECTED -> Uni.createFrom().failure(notCancellable(id, status));
                case ACCEPTED, CONFIRMED -> cancelInSql(id, entry);
            };
        });
    }

    private Uni<Order> cancelInSql(String id, Optional<OrderEntry> entry) {
        return orders.cancel(id)
                .invoke(cancelled -> {
                    if (cancelled.isPresent()) Log.infof("order cancelled orderId=%s", id);
                })
                .chain(cancelled -> cancelled.isPresent() ? Uni.createFrom().item(cancelled) : orders.findOnWriter(id))
                .chain(found -> {
                    var end = found.orElseThrow(
                            () -> entry.isPresent() ? notCancellable(id, Status.ACCEPTED) : OrderService.unknown(id));
                    if (end.order().status() == Status.CANCELLED)
                        return journal.store(end).replaceWith(end.order());
                    throw notCancellable(id, end.order().status());
                });
    }

    private static ProblemException notCancellable(String id, Status status) {
        return new ProblemException(
                OrderProblem.ORDER_NOT_CANCELLABLE, "Order " + id + " is " + status + ", not CONFIRMED.");
    }
}
