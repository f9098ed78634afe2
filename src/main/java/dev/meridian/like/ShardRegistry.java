package dev.meridian.like;

import dev.meridian.shared.RegionConfig;
import io.quarkus.logging.Log;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/// What this process knows about the Regions and their shards.
@ApplicationScoped
class ShardRegistry {
    /// @param shards as they were registered
    /// @param readAt by [System#nanoTime]
    private record Known(Map<String, Integer> shards, long readAt) {}

    private final LikeRepository likes;
    private final LikeConfig config;
    private final String region;
    private final AtomicBoolean refreshing = new AtomicBoolean();
    private final Set<String> registered = ConcurrentHashMap.newKeySet();
    private volatile Known known;

    ShardRegistry(LikeRepository likes, LikeConfig config, RegionConfig region) {
        this.likes = likes;
        this.config = config;
        this.region = region.name();
    }

    /// Sees to it that a writer's shards are registered; a store call only until the first one succeeded. First likes
    /// at the same time may each register: that does no harm.
    Uni<Void> register(LikeWriter writer) {
        if (registered.contains(writer.name())) return Uni.createFrom().voidItem();
        return likes.register(writer, config.shards()).invoke(() -> registered.add(writer.name()));
    }

    /// The shards of every Region known, at least this one's. Only the first calls wait for the store; a
    /// failure to read is logged and leaves what was known before.
    Uni<Map<String, Integer>> shards() {
        var now = known;
        if (now == null) return refresh().map(_ -> withOwn());
        if (System.nanoTime() - now.readAt() > config.registryRefresh().toNanos()
                && refreshing.compareAndSet(false, true)) {
            refresh().subscribe().with(_ -> refreshing.set(false));
        }
        return Uni.createFrom().item(withOwn());
    }

    private Uni<Void> refresh() {
        return likes.registry()
                .invoke(shards -> known = new Known(shards, System.nanoTime()))
                .replaceWithVoid()
                .onFailure()
                .recoverWithItem(failure -> {
                    Log.warnf("cannot read the Regions of likes: %s", failure.getMessage());
                    var now = known;
                    if (now != null) known = new Known(now.shards(), System.nanoTime());
                    return null;
                });
    }

    private Map<String, Integer> withOwn() {
        var now = known;
        var shards = new HashMap<>(now == null ? Map.<String, Integer>of() : now.shards());
        shards.merge(region, config.shards(), Math::max);
        registered.forEach(writer -> shards.merge(writer, config.shards(), Math::max));
        return shards;
    }
}
