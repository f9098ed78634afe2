package dev.meridian.sql;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

/// Bounds and addresses of the PostgreSQL pools.
@ConfigMapping(prefix = "meridian.sql")
public interface SqlConfig {
    /// The endpoint of the writer, `postgresql://host:port/database`. Of Aurora: a cluster's own, no global
    /// one, since the writer epoch names clusters.
    Optional<String> writerUrl();

    /// More endpoints that may be the writer, tried when the first one is not. The same in every Region.
    Optional<List<String>> writerCandidates();

    /// The reader endpoint of this Region, `postgresql://host:port/database`.
    Optional<String> readerUrl();

    /// The user of both pools.
    Optional<String> username();

    /// The password of both pools. From a secret, never from a file in the image.
    Optional<String> password();

    /// The user of the command `migrate`: the owner of the tables. By default the user of the pools.
    Optional<String> ownerUsername();

    /// The password of the owner.
    Optional<String> ownerPassword();

    /// The role of the service. The command `migrate` makes it if it is missing and grants it what the
    /// service needs; a role that it makes gets the password of the pools if it is their user. Unset: no
    /// grants.
    Optional<String> appRole();

    /// A role that may read all tables, for the command `reconcile`. The command `migrate` makes it if it is
    /// missing, without a password. Unset: none.
    Optional<String> auditRole();

    /// A file with the password, which is read again for each new connection and when the server refuses the
    /// last one: the bare password, or JSON with `username` and `password` as AWS Secrets Manager keeps it.
    /// It wins over `meridian.sql.username` and `meridian.sql.password`.
    Optional<String> passwordFile();

    /// Whether to log in with IAM tokens instead of a password. They are made from the AWS credentials of the
    /// process and need TLS.
    @WithDefault("false")
    boolean iam();

    /// The Region of servers whose host name does not tell it, for IAM tokens.
    Optional<String> iamRegion();

    /// TLS to PostgreSQL.
    Tls tls();

    /// Longest wait for one statement on the reader, connection included.
    @WithDefault("1s")
    Duration readTimeout();

    /// Longest wait for one statement on the writer, connection included. It may be in another Region.
    @WithDefault("1500ms")
    Duration writeTimeout();

    /// Longest wait for a new connection to a writer, TLS and login included: seven round trips, maybe to another
    /// Region.
    @WithDefault("3s")
    Duration connectTimeout();

    /// Longest wait for a new connection to the reader, which is in this Region. Reads go to the writer after that.
    @WithDefault("1s")
    Duration readerConnectTimeout();

    /// A server with pending statements that sends nothing for this long is probed over a new connection.
    @WithDefault("400ms")
    Duration silenceLimit();

    /// Longest wait for that connection, or three times as long as connecting took the last time if that is
    /// more. If there is no answer then, a second one is tried at once, for as long. If there is none either, and
    /// none on any other connection, the server counts as lost.
    @WithDefault("250ms")
    Duration probeTimeout();

    /// Whether a server on an older WAL timeline is never written to again. A server that refuses or lacks the
    /// functions that tell its timeline is asked without them. Set it to false on Aurora, which has no timeline.
    @WithDefault("true")
    boolean timelines();

    /// The search for servers.
    Search search();

    /// The writer epoch: which candidate operators have named as the writer.
    Epoch epoch();

    /// Concurrent reads that the writer takes while the reader is gone. 0: none.
    @WithDefault("4")
    @Min(0)
    @Max(500)
    int fallbackReadsMax();

    /// Prepared statements that a connection caches.
    @WithDefault("256")
    @Min(1)
    @Max(10_000)
    int preparedStatementsMax();

    /// Idle connections older than this are closed, so that changed addresses are noticed.
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

    /// How many tasks of all Regions may run at once, a deployment's surplus included. If their connections
    /// may take more than 60 % of the writer's `max_connections`, a warning with the numbers is logged when
    /// the writer is found. Unset: not checked.
    @Min(1)
    @Max(100_000)
    OptionalInt tasksMax();

    /// Statements that may wait for a connection; further ones are answered with 503.
    @WithDefault("1000")
    @WithName("queue-size")
    @Min(1)
    @Max(100_000)
    int queueSize();

    /// TLS to PostgreSQL.
    interface Tls {
        /// A PEM file with the certificates of the authorities that are trusted. With it connections are
        /// encrypted and checked like `sslmode=verify-full`, unless `sslmode` in an address says otherwise;
        /// without it they are plain text.
        Optional<String> ca();
    }

    /// The writer epoch.
    interface Epoch {
        /// Whether this process looks at the writer epoch. Off in the command `migrate` only: nothing else
        /// may write without it.
        @WithDefault("true")
        boolean enabled();

        /// How long a process that starts and cannot read the writer epoch writes nothing. After that it
        /// writes to any candidate. 0: it does not wait.
        @WithDefault("10s")
        @DurationMin(millis = 0)
        @DurationMax(minutes = 10)
        Duration hold();

        /// How often each process looks at the writer epoch, unless another read of the table has shown it.
        @WithDefault("1s")
        @DurationMin(millis = 100)
        @DurationMax(minutes = 1)
        Duration every();
    }

    /// The search for servers.
    interface Search {
        /// Wait between two probes of a candidate during a search, with jitter up to twice as long.
        @WithDefault("50ms")
        Duration poll();

        /// The longest wait, to which it grows in a long search.
        @WithDefault("500ms")
        Duration pollMax();

        /// How long the first writer that is found has to wait for the other candidates, one of which may be on a
        /// newer timeline.
        @WithDefault("150ms")
        Duration settle();

        /// How often the other candidates are probed outside of a search, over one connection to each. 0: never.
        @WithDefault("2s")
        Duration watch();
    }
}
