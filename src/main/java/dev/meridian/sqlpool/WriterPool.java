package dev.meridian.sqlpool;

import dev.meridian.sqlpool.Endpoint.Server;
import io.micrometer.core.instrument.Counter;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;

/// Finds the one of several servers that takes writes, and runs statements there.
///
/// Looks for the writer at the first statement or [#start], and again at each sign that it is gone. Until it is
/// found statements wait, each within its own timeout. Never writes to a server on an older timeline than the
/// newest one known. Thread-safe; answers arrive on the caller's Vert.x context.
public final class WriterPool {
    private final StatementPool pool;
    private final TimelineFence fence = new TimelineFence();
    private final Counter changes;
    private final Consumer<WriterChanged> listener;
    private Server last;

    /// @param settings the first server is preferred among equals
    /// @param listener called with each writer that differs from the one before, on an event loop: must not
    ///     block
    public WriterPool(Vertx vertx, PoolSettings settings, Consumer<WriterChanged> listener) {
        this.listener = listener;
        var metrics = new PoolMetrics(settings.servers().meters(), "writer");
        this.changes = metrics.counter("writer.changes");
        this.pool = new StatementPool(vertx, settings, metrics, new PoolState.Role(true, fence::admits), this::found);
    }

    /// Begins to look for the writer without waiting for the first statement.
    public void start() {
        pool.start();
    }

    /// Runs one statement as a transaction of its own. Lazy: each subscription runs it.
    ///
    /// @param statement with `$1` parameters; prepared once per connection
    /// @param timeout for everything: waiting for a writer and a connection, a second try
    /// @param repeatable whether the statement may run twice: then it is tried once more when its connection breaks
    /// @return the rows; fails with `PgException` when the server refuses it, else with [SqlPoolException]
    public Uni<RowSet<Row>> execute(String statement, Tuple parameters, Duration timeout, boolean repeatable) {
        return MutinyBridge.rows(() -> pool.execute(statement, parameters.getDelegate(), timeout, repeatable));
    }

    /// The newest timeline this process knows of; 0 when none.
    public long knownTimeline() {
        return fence.timeline();
    }

    /// Takes note of a timeline that another process has seen: servers on older ones are not written to any more.
    public void raiseTimelineTo(long timeline) {
        if (fence.raiseTo(timeline)) pool.abandonServer();
    }

    /// Closes all connections; statements that wait or run fail. Happens at once, without a subscription.
    public Uni<Void> close() {
        return Uni.createFrom().completionStage(pool.close().toCompletionStage());
    }

    private synchronized void found(Server server, Duration outage) {
        var before = last;
        last = server;
        if (server.equals(before)) return;
        changes.increment();
        listener.accept(new WriterChanged(
                before == null ? "" : before.endpoint().name(),
                server.endpoint().name(),
                server.identity().timeline(),
                Instant.now(),
                outage));
    }
}
