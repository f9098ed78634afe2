package dev.meridian.sqlpool;

import dev.meridian.testing.PostgresServer;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import io.vertx.pgclient.PgConnectOptions;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/// Pools for a test, with an ordinary role (no superuser, no special grants).
final class Pools implements AutoCloseable {
    static final Duration TIMEOUT = Duration.ofMillis(1500);
    static final String INSERT = "INSERT INTO writes (id) VALUES ($1) ON CONFLICT DO NOTHING";
    static final int CONNECTIONS = 8;

    final Vertx vertx = Vertx.vertx();
    final MeterRegistry meters = new SimpleMeterRegistry();
    final List<WriterChanged> changes = new CopyOnWriteArrayList<>();
    final WriterPool writer;
    final DiscoveryTiming timing;
    private final PoolLimits limits;
    private final UnaryOperator<PgConnectOptions> options;

    Pools(String... urls) {
        this(Duration.ofMillis(200), urls);
    }

    Pools(Duration watch, String... urls) {
        this(limits(), watch, options -> options, urls);
    }

    Pools(PoolLimits limits, Duration watch, UnaryOperator<PgConnectOptions> options, String... urls) {
        this.limits = limits;
        this.options = options;
        this.timing = new DiscoveryTiming(
                Duration.ofMillis(50), Duration.ofMillis(500), Duration.ofMillis(150), watch, Duration.ofMinutes(1));
        this.writer = new WriterPool(vertx, settings(urls), changes::add);
    }

    /// A fresh table and the role of these tests.
    static void prepare(PostgresServer server) throws SQLException {
        server.execute("""
                DROP TABLE IF EXISTS writes;
                CREATE TABLE writes (id bigint PRIMARY KEY, at timestamptz DEFAULT clock_timestamp());
                DO $$ BEGIN CREATE ROLE app LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
                GRANT SELECT, INSERT ON writes TO app""");
    }

    /// Connections of the role on a server.
    static int connections(PostgresServer server) throws SQLException {
        return Integer.parseInt(server.ask("SELECT count(*) FROM pg_stat_activity WHERE usename = 'app'"));
    }

    ReaderPool reader(int fallbacksMax, String url) {
        return new ReaderPool(vertx, settings(url), writer, fallbacksMax);
    }

    static PoolLimits limits() {
        return new PoolLimits(CONNECTIONS, 500, Duration.ofMillis(500), Duration.ofMillis(300), Duration.ofMillis(150));
    }

    Uni<RowSet<Row>> write(long id) {
        return writer.execute(INSERT, Tuple.of(id), TIMEOUT, true);
    }

    double metric(String name, String... tags) {
        var search = meters.get("meridian.sql." + name).tags(tags);
        return search.meters().iterator().next().measure().iterator().next().getValue();
    }

    private PoolSettings settings(String... urls) {
        var options = Stream.of(urls)
                .map(url -> PgConnectOptions.fromUri(url)
                        .setUser("app")
                        .setPassword("any")
                        .setCachePreparedStatements(true))
                .map(this.options)
                .toList();
        return new PoolSettings(new ServerSettings(options, null, true, meters), limits, timing);
    }

    @Override
    public void close() {
        writer.close().await().atMost(Duration.ofSeconds(5));
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
