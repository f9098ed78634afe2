package dev.meridian.recovery;

import dev.meridian.journal.JournalService;
import dev.meridian.order.OrderRecoveryService;
import dev.meridian.order.RecheckOutcome;
import dev.meridian.shared.ProblemException;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/// Compares closed entries with the SQL writer. Entries that the writer lacks are opened again.
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
            outcomes.stream()
                    .filter(outcome -> outcome != RecheckOutcome.SAME)
                    .forEach(outcome -> counts.merge(outcome, 1, Integer::sum));
        }

        private synchronized void add(Findings other) {
            entries += other.entries;
            other.counts.forEach((outcome, count) -> counts.merge(outcome, count, Integer::sum));
        }

        /// Whether an entry was wrong.
        synchronized boolean isAny() {
            return !counts.isEmpty();
        }

        /// Whether the writer lacked something. What it has and the journal had not, it does not lack.
        private synchronized boolean isLacking() {
            return counts.keySet().stream().anyMatch(outcome -> outcome != RecheckOutcome.CANCELLED_ELSEWHERE);
        }

        @Override
        public synchronized String toString() {
            return "entries=" + entries + " findings=" + counts;
        }
    }

    /// Compares partition by partition, in random order. Where the writer lacks something, it may lack older
    /// entries too: the comparison goes back window by window, each twice as long as the one before, until a whole
    /// one lacks nothing.
    ///
    /// @param isNew whether the writer is new: then a window without entries is no sign that it lacks nothing,
    ///     nor is it where something was missing
    /// @param isStopped asked before each page: whether to end early
    /// @param onMissing called when an entry was opened again
    /// @throws ProblemException 503 when a store does not answer
    Uni<Findings> compare(
            List<Integer> partitions, Instant since, boolean isNew, BooleanSupplier isStopped, Runnable onMissing) {
        var all = new Findings();
        var inRandomOrder = new ArrayList<>(partitions);
        Collections.shuffle(inRandomOrder);
        // Those that another clock closed in the future too.
        var until = Instant.now().plus(Duration.ofDays(1));
        return Settler.inTurn(inRandomOrder, partition -> {
                    var walk = new Walk(partition, isStopped, onMissing, all);
                    return back(walk, since, until, config.window(), isNew);
                })
                .chain(orders::keepReport)
                .replaceWith(all);
    }

    private record Walk(int partition, BooleanSupplier isStopped, Runnable onMissing, Findings findings) {}

    /// @param length of the next window, which ends where this one begins
    /// @param isInDoubt whether an empty window is not enough
    private Uni<Void> back(Walk walk, Instant since, Instant until, Duration length, boolean isInDoubt) {
        var found = new Findings();
        return compare(walk, since, until, Optional.empty(), found).chain(() -> {
            walk.findings.add(found);
            boolean isEnough = !found.isLacking() && (found.entries > 0 || !isInDoubt);
            if (isEnough || length.compareTo(config.backMax()) > 0 || walk.isStopped.getAsBoolean())
                return Uni.createFrom().voidItem();
            return back(walk, since.minus(length), since, length.multipliedBy(2), isInDoubt || found.isLacking());
        });
    }

    private Uni<Void> compare(Walk walk, Instant since, Instant until, Optional<String> after, Findings found) {
        if (walk.isStopped.getAsBoolean()) return Uni.createFrom().voidItem();
        return journal.closed(walk.partition, since, until, after, config.batch())
                .chain(page -> orders.recheck(page.items())
                        .invoke(outcomes -> {
                            found.add(page.items().size(), outcomes);
                            meters.compared(page.items().size());
                            outcomes.forEach(meters::rechecked);
                            if (outcomes.contains(RecheckOutcome.MISSING)) walk.onMissing.run();
                        })
                        .chain(() -> page.next().isEmpty()
                                ? Uni.createFrom().voidItem()
                                : compare(walk, since, until, page.next(), found)));
    }
}
