package dev.meridian.http;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Bounds of HTTP requests.
@ConfigMapping(prefix = "meridian.http")
public interface HttpConfig {
    /// Largest request body, with or without a `Content-Length`; a larger one is a 413.
    @WithDefault("128K")
    MemorySize bodySizeMax();

    /// Largest `text/csv` body. Only imports take one, and they read it as a stream.
    @WithDefault("10M")
    MemorySize csvSizeMax();

    /// Most bytes that the bodies of all requests under way may have together. Beyond it a request with a
    /// body is a 503, and a body that is being read is cut.
    @WithDefault("16M")
    MemorySize bodiesSizeMax();

    /// Longest time from the first byte of a request to the end of its headers; then the connection is closed.
    @WithDefault("10s")
    Duration headTimeMax();

    /// Longest time for the body of a request; then it is a 408 and the connection is closed.
    @WithDefault("10s")
    Duration bodyTimeMax();

    /// Longest time without a byte of a `text/csv` body, likewise. `meridian.leaderboard.import-timeout` bounds
    /// the whole.
    @WithDefault("10s")
    Duration csvSilenceMax();

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

    /// How often answers 503 of one kind are logged: the first at once, then the number of further ones at these
    /// intervals.
    @WithDefault("1m")
    Duration warningInterval();

    /// The load balancers whose `X-Forwarded-For` and `X-Forwarded-Proto` count: IP addresses, and blocks of them
    /// such as 10.0.0.0/16. What others send in these headers is not believed.
    Optional<List<String>> trustedProxies();
}
