package dev.meridian.order;

import dev.meridian.async.BoundedMap;
import dev.meridian.journal.JournalEntry;
import dev.meridian.journal.JournalEntry.Missing;
import dev.meridian.journal.JournalService;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/// The orders that this process has put into the report lately. A Region that does not know that an order is
/// missing may settle it, and its write, if it is the last, removes the order from the report. Bounded, in
/// memory only.
@ApplicationScoped
class MissingOrders {
    private static final int ORDERS_MAX = 10_000;
    /// Entries in memory at once.
    private static final int READ_AT_ONCE = 50;
    /// Longer than any replication lag.
    private static final Duration KEPT = Duration.ofMinutes(30);

    private final JournalService journal;
    private final BoundedMap<String, Found> found = new BoundedMap<>(ORDERS_MAX);

    MissingOrders(JournalService journal) {
        this.journal = journal;
    }

    /// @param missing as the journal had it last
    private record Found(Instant at, Missing missing) {}

    void add(String orderId) {
        var now = Instant.now();
        put(orderId, new Found(now, new Missing(now, null, null)));
    }

    private synchronized void put(String orderId, Found order) {
        found.put(orderId, order);
    }

    private synchronized Map<String, Found> lately() {
        var since = Instant.now().minus(KEPT);
        found.values().removeIf(order -> order.at.isBefore(since));
        return Map.copyOf(found);
    }

    /// Puts those into the report again that are not in it any more. Costs one read for each order, and a write
    /// for each that was removed.
    Uni<Void> keep() {
        var lately = lately();
        return Multi.createFrom()
                .iterable(lately.keySet())
                .group()
                .intoLists()
                .of(READ_AT_ONCE)
                .onItem()
                .transformToUniAndConcatenate(journal::findAll)
                .onItem()
                .<JournalEntry>disjoint()
                .onItem()
                .transformToUniAndConcatenate(entry -> keep(entry, lately.get(entry.orderId())))
                .collect()
                .last()
                .replaceWithVoid();
    }

    private Uni<Void> keep(JournalEntry entry, Found before) {
        if (entry.missing() == null) return journal.report(entry.orderId(), before.missing);
        put(entry.orderId(), new Found(before.at, entry.missing()));
        return Uni.createFrom().voidItem();
    }
}
