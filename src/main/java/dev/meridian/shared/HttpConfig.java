package dev.meridian.shared;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;

/// Bounds of requests, beside `quarkus.http.limits.max-body-size`.
@ConfigMapping(prefix = "meridian.http")
interface HttpConfig {
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
