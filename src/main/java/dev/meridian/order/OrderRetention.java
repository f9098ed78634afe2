package dev.meridian.order;

import dev.meridian.journal.ClosedEntry;
import dev.meridian.journal.JournalService;
import dev.meridian.retention.Prunable;
import dev.meridian.retention.PrunedPage;
import dev.meridian.shared.PartCursor;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Deletes old entries of the journal whose order the SQL writer has in the same state: reads and retries find it
/// there. Others stay, for the comparison with SQL.
@ApplicationScoped
class OrderRetention implements Prunable {
    private static final int AT_ONCE = 8;

    private final JournalService journal;
    private final OrderRepository orders;

    OrderRetention(JournalService journal, OrderRepository orders) {
        this.journal = journal;
        this.orders = orders;
    }

    @Override
    public Kind kind() {
        return Kind.JOURNAL;
    }

    @Override
    public Uni<PrunedPage> prune(Instant before, Optional<String> after, int limit, boolean isDryRun) {
        var place = PartCursor.of(after);
        return journal.closedBefore(place.part(), before, place.after(), limit)
                .chain(page -> inSql(page.items())
                        .chain(same -> delete(same, before, isDryRun))
                        .map(pruned -> new PrunedPage(
                                page.items().size(), pruned, place.next(page.next(), journal.shards()))));
    }

    /// Those that the writer has in the same state.
    private Uni<List<ClosedEntry>> inSql(List<ClosedEntry> entries) {
        if (entries.isEmpty()) return Uni.createFrom().item(List.of());
        return orders.storedStates(entries.stream().map(ClosedEntry::orderId).toList())
                .map(stored -> entries.stream()
                        .filter(entry -> OrderRecheck.isSame(entry, stored.get(entry.orderId())))
                        .toList());
    }

    private Uni<Integer> delete(List<ClosedEntry> entries, Instant before, boolean isDryRun) {
        if (isDryRun) return Uni.createFrom().item(entries.size());
        return Multi.createFrom()
                .iterable(entries)
                .onItem()
                .transformToUni(entry -> journal.delete(entry, before))
                .merge(AT_ONCE)
                .collect()
                .asList()
                .map(done -> (int) done.stream().filter(isDone -> isDone).count());
    }
}
