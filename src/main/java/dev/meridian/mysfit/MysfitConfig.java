package dev.meridian.mysfit;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;

/// Bounds of mysfits.
@ConfigMapping(prefix = "meridian.mysfit")
interface MysfitConfig {
    /// The most mysfits a list has; further ones are left out.
    @WithDefault("1000")
    @Min(1)
    @Max(10_000)
    int listMax();
}
