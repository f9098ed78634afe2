package dev.meridian.recovery;

import dev.meridian.journal.JournalService;
import dev.meridian.order.OrderRecoveryService;
import dev.meridian.order.RecheckOutcome;
import dev.meridian.shared.ProblemException;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

/// Compares the entries closed since a time with the SQL writer. Entries that the writer lacks are opened again.
@ApplicationScoped
class WriterComparison {
    private final JournalService journal;
    private final OrderRecoveryService orders;
    private final RecoveryConfig config;
    private final RecoveryMeters meters;

    WriterComparison(
            JournalService journal, OrderRecoveryService orders, RecoveryConfig config, RecoveryMeters meters) {
        this.journal = journal;
        this.orders = orders;
        this.config = config;
        this.meters = meters;
    }

    /// What one comparison found.
    static final class Findings {
        private final Map<RecheckOutcome, Integer> counts = new EnumMap<>(RecheckOutcome.class);
        private int entries;

        private synchronized void add(int compared, List<RecheckOutcome> outcomes) {
            entries += compared;
            outcomes.forEach(outcome -> counts.merge(outcome, 1, Integer::sum));
        }

        @Override
        public synchronized String toString() {
            return "entries=" + entries + " findings=" + counts;
        }
    }

    /// Compares partition by partition, in random order.
    ///
    /// @param isStopped asked before each page: whether to end early
    /// @param onMissing called when an entry was opened again
    /// @throws ProblemException 503 when a store does not answer
    Uni<Findings> compare(Instant since, BooleanSupplier isStopped, Runnable onMissing) {
        var walk = new Walk(since, isStopped, onMissing, new Findings());
        var shards =
                new ArrayList<>(IntStream.range(0, journal.shards()).boxed().toList());
        Collections.shuffle(shards);
        return Settler.inTurn(shards, shard -> compare(shard, Optional.empty(), walk))
                .replaceWith(walk.findings);
    }

    private record Walk(Instant since, BooleanSupplier isStopped, Runnable onMissing, Findings findings) {}

    private Uni<Void> compare(int shard, Optional<String> after, Walk walk) {
        if (walk.isStopped.getAsBoolean()) return Uni.createFrom().voidItem();
        return journal.closed(shard, walk.since, after, config.batch())
                .chain(page -> orders.recheck(page.items())
                        .invoke(outcomes -> {
                            walk.findings.add(page.items().size(), outcomes);
                            outcomes.forEach(meters::rechecked);
                            if (outcomes.contains(RecheckOutcome.MISSING)) walk.onMissing.run();
                        })
                        .chain(() -> page.next().isEmpty()
                                ? Uni.createFrom().voidItem()
                                : compare(shard, page.next(), walk)));
    }
}
