package dev.meridian.startup;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/// Sample data: on in mode `test`, off in production unless asked for.
@ConfigMapping(prefix = "meridian.sample-data")
public interface SampleDataConfig {
    /// Whether missing sample data is loaded at start.
    @WithDefault("false")
    boolean enabled();

    /// Whether `POST /v1/fill` may make sample customers, products and orders.
    @WithDefault("false")
    boolean fillEnabled();
}
