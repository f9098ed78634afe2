package dev.meridian.shared;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/// Bounds of what comes in over HTTP.
@ConfigMapping(prefix = "meridian.http")
public interface HttpConfig {
    /// Size of a request body at most, with or without a `Content-Length`; more is a 413.
    @WithDefault("1M")
    MemorySize bodySizeMax();

    /// Size of a `text/csv` body at most. Only imports take one, and they read it as a stream.
    @WithDefault("10M")
    MemorySize csvSizeMax();
}
