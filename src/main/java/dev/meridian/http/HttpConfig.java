package dev.meridian.http;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;

/// Bounds of HTTP requests.
@ConfigMapping(prefix = "meridian.http")
public interface HttpConfig {
    /// Largest request body, with or without a `Content-Length`; a larger one is a 413.
    @WithDefault("1M")
    MemorySize bodySizeMax();

    /// Largest `text/csv` body. Only imports take one, and they read it as a stream.
    @WithDefault("10M")
    MemorySize csvSizeMax();

    /// Longest request target (path and query), bytes; longer ones are refused with 414.
    @WithDefault("8192")
    @Min(256)
    @Max(65_000)
    int targetLengthMax();

    /// Longest names and values of all headers together, bytes; more is refused with 431.
    @WithDefault("16384")
    @Min(1024)
    @Max(65_000)
    int headersLengthMax();
}
