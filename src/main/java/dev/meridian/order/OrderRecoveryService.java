package dev.meridian.order;

import dev.meridian.shared.Page;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What the recovery side needs of orders: the entries that are open, those closed lately, and how to bring either
/// to what the SQL writer says. Everything may run any number of times, in many processes and Regions at once.
@ApplicationScoped
public class OrderRecoveryService {
    private final JournalIndexRepository index;
    private final OrderSettlement settlement;
    private final OrderRecheck recheck;
    private final OrderConfig config;

    OrderRecoveryService(
            JournalIndexRepository index, OrderSettlement settlement, OrderRecheck recheck, OrderConfig config) {
        this.index = index;
        this.settlement = settlement;
        this.recheck = recheck;
        this.config = config;
    }

    /// How many partitions the indexes of open and of closed entries have; their numbers start at 0.
    public int shards() {
        return config.journalShards();
    }

    /// Open entries of one partition, oldest first; eventually consistent.
    ///
    /// @param after the cursor of the page before
    public Uni<Page<OpenOrder>> open(int shard, Optional<String> after, int limit) {
        return index.open(shard, after, limit);
    }

    /// How many open entries a partition has; eventually consistent.
    ///
    /// @param limit where counting ends
    public Uni<Integer> countOpen(int shard, int limit) {
        return index.countOpen(shard, limit);
    }

    /// Carries an open entry out on the SQL writer and closes it in the journal.
    ///
    /// @param reopenedBefore entries that a cancellation opened again at or after this time stay open
    /// @throws dev.meridian.shared.ProblemException 503 when a store does not answer; the entry stays open
    public Uni<Settled> settle(OrderEntry entry, Instant reopenedBefore) {
        return settlement
                .carryOut(entry)
                .chain(end -> settlement.conclude(entry, end, reopenedBefore).map(closed -> {
                    if (!closed) return Settled.LEFT;
                    if (!end.sameRequestAs(entry) || end.order().status() == Order.Status.REJECTED)
                        return Settled.REJECTED;
                    return entry.foundAt() == null ? Settled.CONFIRMED : Settled.REPLAYED;
                }));
    }

    /// Entries of one partition that were closed at or after a time, oldest first; eventually consistent.
    ///
    /// @param after the cursor of the page before
    public Uni<Page<ClosedOrder>> closed(int shard, Instant since, Optional<String> after, int limit) {
        return index.closed(shard, since, after, limit);
    }

    /// Compares closed entries with what the SQL writer has, and puts right what differs, see [Recheck].
    ///
    /// @return one for each entry that looked wrong at first
    /// @throws dev.meridian.shared.ProblemException 503 when a store does not answer; run it again then
    public Uni<List<Recheck>> recheck(List<ClosedOrder> closed) {
        return recheck.check(closed);
    }

    /// The report: orders that a new writer lacked or contradicted, newest find first; eventually consistent.
    ///
    /// @param after the cursor of the page before
    /// @throws dev.meridian.shared.ProblemException 400 when the cursor is not one of this list
    public Uni<Page<MissingOrder>> missing(Optional<String> after, int limit) {
        return index.missing(after, limit);
    }
}
