package dev.meridian.catalog;

import dev.meridian.catalog.CatalogJournalRepository.Indexed;
import dev.meridian.catalog.CatalogReplayRepository.Key;
import dev.meridian.catalog.CatalogReplayRepository.Stored;
import dev.meridian.dynamo.ShardedIndex;
import dev.meridian.shared.NewerFormat;
import dev.meridian.shared.ProblemException;
import dev.meridian.shared.RegionConfig;
import io.quarkus.logging.Log;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.IntStream;

/// The face of the catalog for `recovery`: applies again the changes of products that a new SQL writer lacks.
/// May run any number of times, in many processes and Regions at once.
@ApplicationScoped
public class CatalogRecoveryService {
    private final CatalogJournalRepository journal;
    private final CatalogReplayRepository writer;
    private final CatalogConfig config;
    private final String region;

    CatalogRecoveryService(
            CatalogJournalRepository journal,
            CatalogReplayRepository writer,
            CatalogConfig config,
            RegionConfig region) {
        this.journal = journal;
        this.writer = writer;
        this.config = config;
        this.region = region.name();
    }

    /// What became of the changes of products since a time.
    ///
    /// @param compared changes that were compared with the writer
    /// @param replayed changes that the writer lacked, and that this process applied again
    /// @param failed changes that it lacks and that could not be applied; the log has each
    public record Replay(int compared, int replayed, int failed) {
        private Replay plus(Replay more) {
            return new Replay(compared + more.compared, replayed + more.replayed, failed + more.failed);
        }
    }

    private static final Replay NOTHING = new Replay(0, 0, 0);
    private static final Replay REPLAYED = new Replay(0, 1, 0);
    private static final Replay FAILED = new Replay(0, 0, 1);

    /// Compares the changes since a time with the writer, those of a product in the order in which they were
    /// decided. A decided one that the writer lacks is applied again. An open one, whose process of this
    /// Region died, is closed when the writer has it, else removed: it was never answered.
    ///
    /// @param batch changes compared by one statement
    /// @param isStopped asked before each page: whether to end early
    /// @throws ProblemException 503 when a store does not answer; the call may be repeated
    public Uni<Replay> replay(Instant since, int batch, BooleanSupplier isStopped) {
        return inTurn(
                IntStream.range(0, ShardedIndex.SHARDS).boxed().toList(),
                shard -> replay(shard, since, Optional.empty(), batch, isStopped));
    }

    private Uni<Replay> replay(
            int shard, Instant since, Optional<Indexed> after, int batch, BooleanSupplier isStopped) {
        if (isStopped.getAsBoolean()) return Uni.createFrom().item(NOTHING);
        return journal.changed(shard, since, after, batch)
                .chain(page -> compare(page.items())
                        .chain(done -> page.next().isEmpty()
                                ? Uni.createFrom().item(done)
                                : replay(shard, since, page.next(), batch, isStopped)
                                        .map(done::plus)));
    }

    private Uni<Replay> compare(List<Indexed> page) {
        if (page.isEmpty()) return Uni.createFrom().item(NOTHING);
        return writer.find(page)
                .chain(stored -> inTurn(page, change -> compare(change, stored)))
                .map(new Replay(page.size(), 0, 0)::plus);
    }

    private Uni<Replay> compare(Indexed change, Map<Key, Stored> stored) {
        var found = Optional.ofNullable(stored.get(new Key(change.productId(), change.key())));
        if (change.isDecided() ? found.isPresent() : !isLeftHere(change))
            return Uni.createFrom().item(NOTHING);
        return journal.find(change)
                .chain(entry -> entry.map(
                                now -> found.map(row -> close(now, row)).orElseGet(() -> missing(now)))
                        .orElseGet(() -> Uni.createFrom().item(NOTHING)))
                .onFailure(failure -> !ProblemException.isUnavailable(failure))
                .recoverWithItem(failure -> failed(change, failure));
    }

    /// Whether a process of this Region has left the entry open. Another Region may have decided it, and its
    /// replica is late.
    private boolean isLeftHere(Indexed open) {
        return open.region().equals(region)
                && open.at().plus(config.journalGrace()).isBefore(Instant.now());
    }

    private Uni<Replay> close(ProductChange entry, Stored row) {
        if (entry.isDecided()) return Uni.createFrom().item(NOTHING);
        Log.infof("product change is in SQL: its process ended productId=%s", entry.productId());
        return journal.close(entry.decided(row.added(), row.at())).replaceWith(NOTHING);
    }

    private Uni<Replay> missing(ProductChange entry) {
        if (!entry.isDecided()) return journal.remove(entry).replaceWith(NOTHING);
        return writer.apply(entry).map(isDone -> {
            if (!isDone) return NOTHING;
            Log.warnf(
                    "product change was missing on the writer, done again productId=%s kind=%s units=%d at=%s",
                    entry.productId(), entry.draft().isPresent() ? "put" : "restock", entry.units(), entry.at());
            return REPLAYED;
        });
    }

    private static Replay failed(Indexed change, Throwable failure) {
        // The newer version does it.
        if (NewerFormat.is(failure)) return NOTHING;
        Log.errorf(failure, "product change cannot be done again productId=%s at=%s", change.productId(), change.at());
        return FAILED;
    }

    /// Runs the step for one item after the other.
    private static <T> Uni<Replay> inTurn(List<T> items, Function<T, Uni<Replay>> step) {
        return Multi.createFrom()
                .iterable(items)
                .onItem()
                .transformToUniAndConcatenate(step::apply)
                .collect()
                .in(() -> new Replay[] {NOTHING}, (sum, done) -> sum[0] = sum[0].plus(done))
                .map(sum -> sum[0]);
    }
}
