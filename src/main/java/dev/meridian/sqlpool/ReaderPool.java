package dev.meridian.sqlpool;

import dev.meridian.sqlpool.SqlPoolException.Reason;
import io.micrometer.core.instrument.Counter;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/// Runs reading statements on the nearest reader, and a bounded number of them on the writer while that reader is
/// gone.
///
/// A reader counts as gone when it refuses, breaks or does not answer a connection. It is probed repeatedly,
/// and used as soon as it answers. Thread-safe.
public final class ReaderPool {
    private final StatementPool pool;
    private final WriterPool writer;
    private final int fallbacksMax;
    private final AtomicInteger fallbacks = new AtomicInteger();
    private final Counter taken;
    private final Counter refused;

    /// @param writer where reads go while there is no reader
    /// @param fallbacksMax how many reads may be on their way to the writer at once; 0 = none
    public ReaderPool(Vertx vertx, PoolSettings settings, WriterPool writer, int fallbacksMax) {
        this.writer = writer;
        this.fallbacksMax = fallbacksMax;
        var metrics = new PoolMetrics(settings.servers().meters(), "reader");
        this.taken = metrics.counter("fallbacks", "outcome", "taken");
        this.refused = metrics.counter("fallbacks", "outcome", "refused");
        this.pool = new StatementPool(vertx, settings, metrics, new PoolState.Role(false, _ -> true), (_, _) -> {});
    }

    /// Runs one reading statement, at most twice on the reader and once on the writer. Lazy: each subscription
    /// runs it.
    ///
    /// @param statement with `$1` parameters; must not write
    /// @param timeout for everything
    /// @return the rows; fails with `PgException` when the server refuses it, else with [SqlPoolException]
    public Uni<RowSet<Row>> execute(String statement, Tuple parameters, Duration timeout) {
        return Uni.createFrom().deferred(() -> {
            long deadline = System.nanoTime() + timeout.toNanos();
            return MutinyBridge.rows(() -> pool.execute(statement, parameters.getDelegate(), timeout, true))
                    .onFailure(ReaderPool::isWithoutReader)
                    .recoverWithUni(failure ->
                            fallback(statement, parameters, Duration.ofNanos(deadline - System.nanoTime()), failure));
        });
    }

    /// Closes all connections; statements that wait or run fail. Happens at once, without a subscription.
    public Uni<Void> close() {
        return Uni.createFrom().completionStage(pool.close().toCompletionStage());
    }

    private static boolean isWithoutReader(Throwable failure) {
        return failure instanceof SqlPoolException e && (e.reason() == Reason.NO_SERVER || e.reason() == Reason.LOST);
    }

    private Uni<RowSet<Row>> fallback(String statement, Tuple parameters, Duration left, Throwable failure) {
        if (left.isNegative() || fallbacks.incrementAndGet() > fallbacksMax) {
            if (!left.isNegative()) fallbacks.decrementAndGet();
            refused.increment();
            return Uni.createFrom().failure(failure);
        }
        taken.increment();
        return writer.execute(statement, parameters, left, true).onTermination().invoke(fallbacks::decrementAndGet);
    }
}
