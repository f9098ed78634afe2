package dev.meridian.scoreimport;

import dev.meridian.leaderboard.LeaderboardService;
import dev.meridian.leaderboard.Score;
import dev.meridian.scoreimport.ImportRepository.Origin;
import dev.meridian.scoreimport.ImportRun.Line;
import dev.meridian.shared.Ids;
import dev.meridian.shared.ProblemException;
import dev.meridian.shared.RegionConfig;
import dev.meridian.shared.SharedProblem;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.logging.Log;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/// Imports scores from CSV as it arrives: at most a few batches are in memory, and reading waits for writing.
/// Cancelling stops it; what is stored by then stays.
@ApplicationScoped
class ScoreImport {
    /// The most items of one BatchWriteItem (Amazon DynamoDB API Reference, "BatchWriteItem").
    private static final int BATCH = 25;

    private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

    private final ImportRepository repository;
    private final LeaderboardService leaderboard;
    private final ScoreImportConfig config;
    private final RegionConfig region;
    private final Counter taken;
    private final AtomicInteger running = new AtomicInteger();

    /// A file as it arrives.
    ///
    /// @param charset what the content type says, else UTF-8
    record CsvFile(Multi<byte[]> pieces, CsvEncoding.Kind charset) {}

    ScoreImport(
            ImportRepository repository,
            LeaderboardService leaderboard,
            ScoreImportConfig config,
            RegionConfig region,
            MeterRegistry meters) {
        this.repository = repository;
        this.leaderboard = leaderboard;
        this.config = config;
        this.region = region;
        this.taken = meters.counter("meridian.scores");
    }

    /// Imports a file. The same rows under the same key are one import, in every Region, even when sent
    /// concurrently.
    ///
    /// @param idempotencyKey of the caller
    /// @param progress called with a line of text after every hundred rows
    /// @throws ProblemException 400 for a wrong header, 413 for too many rows, 429 when too many imports run
    Uni<ImportResult> run(CsvFile file, Optional<String> idempotencyKey, Consumer<String> progress) {
        return Uni.createFrom().deferred(() -> {
            if (running.incrementAndGet() > config.importsMax()) {
                running.decrementAndGet();
                throw new ProblemException(
                        ScoreImportProblem.TOO_MANY_IMPORTS,
                        "At most " + config.importsMax() + " imports run here at once.",
                        RETRY_AFTER);
            }
            var importId = idempotencyKey.map(key -> Ids.derive("score-import", key));
            return begin(importId)
                    .chain(origin -> stream(file, origin, importId, progress))
                    .ifNoItem()
                    .after(config.importTimeout())
                    .failWith(() -> new ProblemException(
                            SharedProblem.REQUEST_TIMEOUT, "The import took too long; a part of it is stored."))
                    .onTermination()
                    .invoke(running::decrementAndGet);
        });
    }

    /// Imports a file packaged with this application, unless an earlier import under this id was completed.
    ///
    /// @return how many scores were new
    Uni<Integer> runOnce(byte[] file, String importId) {
        var id = Optional.of(importId);
        return begin(id)
                .chain(origin -> origin.done()
                        ? Uni.createFrom().item(0)
                        : stream(
                                        new CsvFile(Multi.createFrom().item(file), CsvEncoding.Kind.UTF_8),
                                        origin,
                                        id,
                                        _ -> {})
                                .map(ImportResult::imported));
    }

    private Uni<Origin> begin(Optional<String> importId) {
        var now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        return importId.map(id -> repository.begin(id, now, region.name()))
                .orElseGet(() -> Uni.createFrom().item(new Origin(now, region.name(), false, false)));
    }

    private Uni<ImportResult> stream(
            CsvFile file, Origin origin, Optional<String> importId, Consumer<String> progress) {
        var run = new ImportRun(config, file.charset(), origin, importId);
        Multi<Line> lines = Multi.createBy()
                .concatenating()
                .streams(
                        file.pieces().onItem().transformToIterable(run::feed),
                        Multi.createFrom().deferred(() -> Multi.createFrom().iterable(run.finish())));
        return lines.group()
                .intoLists()
                .of(BATCH)
                .onItem()
                .transformToUni(
                        batch -> store(batch).invoke(() -> run.done(batch).forEach(progress)))
                .merge(config.importParallelism())
                .onItem()
                .ignoreAsUni()
                .map(_ -> run.result())
                .call(result -> importId.map(id -> repository.end(id, result.imported()))
                        .orElseGet(() -> Uni.createFrom().voidItem()))
                .invoke(result -> {
                    if (!origin.done()) taken.increment(result.imported());
                    int rejected = result.rejected().size() + result.rejectedNotListed();
                    Log.infof("scores imported rows=%d rejected=%d", result.imported(), rejected);
                });
    }

    private Uni<Void> store(List<Line> batch) {
        return store(batch.stream().flatMap(line -> line.score().stream()).toList(), 1);
    }

    /// Sends unprocessed items again.
    private Uni<Void> store(List<Score> scores, int attempt) {
        return leaderboard
                .storeAll(scores)
                .onFailure(failure -> ProblemException.isUnavailable(failure) && attempt < config.importAttempts())
                .recoverWithItem(scores)
                .chain(rest -> {
                    if (rest.isEmpty()) return Uni.createFrom().voidItem();
                    if (attempt >= config.importAttempts()) {
                        throw ProblemException.unavailable("DynamoDB does not take all rows of the import.", null);
                    }
                    return Uni.createFrom()
                            .voidItem()
                            .onItem()
                            .delayIt()
                            .by(backoff(attempt))
                            .chain(() -> store(rest, attempt + 1));
                });
    }

    /// Exponential backoff with jitter, so that parallel batches do not retry at the same time.
    private Duration backoff(int attempt) {
        long millis = Math.max(2, config.importBackoff().toMillis() << (attempt - 1));
        return Duration.ofMillis(ThreadLocalRandom.current().nextLong(millis / 2, millis) + 1);
    }
}
