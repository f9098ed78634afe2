package dev.meridian.order;

import dev.meridian.order.Order.Status;
import io.quarkus.logging.Log;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;

/// Compares closed entries with what the writer has. Whatever looks wrong is read again from both stores, the
/// journal first, before anything is done; each change of the journal is conditional on the state that was
/// read. So it may run in many processes at once, and beside orders and cancellations.
@ApplicationScoped
class OrderRecheck {
    private static final int CONCURRENCY = 4;

    private final JournalRepository journal;
    private final OrderRepository orders;

    OrderRecheck(JournalRepository journal, OrderRepository orders) {
        this.journal = journal;
        this.orders = orders;
    }

    /// One statement for all, and a few calls for each that is not as it should be.
    ///
    /// @return what was found for each that looked wrong
    Uni<List<Recheck>> check(List<ClosedOrder> closed) {
        if (closed.isEmpty()) return Uni.createFrom().item(List.of());
        return orders.standing(closed.stream().map(ClosedOrder::orderId).toList())
                .chain(standing -> Multi.createFrom()
                        .items(closed.stream().filter(order -> !isSame(order, standing.get(order.orderId()))))
                        .onItem()
                        .transformToUni(order -> examine(order.orderId()))
                        .merge(CONCURRENCY)
                        .collect()
                        .asList());
    }

    private static boolean isSame(ClosedOrder order, OrderRepository.Standing standing) {
        return standing != null
                && standing.status() == order.status()
                && standing.payloadHash().equals(order.payloadHash());
    }

    private Uni<Recheck> examine(String id) {
        return journal.find(id).chain(found -> {
            if (found.isEmpty() || found.get().order().isOpen()) return same();
            return orders.findOnWriter(id).chain(row -> compare(found.get(), row));
        });
    }

    private Uni<Recheck> compare(OrderEntry entry, Optional<OrderEntry> row) {
        var id = entry.order().id();
        var status = entry.order().status();
        if (row.isEmpty()) return status == Status.CONFIRMED ? missing(entry) : restore(entry);
        var sql = row.get().order().status();
        if (row.get().sameRequestAs(entry)) {
            if (sql == status) return same();
            if (status == Status.CANCELLED && sql == Status.CONFIRMED) return cancelAgain(id);
            // Nothing is lost: the entry of another Region, which cancelled it, is on its way.
            if (status == Status.CONFIRMED && sql == Status.CANCELLED) return cancelledElsewhere(row.get());
        }
        var note = "The journal said " + status + ", SQL has "
                + (row.get().sameRequestAs(entry) ? sql : "another order under this id, " + sql)
                + (row.get().order().reason() == null
                        ? ""
                        : ", " + row.get().order().reason());
        return journal.adopt(entry, row.get(), note).map(done -> {
            if (done) Log.warnf("order differs on the writer orderId=%s journal=%s sql=%s", id, status, sql);
            return done ? Recheck.DIFFERENT : Recheck.SAME;
        });
    }

    private Uni<Recheck> missing(OrderEntry entry) {
        return journal.markMissing(entry).map(marked -> {
            if (marked)
                Log.warnf(
                        "confirmed order is missing on the writer orderId=%s customerId=%s acceptedAt=%s",
                        entry.order().id(),
                        entry.order().customerId(),
                        entry.order().createdDate());
            return marked ? Recheck.MISSING : Recheck.SAME;
        });
    }

    private Uni<Recheck> restore(OrderEntry entry) {
        return orders.restore(entry).map(done -> done ? Recheck.RESTORED : Recheck.SAME);
    }

    private Uni<Recheck> cancelledElsewhere(OrderEntry row) {
        return journal.store(row).replaceWith(Recheck.SAME);
    }

    private Uni<Recheck> cancelAgain(String id) {
        return orders.cancel(id).map(cancelled -> {
            if (cancelled.isPresent()) Log.warnf("order cancelled again on the writer orderId=%s", id);
            return cancelled.isPresent() ? Recheck.CANCELLED_AGAIN : Recheck.SAME;
        });
    }

    private static Uni<Recheck> same() {
        return Uni.createFrom().item(Recheck.SAME);
    }
}
