package dev.meridian.like;

import dev.meridian.async.RequestCoalescer;
import dev.meridian.shared.RegionConfig;
import io.quarkus.logging.Log;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The Regions and their shards as this process knows them.
@ApplicationScoped
class ShardRegistry {
    private static final String ALL = "all";

    private final LikeRepository likes;
    private final LikeConfig config;
    private final String region;
    private final Set<String> registered = ConcurrentHashMap.newKeySet();
    private final RequestCoalescer<String, Map<String, Integer>> registry;
    private volatile Map<String, Integer> known;

    ShardRegistry(LikeRepository likes, LikeConfig config, RegionConfig region) {
        this.likes = likes;
        this.config = config;
        this.region = region.name();
        this.registry = RequestCoalescer.keeping(_ -> read(), config.registryRefresh());
    }

    /// Registers a writer's shards: a store call only until the first one has succeeded. Concurrent first likes
    /// may each register; that does no harm.
    Uni<Void> register(LikeWriter writer) {
        if (registered.contains(writer.name())) return Uni.createFrom().voidItem();
        return likes.register(writer, config.shards()).invoke(() -> registered.add(writer.name()));
    }

    /// The shards of every known Region, at least of this one. Only the first calls wait for the store. Later calls
    /// read it in the background, at most once in `meridian.like.registry-refresh`. A failure is logged and leaves
    /// what was known before.
    Uni<Map<String, Integer>> shards() {
        var latest = registry.join(ALL).onFailure().recoverWithNull();
        if (known == null) return latest.map(_ -> withOwn());
        latest.subscribe().with(_ -> {});
        return Uni.createFrom().item(withOwn());
    }

    /// After a failure the known shards count as just read, so that not every list calls an unavailable store.
    private Uni<Map<String, Integer>> read() {
        return likes.registry()
                .invoke(shards -> known = shards)
                .onFailure()
                .invoke(failure -> Log.warnf("cannot read the Regions of likes: %s", failure.getMessage()))
                .onFailure(_ -> known != null)
                .recoverWithItem(() -> known);
    }

    private Map<String, Integer> withOwn() {
        var now = known;
        var shards = new HashMap<>(now == null ? Map.<String, Integer>of() : now);
        shards.merge(region, config.shards(), Math::max);
        registered.forEach(writer -> shards.merge(writer, config.shards(), Math::max));
        return shards;
    }
}
