package dev.meridian.recovery;

import dev.meridian.async.RequestCoalescer;
import dev.meridian.journal.JournalService;
import dev.meridian.order.SettlementOutcome;
import dev.meridian.shared.Page;
import dev.meridian.shared.ProblemException;
import io.quarkus.arc.Unremovable;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// The face of recovery: what operators see and do about orders that are open or were lost.
@ApplicationScoped
@Unremovable
public class RecoveryService {
    /// The index of open entries lags behind the entries, so one run may not settle all.
    private static final int RUNS_MAX = 4;

    private static final Duration PAUSE = Duration.ofMillis(500);
    private static final int COUNT_MAX = 10_000;
    private static final String OPEN = "open";

    private final Settler settler;
    private final JournalService journal;
    private final RecoveryConfig config;
    private final RequestCoalescer<String, OpenOrders> counts;

    RecoveryService(Settler settler, JournalService journal, RecoveryConfig config) {
        this.settler = settler;
        this.journal = journal;
        this.config = config;
        this.counts = RequestCoalescer.keeping(_ -> count(journal, config.countMax()), config.countFor());
    }

    /// How many orders are not settled yet, in all Regions, as far as the journal of this Region knows.
    ///
    /// @param entries how many were counted
    /// @param more whether there may be more
    public record OpenOrders(int entries, boolean more) {}

    /// How many orders are open now; eventually consistent, and at most `meridian.recovery.count-for` old.
    ///
    /// @throws ProblemException 503 when DynamoDB does not answer
    public Uni<OpenOrders> open() {
        return counts.join(OPEN);
    }

    private static Uni<OpenOrders> count(JournalService journal, int most) {
        return Multi.createFrom()
                .items(IntStream.range(0, journal.shards()).boxed())
                .onItem()
                .transformToUniAndMerge(shard -> journal.countOpen(shard, most))
                .collect()
                .asList()
                .map(counts -> new OpenOrders(
                        counts.stream().mapToInt(Integer::intValue).sum(),
                        counts.stream().anyMatch(count -> count >= most)));
    }

    /// What [#settleOnce] did.
    ///
    /// @param confirmed entries confirmed or cancelled, those lost in a failover not counted
    /// @param replayed orders lost in a failover that are confirmed again
    /// @param rejected entries rejected
    /// @param failed entries that could not be settled although the stores answered
    /// @param open entries that are still open, counted up to 10,000 in each partition
    public record Summary(int confirmed, int replayed, int rejected, int failed, int open) {
        private Summary plus(SettlementRun run, int left) {
            return new Summary(
                    confirmed + run.count(SettlementOutcome.CONFIRMED) + run.count(SettlementOutcome.CANCELLED),
                    replayed + run.count(SettlementOutcome.REPLAYED),
                    rejected + run.count(SettlementOutcome.REJECTED),
                    run.failures(),
                    left);
        }
    }

    /// Settles all open entries, of any age. Other processes may do the same at once.
    ///
    /// @throws ProblemException 503 when DynamoDB does not answer
    public Uni<Summary> settleOnce() {
        return settle(new Summary(0, 0, 0, 0, 0), 1);
    }

    private Uni<Summary> settle(Summary before, int runs) {
        return settler.once()
                .chain(run -> countOpen().map(left -> before.plus(run, left)).chain(now -> {
                    if (now.open() == 0 || run.isAway() || runs == RUNS_MAX)
                        return Uni.createFrom().item(now);
                    return Uni.createFrom()
                            .voidItem()
                            .onItem()
                            .delayIt()
                            .by(PAUSE)
                            .chain(() -> settle(now, runs + 1));
                }));
    }

    private Uni<Integer> countOpen() {
        return Multi.createFrom()
                .items(IntStream.range(0, journal.shards()).boxed())
                .onItem()
                .transformToUniAndConcatenate(shard -> journal.countOpen(shard, COUNT_MAX))
                .collect()
                .with(Collectors.summingInt(Integer::intValue));
    }

    /// One page of the orders that a new SQL writer lacked or contradicted, newest find first; eventually
    /// consistent.
    ///
    /// @param limit 1 to the configured maximum
    /// @param cursor where the page before ended
    /// @throws ProblemException 400 when the limit or the cursor is not valid
    Uni<Page<MissingOrder>> missing(int limit, Optional<String> cursor) {
        if (limit < 1 || limit > config.pageSizeMax()) {
            throw ProblemException.invalid("limit", "must be 1 to " + config.pageSizeMax());
        }
        return journal.missing(cursor, limit)
                .map(page ->
                        new Page<>(page.items().stream().map(MissingOrder::of).toList(), page.next()));
    }
}
