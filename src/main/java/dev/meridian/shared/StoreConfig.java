package dev.meridian.shared;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.hibernate.validator.constraints.time.DurationMin;

/// Bounds and addresses of the two stores.
@ConfigMapping(prefix = "meridian")
public interface StoreConfig {
    /// DynamoDB tables.
    Tables tables();

    /// Calls to DynamoDB.
    Dynamo dynamo();

    /// PostgreSQL pools.
    Sql sql();

    /// DynamoDB tables.
    interface Tables {
        /// What every table name begins with.
        @WithDefault("meridian-")
        String prefix();

        /// Whether missing tables are created at start. Refused with the production profile.
        @WithDefault("false")
        boolean create();
    }

    /// Calls to DynamoDB.
    interface Dynamo {
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
    }

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

    /// PostgreSQL pools.
    interface Sql {
        /// The global writer endpoint, `postgresql://host:port/database`.
        Optional<String> writerUrl();

        /// More endpoints that may be the writer, tried when the first one is not.
        Optional<List<String>> writerCandidates();

        /// The reader endpoint of this Region, `postgresql://host:port/database`.
        Optional<String> readerUrl();

        /// The user of both pools.
        Optional<String> username();

        /// The password of both pools. From a secret, never from a file in the image.
        Optional<String> password();

        /// Longest wait for one statement on the reader, connection included.
        @WithDefault("1s")
        Duration readTimeout();

        /// Longest wait for one statement on the writer, connection included. It may be in another Region.
        @WithDefault("1500ms")
        Duration writeTimeout();

        /// Longest wait for a new connection, handshake included.
        @WithDefault("1s")
        Duration connectTimeout();

        /// A server that owes answers and says nothing for so long is asked over a new connection; if that is not
        /// answered within the same time either, the server counts as lost.
        @WithDefault("400ms")
        Duration silenceLimit();

        /// Whether a server on an older WAL timeline is never written to again. Set it to false where ordinary roles
        /// may not call `pg_control_system()`; Aurora is recognised and has no timeline in any case.
        @WithDefault("true")
        boolean timelines();

        /// How the servers are searched and watched.
        Search search();

        /// How many reads may be on their way to the writer at once while the reader is gone. 0: none ever.
        @WithDefault("4")
        @Min(0)
        @Max(500)
        int fallbackReadsMax();

        /// Statements a connection keeps prepared; the least used one makes room.
        @WithDefault("256")
        @Min(1)
        @Max(10_000)
        int preparedStatementsMax();

        /// Idle connections older than this are closed, so that changed addresses and passwords are noticed.
        @WithDefault("10m")
        Duration connectionLifetime();

        /// Connections to the reader.
        @WithDefault("16")
        @Min(1)
        @Max(500)
        int readerPoolSize();

        /// Connections to the writer.
        @WithDefault("16")
        @Min(1)
        @Max(500)
        int writerPoolSize();

        /// Statements that may wait for a connection; more are refused at once with 503.
        @WithDefault("1000")
        @WithName("queue-size")
        @Min(1)
        @Max(100_000)
        int queueSize();

        /// How the servers are searched and watched.
        interface Search {
            /// Wait between two questions to one server while there is none; jittered up to twice as long.
            @WithDefault("50ms")
            Duration poll();

            /// The wait grows to this when the search goes on for long.
            @WithDefault("500ms")
            Duration pollMax();

            /// How long the first writer that is found waits for the answers of the other candidates, since one
            /// of them may be on a newer timeline.
            @WithDefault("150ms")
            Duration settle();

            /// How often the other candidates are asked while all is well, over one connection kept to each. 0:
            /// never.
            @WithDefault("2s")
            Duration watch();
        }
    }
}
