package dev.meridian.like;

import dev.meridian.async.CallerContext;
import dev.meridian.async.RequestCoalescer;
import dev.meridian.like.LikeRepository.Added;
import dev.meridian.shared.Ids;
import dev.meridian.shared.ProblemException;
import dev.meridian.shared.RegionConfig;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.logging.Log;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
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

    /// As [#like(String)], once for each key. A counter remembers at least its last
    /// `meridian.like.idempotency-keys-max` keys; a key that was sent to several Regions is counted once
    /// when they have replicated to each other.
    ///
    /// @param key of the caller
    /// @throws ProblemException 503 when the store does not answer; a retry with the key is safe
    public Uni<Optional<Long>> like(String subjectId, String key) {
        return Uni.createFrom()
                .deferred(() -> {
                    var writer = likes.writer(region);
                    return registry.register(writer).chain(() -> writeOnce(subjectId, key, writer));
                })
                .chain(written -> CallerContext.resumeOn(written.count()));
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

    private Uni<Written> write(String subjectId, int size, LikeWriter writer) {
        int shard = ThreadLocalRandom.current().nextInt(config.shards());
        return write(subjectId, writer, shard, likes.add(subjectId, writer, shard, size));
    }

    /// The shard follows from the key, so that a retry finds the counter that has it.
    private Uni<Written> writeOnce(String subjectId, String key, LikeWriter writer) {
        var entry = Ids.deriveShort("like", key);
        int shard = Math.floorMod(entry.hashCode(), config.shards());
        return write(subjectId, writer, shard, likes.addOnce(subjectId, writer, shard, entry));
    }

    /// The one place where likes are written.
    private Uni<Written> write(String subjectId, LikeWriter writer, int shard, Uni<Added> add) {
        var written = begun(add);
        var others = begun(likes.countersBeside(subjectId, writer, shard));
        return written.map(added -> {
            if (added.likes() > 0) {
                counter.increment(added.likes());
                Log.infof("liked subjectId=%s likes=%d", subjectId, added.likes());
            }
            return new Written(others.map(rest -> Optional.of(sum(added.counter(), rest)))
                    .onFailure()
                    .recoverWithItem(failure -> {
                        Log.warnf(
                                "likes stored but not counted subjectId=%s likes=%d: %s",
                                subjectId, added.likes(), failure.getMessage());
                        return Optional.empty();
                    })
                    .memoize()
                    .indefinitely());
        });
    }

    private static long sum(LikeCounter own, List<LikeCounter> others) {
        var all = new ArrayList<>(others);
        all.add(own);
        return LikeCounter.sum(all);
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
