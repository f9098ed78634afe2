package dev.meridian.recovery;

import dev.meridian.order.MissingOrder;
import dev.meridian.order.OrderRecoveryService;
import dev.meridian.order.Settled;
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

/// What operators see and do about orders that are open or were lost.
@ApplicationScoped
@Unremovable
public class RecoveryService {
    /// The index follows the journal with a delay, so what looks open is looked at again.
    private static final int LOOKS_MAX = 4;

    private static final Duration PAUSE = Duration.ofMillis(500);
    private static final int COUNT_MAX = 10_000;

    private final Settler settler;
    private final OrderRecoveryService orders;
    private final RecoveryConfig config;
    private final Uni<OpenOrders> open;

    RecoveryService(Settler settler, OrderRecoveryService orders, RecoveryConfig config) {
        this.settler = settler;
        this.orders = orders;
        this.config = config;
        this.open = Uni.createFrom()
                .deferred(() -> count(orders, config.countMax()))
                .memoize()
                .forFixedDuration(config.countFor());
    }

    /// How many orders are written down and not yet carried out, in all Regions as far as this one's journal knows.
    ///
    /// @param entries how many were counted
    /// @param more whether there may be more
    public record OpenOrders(int entries, boolean more) {}

    /// How many orders are open now; eventually consistent, at most `meridian.recovery.count-for` old, whoever asks.
    ///
    /// @throws ProblemException 503 when DynamoDB does not answer
    public Uni<OpenOrders> open() {
        return open;
    }

    private static Uni<OpenOrders> count(OrderRecoveryService orders, int most) {
        return Multi.createFrom()
                .items(IntStream.range(0, orders.shards()).boxed())
                .onItem()
                .transformToUniAndMerge(shard -> orders.countOpen(shard, most))
                .collect()
                .asList()
                .map(counts -> new OpenOrders(
                        counts.stream().mapToInt(Integer::intValue).sum(),
                        counts.stream().anyMatch(count -> count >= most)));
    }

    /// What [#settleOnce] did.
    ///
    /// @param confirmed entries confirmed, those lost in a failover not counted
    /// @param replayed orders lost in a failover that are confirmed again
    /// @param rejected entries rejected
    /// @param failed attempts that failed for the entry's own sake
    /// @param open entries that are still open, counted up to 10,000 in each partition
    public record Summary(int confirmed, int replayed, int rejected, int failed, int open) {
        private Summary plus(Pass pass, int left) {
            return new Summary(
                    confirmed + pass.count(Settled.CONFIRMED),
                    replayed + pass.count(Settled.REPLAYED),
                    rejected + pass.count(Settled.REJECTED),
                    pass.failures(),
                    left);
        }
    }

    /// Carries all open entries out, the youngest too. Other processes may do the same at once.
    ///
    /// @throws ProblemException 503 when DynamoDB does not answer
    public Uni<Summary> settleOnce() {
        return look(new Summary(0, 0, 0, 0, 0), 1);
    }

    private Uni<Summary> look(Summary before, int looks) {
        return settler.once()
                .chain(pass -> countOpen().map(left -> before.plus(pass, left)).chain(now -> {
                    if (now.open() == 0 || pass.isAway() || looks == LOOKS_MAX)
                        return Uni.createFrom().item(now);
                    return Uni.createFrom()
                            .voidItem()
                            .onItem()
                            .delayIt()
                            .by(PAUSE)
                            .chain(() -> look(now, looks + 1));
                }));
    }

    private Uni<Integer> countOpen() {
        return Multi.createFrom()
                .items(IntStream.range(0, orders.shards()).boxed())
                .onItem()
                .transformToUniAndConcatenate(shard -> orders.countOpen(shard, COUNT_MAX))
                .collect()
                .with(Collectors.summingInt(Integer::intValue));
    }

    /// One page of the orders that a new SQL writer lacked or contradicted, newest find first; eventually consistent.
    ///
    /// @param limit 1 to the configured maximum
    /// @param cursor where the page before ended
    /// @throws ProblemException 400 when the limit or the cursor is not valid
    public Uni<Page<MissingOrder>> missing(int limit, Optional<String> cursor) {
        if (limit < 1 || limit > config.pageSizeMax()) {
            throw ProblemException.invalid("limit", "must be 1 to " + config.pageSizeMax());
        }
        return orders.missing(cursor, limit);
    }
}
