package dev.meridian.like;

import dev.meridian.async.CallerContext;
import dev.meridian.async.RequestCoalescer;
import dev.meridian.shared.ProblemException;
import dev.meridian.shared.RegionConfig;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.logging.Log;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/// Likes of anything with an id that follows [dev.meridian.shared.ValidId].
@ApplicationScoped
public class LikeService {
    private final LikeRepository likes;
    private final ShardRegistry registry;
    private final LikeConfig config;
    private final String region;
    private final Counter counter;
    private final RequestCoalescer<String, Written> groups;

    LikeService(
            LikeRepository likes,
            ShardRegistry registry,
            LikeConfig config,
            RegionConfig region,
            MeterRegistry meters) {
        this.likes = likes;
        this.registry = registry;
        this.config = config;
        this.region = region.name();
        this.counter = meters.counter("meridian.likes");
        this.groups = new RequestCoalescer<>(this::group, config.waitingMax());
    }

    /// Adds one like, durable when answered. Not idempotent: a repeated call counts twice. Likes that come while one of
    /// the same subject is being written wait, and are written together.
    ///
    /// @return how many likes the subject has now, in all Regions as far as this one knows; empty when the
    ///     like is stored but could not be counted
    /// @throws ProblemException 503 when the store does not answer (the like may or may not be stored), or when
    ///     `meridian.like.waiting-max` likes already wait (it is not stored)
    public Uni<Optional<Long>> like(String subjectId) {
        return groups.join(subjectId).chain(written -> CallerContext.resumeOn(written.count()));
    }

    /// Likes that are stored, and their count.
    ///
    /// @param count how many likes the subject has now; may still be on its way; empty when it cannot be read
    private record Written(Uni<Optional<Long>> count) {}

    /// One write for a group of likes, and at the same time one read of the other counters. The next group waits for
    /// the write only.
    private Uni<Written> group(String subjectId, int size) {
        return Uni.createFrom().deferred(() -> {
            var writer = likes.writer(region);
            return registry.register(writer).chain(() -> write(subjectId, size, writer));
        });
    }

    /// The one place where likes are written.
    private Uni<Written> write(String subjectId, int size, LikeWriter writer) {
        int shard = ThreadLocalRandom.current().nextInt(config.shards());
        var written = begun(likes.add(subjectId, writer, shard, size));
        var others = begun(likes.countBeside(subjectId, writer, shard));
        return written.map(own -> {
            counter.increment(size);
            Log.infof("liked subjectId=%s likes=%d", subjectId, size);
            return new Written(others.map(sum -> Optional.of(own + sum))
                    .onFailure()
                    .recoverWithItem(failure -> {
                        Log.warnf(
                                "likes stored but not counted subjectId=%s likes=%d: %s",
                                subjectId, size, failure.getMessage());
                        return Optional.empty();
                    })
                    .memoize()
                    .indefinitely());
        });
    }

    /// Starts a call now; all subscribers get its one answer.
    private static <T> Uni<T> begun(Uni<T> call) {
        var answer = call.memoize().indefinitely();
        answer.subscribe().with(_ -> {}, _ -> {});
        return answer;
    }

    /// How many likes one subject has, in all Regions as far as this one knows; 0 without any.
    ///
    /// @throws ProblemException 503 when the store does not answer
    public Uni<Long> count(String subjectId) {
        return likes.count(subjectId);
    }

    /// How many likes each subject has, 0 without any. Parallel store calls, one for each hundred counters.
    ///
    /// @return every subject asked for
    /// @throws ProblemException 503 when the store does not answer
    public Uni<Map<String, Long>> counts(Collection<String> subjectIds) {
        if (subjectIds.isEmpty()) return Uni.createFrom().item(Map.of());
        return registry.shards().chain(shards -> likes.counts(subjectIds, shards));
    }
}
