package dev.meridian.order;

import static dev.meridian.order.OrderPayload.status;

import dev.meridian.journal.ClosedEntry;
import dev.meridian.journal.JournalService;
import dev.meridian.order.Order.Status;
import dev.meridian.order.OrderRepository.StoredState;
import dev.meridian.shared.NewerFormat;
import io.quarkus.logging.Log;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;

/// Compares closed journal entries with the SQL writer. An entry that looks wrong is read again from both
/// stores, the journal first, before anything is done. Each change of the journal is conditional on the state
/// that was read. So this may run in many processes at once, and concurrently with orders and cancellations.
@ApplicationScoped
class OrderRecheck {
    private static final int CONCURRENCY = 4;

    private final JournalService journal;
    private final OrderRepository orders;
    private final OrderWriterRepository writer;
    private final MissingOrders reported;

    OrderRecheck(JournalService journal, OrderRepository orders, OrderWriterRepository writer, MissingOrders reported) {
        this.journal = journal;
        this.orders = orders;
        this.writer = writer;
        this.reported = reported;
    }

    /// Costs one statement for all entries, and a few calls for each that looks wrong.
    ///
    /// @return one outcome for each entry that looked wrong
    Uni<List<RecheckOutcome>> check(List<ClosedEntry> closed) {
        if (closed.isEmpty()) return Uni.createFrom().item(List.of());
        return orders.storedStates(closed.stream().map(ClosedEntry::orderId).toList())
                .chain(stored -> Multi.createFrom()
                        .items(closed.stream().filter(entry -> !isSame(entry, stored.get(entry.orderId()))))
                        .onItem()
                        .transformToUni(entry -> readAgain(entry.orderId()))
                        .merge(CONCURRENCY)
                        .collect()
                        .asList());
    }

    static boolean isSame(ClosedEntry entry, StoredState stored) {
        return stored != null
                && stored.status() == status(entry.state())
                && stored.payloadHash().equals(entry.payloadHash());
    }

    private Uni<RecheckOutcome> readAgain(String id) {
        return journal.find(id)
                .chain(entry -> {
                    if (entry.isEmpty() || entry.get().isOpen()) return same();
                    var order = OrderPayload.toOrder(entry.get());
                    return orders.findOnWriter(id).chain(row -> compare(order, row));
                })
                // What a newer version wrote, in either store, is left to it.
                .onFailure(NewerFormat::is)
                .recoverWithItem(RecheckOutcome.SAME);
    }

    private Uni<RecheckOutcome> compare(StoredOrder entry, Optional<StoredOrder> found) {
        if (found.isEmpty()) return entry.status() == Status.CONFIRMED ? missing(entry) : restore(entry);
        var row = found.get();
        if (row.isSameRequest(entry)) {
            if (row.status() == entry.status()) return same();
            if (entry.status() == Status.CANCELLED && row.status() == Status.CONFIRMED) return cancelAgain(entry.id());
            if (entry.status() == Status.CONFIRMED && row.status() == Status.CANCELLED) return cancelledElsewhere(row);
        }
        return different(entry, row);
    }

    private Uni<RecheckOutcome> missing(StoredOrder entry) {
        return journal.markMissing(entry.id(), entry.payloadHash()).map(isMarked -> {
            if (!isMarked) return RecheckOutcome.SAME;
            reported.add(entry.id());
            Log.warnf(
                    "confirmed order is missing on the writer orderId=%s customerId=%s acceptedAt=%s",
                    entry.id(), entry.order().customerId(), entry.order().createdDate());
            return RecheckOutcome.MISSING;
        });
    }

    private Uni<RecheckOutcome> restore(StoredOrder entry) {
        return writer.restore(entry).map(isDone -> isDone ? RecheckOutcome.RESTORED : RecheckOutcome.SAME);
    }

    private Uni<RecheckOutcome> cancelAgain(String id) {
        return writer.cancel(id).map(cancelled -> {
            if (cancelled.isPresent()) Log.warnf("order cancelled again on the writer orderId=%s", id);
            return cancelled.isPresent() ? RecheckOutcome.CANCELLED_AGAIN : RecheckOutcome.SAME;
        });
    }

    private Uni<RecheckOutcome> cancelledElsewhere(StoredOrder row) {
        return journal.overwrite(OrderPayload.toEntry(row)).replaceWith(RecheckOutcome.CANCELLED_ELSEWHERE);
    }

    private Uni<RecheckOutcome> different(StoredOrder entry, StoredOrder row) {
        return journal.replaceWithSql(OrderPayload.state(entry.status()), OrderPayload.toEntry(row), note(entry, row))
                .map(isDone -> {
                    if (isDone)
                        Log.warnf(
                                "order differs on the writer orderId=%s journal=%s sql=%s",
                                entry.id(), entry.status(), row.status());
                    return isDone ? RecheckOutcome.DIFFERENT : RecheckOutcome.SAME;
                });
    }

    private static String note(StoredOrder entry, StoredOrder row) {
        return "The journal said " + entry.status() + ", SQL has "
                + (row.isSameRequest(entry) ? "" : "another order under this id, ") + row.status()
                + (row.order().reason() == null ? "" : ", " + row.order().reason());
    }

    private static Uni<RecheckOutcome> same() {
        return Uni.createFrom().item(RecheckOutcome.SAME);
    }
}
