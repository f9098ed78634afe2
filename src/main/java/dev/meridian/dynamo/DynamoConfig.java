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
    /// Which client calls DynamoDB: `own`, which works on the request's event loop, or `sdk`, that of the AWS SDK
    /// (docs/adr/0012).
    @WithDefault("own")
    ClientKind client();

    /// A client.
    enum ClientKind {
        /// [dev.meridian.dynamoclient].
        OWN,
        /// That of the AWS SDK.
        SDK
    }

    /// Longest wait for one DynamoDB call, retries and the pauses before them included.
    @WithDefault("1s")
    Duration timeout();

    /// Longest wait for one attempt of an idempotent call.
    @WithDefault("400ms")
    Duration attemptTimeout();

    /// Longest wait for a new connection, TLS included.
    @WithDefault("500ms")
    Duration connectTimeout();

    /// Connections, which is the number of concurrent calls. Of `own`, each event loop has an equal part of
    /// them, and at least one.
    @WithDefault("100")
    @Min(1)
    @Max(10_000)
    int maxConcurrency();

    /// Calls that may wait for a connection; further calls are answered with 503. Divided likewise.
    @WithDefault("1000")
    @Min(1)
    @Max(100_000)
    int queueSize();

    /// How long an idle connection is kept. Less than the idle timeout of NAT gateways (350 s).
    @WithDefault("60s")
    Duration idleTimeout();

    /// Another Region's replica, used while this Region's DynamoDB does not answer.
    Fallback fallback();

    /// Another Region's replica, used while this Region's DynamoDB does not answer (docs/adr/0009).
    interface Fallback {
        /// Whether calls go there when this Region's DynamoDB fails for longer than `after`.
        @WithDefault("false")
        boolean enabled();

        /// The fallback Region, `us-east-1`, with the same global tables. Required when enabled.
        Optional<String> region();

        /// Its endpoint, for tests and private endpoints; by default that of AWS for the Region.
        Optional<URI> endpoint();

        /// How long all calls must fail. Longer than the usual replication lag.
        @WithDefault("5s")
        @DurationMin(millis = 100)
        Duration after();

        /// How often each process probes this Region's DynamoDB while it uses the fallback; also the least
        /// time between two probes of a fallback that does not answer.
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
