package dev.meridian.order;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;

/// Brings an accepted order to its end: SQL decides, then the journal is told. Everything here may run any
/// number of times, in any Region, at once: the first row under the order's id decides for all.
@ApplicationScoped
class OrderSettlement {
    private final OrderRepository orders;
    private final JournalRepository journal;

    OrderSettlement(OrderRepository orders, JournalRepository journal) {
        this.orders = orders;
        this.journal = journal;
    }

    /// Carries an accepted entry out on the SQL writer.
    ///
    /// @return what SQL holds under the order's id now: the entry as confirmed, rejected or cancelled; or, when
    ///     another request took the id first (two Regions, one key), that other order with its hash
    /// @throws dev.meridian.shared.ProblemException 503 when the writer does not answer; the entry stays open
    Uni<OrderEntry> carryOut(OrderEntry entry) {
        return orders.carryOut(entry)
                .chain(decision -> decision.payloadHash().equals(entry.payloadHash())
                        ? Uni.createFrom().item(entry.with(decision.status(), decision.reason()))
                        : orders.findOnWriter(entry.order().id()).map(found -> found.orElse(entry)));
    }

    /// Tells the journal what became of an open entry. Nothing is lost when this fails: the entry stays open
    /// and is carried out again, to the same end.
    ///
    /// @param entry as the journal has it
    /// @param end what [#carryOut] made of it
    /// @param reopenedBefore see [JournalRepository#conclude]
    /// @return whether this call closed the entry
    Uni<Boolean> conclude(OrderEntry entry, OrderEntry end, Instant reopenedBefore) {
        return end.sameRequestAs(entry)
                ? journal.conclude(end, reopenedBefore)
                : journal.store(end).replaceWith(true);
    }
}
