package dev.meridian.limits;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;

/// How many requests a process takes on at once. The limit adapts itself between two bounds; beyond it the answer is
/// 503, for lists and searches first.
@ConfigMapping(prefix = "meridian.shedding")
interface SheddingConfig {
    /// Whether load is shed.
    @WithDefault("false")
    boolean enabled();

    /// Fewest requests under way that the limit allows, however slow a store is.
    @WithDefault("8")
    @Min(2)
    @Max(10_000)
    int limitMin();

    /// Most requests under way that the limit allows, and what it allows while the process is not behind.
    @WithDefault("1000")
    @Min(2)
    @Max(10_000)
    int limitMax();

    /// How long requests may take on average, percent of what they take while little is under way; beyond it the
    /// limit falls.
    @WithDefault("165")
    @Min(110)
    @Max(1000)
    int slowdownMax();

    /// How long a task may wait for the event loop on average; beyond it the limit falls.
    @WithDefault("25ms")
    @DurationMin(millis = 1)
    Duration loopDelayMax();
}
