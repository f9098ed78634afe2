package dev.meridian.startup;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/// What a process does before it serves.
@ConfigMapping(prefix = "meridian.startup")
public interface StartupConfig {
    /// Whether the process looks for missing tables, makes them where that is allowed, and loads sample data. Commands
    /// switch it off: they leave that to the servers.
    @WithDefault("true")
    boolean enabled();
}
