package dev.meridian.startup;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/// The work at start.
@ConfigMapping(prefix = "meridian.startup")
public interface StartupConfig {
    /// Whether the process checks the tables, creates missing ones where that is allowed, and loads sample data. Off in
    /// commands.
    @WithDefault("true")
    boolean enabled();
}
