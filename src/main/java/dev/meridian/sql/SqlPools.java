package dev.meridian.sql;

import dev.meridian.sqlpool.DiscoveryTiming;
import dev.meridian.sqlpool.PoolLimits;
import dev.meridian.sqlpool.PoolSettings;
import dev.meridian.sqlpool.ReaderPool;
import dev.meridian.sqlpool.ServerSettings;
import dev.meridian.sqlpool.WriterChanged;
import dev.meridian.sqlpool.WriterPool;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// Creates the pools of [Sql] from the configuration.
final class SqlPools {
    /// Longer statements are not cached as prepared.
    private static final int CACHED_STATEMENT_CHARS_MAX = 16_384;

    private final Vertx vertx;
    private final SqlConfig config;
    private final MeterRegistry meters;
    private final SqlLogin login;
    /// Null without TLS.
    private final Authorities authorities;

    SqlPools(Vertx vertx, SqlConfig config, MeterRegistry meters, SqlLogin login) {
        this.vertx = vertx;
        this.config = config;
        this.meters = meters;
        this.login = login;
        this.authorities =
                config.tls().ca().map(Path::of).map(Authorities::read).orElse(null);
    }

    WriterPool writer(Consumer<WriterChanged> listener) {
        var urls = Stream.concat(
                        Stream.of(required(config.writerUrl(), "writer-url")),
                        config.writerCandidates().stream().flatMap(List::stream))
                .distinct();
        return new WriterPool(vertx, settings(urls, config.writerPoolSize(), config.connectTimeout()), listener);
    }

    ReaderPool reader(WriterPool writer) {
        var url = Stream.of(required(config.readerUrl(), "reader-url"));
        var settings = settings(url, config.readerPoolSize(), config.readerConnectTimeout());
        return new ReaderPool(vertx, settings, writer, config.fallbackReadsMax());
    }

    private static String required(Optional<String> url, String name) {
        return url.orElseThrow(
                () -> new IllegalStateException("meridian.sql." + name + " must say where PostgreSQL is"));
    }

    private PoolSettings settings(Stream<String> urls, int connections, Duration connect) {
        var options = urls.map(url -> options(url, connect)).toList();
        var servers = new ServerSettings(options, login.ofPools(), config.timelines(), meters);
        var limits =
                new PoolLimits(connections, config.queueSize(), connect, config.silenceLimit(), config.probeTimeout());
        return new PoolSettings(servers, limits, timing());
    }

    private PgConnectOptions options(String url, Duration connect) {
        var options = PgConnectOptions.fromUri(url);
        config.username().ifPresent(options::setUser);
        config.password().ifPresent(options::setPassword);
        options.setConnectTimeout((int) connect.toMillis());
        options.setTcpKeepAlive(true);
        options.setCachePreparedStatements(true);
        options.setPreparedStatementCacheMaxSize(config.preparedStatementsMax());
        options.setPreparedStatementCacheSqlLimit(CACHED_STATEMENT_CHARS_MAX);
        TlsSettings.of(url, config.tls().ca()).applyTo(options, authorities);
        return options;
    }

    private DiscoveryTiming timing() {
        var search = config.search();
        return new DiscoveryTiming(
                search.poll(), search.pollMax(), search.settle(), search.watch(), config.connectionLifetime());
    }
}
