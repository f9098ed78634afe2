package dev.meridian.mysfit;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;

/// Bounds of mysfits.
@ConfigMapping(prefix = "meridian.mysfit")
interface MysfitConfig {
    /// The most mysfits a list has; further ones are left out.
    @WithDefault("1000")
    @Min(1)
    @Max(10_000)
    int listMax();

    /// How long a mysfit counts as existing after it was read, so that a like needs no read first. 0s: not at all.
    @WithDefault("10s")
    Duration knownFor();

    /// How many mysfits are remembered for that.
    @WithDefault("10000")
    @Min(1)
    @Max(1_000_000)
    int knownMax();

    /// Requests that may wait in this process for a read of the list or, before a like, of one mysfit; more are refused
    /// with 503.
    @WithDefault("10000")
    @Min(0)
    @Max(1_000_000)
    int waitingMax();
}
