package dev.meridian.sqlpool;

import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.Uni;
import io.vertx.pgclient.PgConnectOptions;
import java.util.List;
import java.util.Objects;
import java.util.function.BiFunction;

/// Where servers are and how to log in.
///
/// @param options addresses and options of each, in order of preference; the pool copies them
/// @param credentials called before each connection attempt, for passwords that change and tokens that
///     expire, and a second time with those that the server has refused (else null); null = user and password
///     of the options
/// @param timelines whether the servers show their WAL timeline, by which older writers are kept out.
///     PostgreSQL shows it to any role; Aurora has none
/// @param meters where the pool reports: `meridian.sql.*`
public record ServerSettings(
        List<PgConnectOptions> options,
        BiFunction<PgConnectOptions, Credentials, Uni<Credentials>> credentials,
        boolean timelines,
        MeterRegistry meters) {
    public ServerSettings {
        options = List.copyOf(options);
        if (options.isEmpty()) throw new IllegalArgumentException("at least one server is needed");
        Objects.requireNonNull(meters, "meters");
    }

    List<Endpoint> endpoints(PoolLimits limits) {
        return options.stream()
                .map(PgConnectOptions::new)
                .map(each -> new Endpoint(each, credentials, timelines, limits))
                .toList();
    }
}
