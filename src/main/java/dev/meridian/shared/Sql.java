package dev.meridian.shared;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.smallrye.mutiny.TimeoutException;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.PoolOptions;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// The bridge to PostgreSQL: `read` goes to the reader of this Region, `write` to the global writer.
///
/// Every use case is one statement, so that a writer in another Region costs one round trip and no transaction is ever
/// left
/// open. A call is bounded by the configured timeout and counted (`meridian.store.calls`). Constraint violations pass
/// through
/// as [PgException]; a server that does not answer, is read-only or shutting down becomes a 503 problem.
@ApplicationScoped
public class Sql {
    private final Pool reader;
    private final Pool writer;
    private final StoreConfig.Sql config;
    private final MeterRegistry meters;

    Sql(Vertx vertx, StoreConfig config, MeterRegistry meters) {
        this.config = config.sql();
        this.meters = meters;
        this.reader = pool(vertx, this.config.readerUrl(), this.config.readerPoolSize());
        this.writer = pool(vertx, this.config.writerUrl(), this.config.writerPoolSize());
    }

    /// Runs one reading statement on the reader of this Region. Its data may lag behind the writer's.
    ///
    /// @param operation for metrics: the use case in kebab case, `catalog-list`
    /// @param statement a constant with `$1` parameters
    public Uni<RowSet<Row>> read(String operation, String statement, Tuple parameters) {
        return run("sql-reader", reader, operation, config.readTimeout(), statement, parameters);
    }

    /// Runs one statement on the writer, in a transaction of its own. When the answer is lost the outcome is unknown,
    /// so the
    /// statement must be one that may run again.
    ///
    /// @param operation for metrics: the use case in kebab case, `order-confirm`
    /// @param statement a constant with `$1` parameters
    public Uni<RowSet<Row>> write(String operation, String statement, Tuple parameters) {
        return run("sql-writer", writer, operation, config.writeTimeout(), statement, parameters);
    }

    private Uni<RowSet<Row>> run(
            String store, Pool pool, String operation, Duration timeout, String statement, Tuple parameters) {
        return Uni.createFrom().deferred(() -> {
            var start = Timer.start(meters);
            return pool.preparedQuery(statement)
                    .execute(parameters)
                    .ifNoItem()
                    .after(timeout)
                    .fail()
                    .onTermination()
                    .invoke((_, failure, cancelled) -> start.stop(meters.timer(
                            "meridian.store.calls",
                            "store",
                            store,
                            "operation",
                            operation,
                            "outcome",
                            cancelled ? "cancelled" : failure == null ? "ok" : "failed")))
                    .onFailure()
                    .transform(Sql::toProblem);
        });
    }

    private static Throwable toProblem(Throwable failure) {
        return switch (failure) {
            case PgException e when isConstraint(e) -> e;
            case PgException e when isOurBug(e) -> e;
            case TimeoutException e -> ProblemException.unavailable("PostgreSQL does not answer in time.", e);
            default -> ProblemException.unavailable("PostgreSQL does not answer.", failure);
        };
    }

    /// Class 23, integrity constraint violation (PostgreSQL manual, appendix A).
    private static boolean isConstraint(PgException e) {
        return e.getSqlState() != null && e.getSqlState().startsWith("23");
    }

    /// Class 22, data exception, and 42, syntax error or access rule violation.
    private static boolean isOurBug(PgException e) {
        return e.getSqlState() != null
                && (e.getSqlState().startsWith("22") || e.getSqlState().startsWith("42"));
    }

    private Pool pool(Vertx vertx, Optional<String> url, int size) {
        var connect = PgConnectOptions.fromUri(url.orElseThrow(() -> new IllegalStateException(
                "meridian.sql.writer-url and meridian.sql.reader-url must say where PostgreSQL is")));
        config.username().ifPresent(connect::setUser);
        config.password().ifPresent(connect::setPassword);
        connect.setConnectTimeout((int) config.connectTimeout().toMillis());
        connect.setCachePreparedStatements(true);
        var options = new PoolOptions()
                .setMaxSize(size)
                .setMaxWaitQueueSize(config.queueSize())
                .setConnectionTimeout((int) config.readTimeout().toMillis())
                .setConnectionTimeoutUnit(TimeUnit.MILLISECONDS);
        return Pool.newInstance(PgBuilder.pool()
                .with(options)
                .connectingTo(connect)
                .using(vertx)
                .build());
    }

    @PreDestroy
    void close() {
        reader.closeAndForget();
        writer.closeAndForget();
    }
}
