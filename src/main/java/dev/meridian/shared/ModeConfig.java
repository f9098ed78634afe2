package dev.meridian.shared;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/// What this process is for.
// The prefix is the root of all keys, so that an unknown key anywhere below it keeps the process from starting.
@ConfigMapping(prefix = "meridian")
public interface ModeConfig {
    /// `production`, or `test` for a process that may make its own tables, schema and sample data and needs
    /// no secrets. Dev mode, tests and benchmarks set it themselves; a profile's name changes nothing.
    @WithDefault("production")
    RunMode mode();
}
