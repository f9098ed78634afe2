package dev.meridian.order;

import dev.meridian.journal.JournalService;
import dev.meridian.shared.ProblemException;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;

/// Settles accepted orders: SQL decides, then the journal entry is closed. Both steps may run any number of
/// times, in any Region, concurrently: the first row under the order's id decides for all, its amounts too.
@ApplicationScoped
class OrderSettlement {
    private final OrderWriterRepository writer;
    private final OrderRepository orders;
    private final JournalService journal;

    OrderSettlement(OrderWriterRepository writer, OrderRepository orders, JournalService journal) {
        this.writer = writer;
        this.orders = orders;
        this.journal = journal;
    }

    /// Lets the SQL writer decide about an accepted order.
    ///
    /// @return what SQL now has under the order's id: this order as confirmed, rejected or cancelled; or the
    ///     order that took the id first (two Regions, one key), of this request or of another one
    /// @throws ProblemException 503 when the writer does not answer; the entry stays open
    Uni<StoredOrder> settle(StoredOrder accepted) {
        return writer.settle(accepted)
                .chain(decision -> decision.isOf(accepted)
                        ? Uni.createFrom().item(accepted.with(decision.status(), decision.reason()))
                        : orders.findOnWriter(accepted.id())
                                .map(found -> found.orElseThrow(() ->
                                        ProblemException.unavailable("PostgreSQL lost the order meanwhile.", null))));
    }

    /// Closes the journal entry of a settled order. When this fails, nothing is lost: the entry stays open and
    /// is settled again, with the same outcome.
    ///
    /// @param accepted the order as the journal has it
    /// @param end what [#settle] returned
    /// @param reopenedBefore see [JournalService#close]
    /// @return whether this call closed the entry
    Uni<Boolean> close(StoredOrder accepted, StoredOrder end, Instant reopenedBefore) {
        var entry = OrderPayload.toEntry(end);
        return end.isSameRequest(accepted)
                ? journal.close(entry, reopenedBefore)
                : journal.overwrite(entry).replaceWith(true);
    }
}
