package dev.meridian.dynamo;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.hibernate.validator.constraints.time.DurationMin;

/// Bounds and addresses of the calls to DynamoDB.
@ConfigMapping(prefix = "meridian.dynamo")
public interface DynamoConfig {
    /// Longest wait for one DynamoDB call, retry included.
    @WithDefault("1s")
    Duration timeout();

    /// Longest wait for one attempt of an idempotent call, which is tried twice at most.
    @WithDefault("400ms")
    Duration attemptTimeout();

    /// Longest wait for a new connection, TLS included.
    @WithDefault("500ms")
    Duration connectTimeout();

    /// Connections, so calls at the same time.
    @WithDefault("100")
    @Min(1)
    @Max(10_000)
    int maxConcurrency();

    /// Calls that may wait for a connection; more are refused at once with 503.
    @WithDefault("1000")
    @Min(1)
    @Max(100_000)
    int queueSize();

    /// How long an idle connection is kept. Below what a load balancer or NAT gateway on the way (350 s) keeps.
    @WithDefault("60s")
    Duration idleTimeout();

    /// Another Region's replica, for the time that this Region's DynamoDB does not answer.
    Fallback fallback();

    /// Another Region's replica, for the time that this Region's DynamoDB does not answer (docs/adr/0009).
    interface Fallback {
        /// Whether calls go there when this Region's DynamoDB fails for longer than `after`.
        @WithDefault("false")
        boolean enabled();

        /// The Region whose replica it is, `us-east-1`; it must hold the same global tables. Needed when enabled.
        Optional<String> region();

        /// Its endpoint, for tests and private endpoints; by default AWS's of that Region.
        Optional<URI> endpoint();

        /// How long nothing but failures must have come back. Longer than replication usually lags.
        @WithDefault("5s")
        @DurationMin(millis = 100)
        Duration after();

        /// How often this Region's DynamoDB is asked meanwhile, by each process; also the least time between two
        /// questions to a fallback that does not answer.
        @WithDefault("1s")
        @DurationMin(millis = 10)
        Duration probeInterval();

        /// Answers in a row after which calls go back to this Region.
        @WithDefault("5")
        @Min(1)
        @Max(1000)
        int returnAfter();
    }
}
