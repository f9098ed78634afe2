package dev.meridian.like;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;

/// Bounds of likes.
@ConfigMapping(prefix = "meridian.like")
interface LikeConfig {
    /// The most shards a Region may have.
    int SHARDS_MAX = 64;

    /// Counters per subject in this Region. A counter takes about 1,000 likes a second (the write limit of a
    /// DynamoDB partition); more counters make a list more expensive. May be raised at any time. After it is
    /// lowered, the old counters are still read.
    @WithDefault("8")
    @Min(1)
    @Max(SHARDS_MAX)
    int shards();

    /// How long this process uses the list of Regions and shards before it reads it again.
    @WithDefault("10s")
    Duration registryRefresh();

    /// Batches of 100 counters that one list reads at once; further ones wait.
    @WithDefault("16")
    @Min(1)
    @Max(100)
    int concurrentBatches();

    /// Idempotency keys that a counter remembers: at least this many, at most twice as many.
    @WithDefault("100")
    @Min(1)
    @Max(500)
    int idempotencyKeysMax();

    /// Likes that may wait in this process for a write of the same subject to end; more are refused with 503.
    @WithDefault("10000")
    @Min(0)
    @Max(1_000_000)
    int waitingMax();
}
