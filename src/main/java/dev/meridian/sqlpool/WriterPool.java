package dev.meridian.sqlpool;

import dev.meridian.sqlpool.Search.Found;
import io.micrometer.core.instrument.Counter;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;

/// Statements to whichever of several servers takes writes at the moment.
///
/// Looks for the writer at the first statement or [#start], and again whenever there is a sign that it is gone;
/// statements meanwhile wait, each within its own timeout. Never writes to a server on an older timeline than
/// one it knows of. Safe for use by many threads; answers arrive on the caller's Vert.x context.
public final class WriterPool {
    private final Vertx vertx;
    private final StatementPool pool;
    private final Fence fence = new Fence();
    private final Meters meters;
    private final Counter changes;
    private final Consumer<WriterChanged> listener;

    /// @param servers where the writer may be: addresses and options of each; the first is preferred among
    ///     equals
    /// @param listener hears of each writer found that differs from the one before, on an event loop: must not
    ///     block
    public WriterPool(
            Vertx vertx, Servers servers, PoolBounds bounds, SearchPace pace, Consumer<WriterChanged> listener) {
        this.vertx = vertx;
        this.listener = listener;
        this.meters = new Meters(servers.meters(), "writer");
        this.changes = meters.counter("writer.changes");
        this.pool = new StatementPool(vertx, servers.endpoints(bounds), bounds, pace, new WriterRole(), fence::admits);
        meters.watch(pool);
    }

    /// Begins to look for the writer without waiting for the first statement.
    public void start() {
        pool.start();
    }

    /// Runs one statement as a transaction of its own. Lazy: each subscription runs it.
    ///
    /// @param statement with `$1` parameters; prepared once per connection
    /// @param timeout for everything: waiting for a writer and a connection, a second try
    /// @param repeatable whether the statement may run twice: then it is tried once more when its connection
    ///     breaks
    /// @return the rows; fails with `PgException` when the server refuses it, else with [SqlPoolException]
    public Uni<RowSet<Row>> execute(String statement, Tuple parameters, Duration timeout, boolean repeatable) {
        return Rows.uni(vertx, pool, statement, parameters, timeout, repeatable);
    }

    /// The newest timeline this process knows of; 0 when none.
    public long knownTimeline() {
        return fence.timeline();
    }

    /// Takes note of a timeline that another process has seen: servers on older ones are not written to any more.
    public void learn(long timeline) {
        long before = fence.timeline();
        fence.learn(timeline);
        if (timeline > before) pool.lostNow(null);
    }

    /// Whether there is a writer now, as far as is known.
    public boolean hasWriter() {
        return pool.hasServer();
    }

    /// Cuts all connections; statements that wait or run fail. Not lazy: it happens whether anybody subscribes or not.
    public Uni<Void> close() {
        return Uni.createFrom().completionStage(pool.close().toCompletionStage());
    }

    private final class WriterRole implements StatementPool.Role {
        private final Absence absence = new Absence();
        private Found last;

        @Override
        public boolean writes() {
            return true;
        }

        @Override
        public void lost(Throwable cause) {
            absence.begins();
            meters.lost();
        }

        @Override
        public void found(Found home) {
            var without = absence.ends();
            var before = last;
            last = home;
            meters.found(without);
            if (before != null && isSame(before, home)) return;
            changes.increment();
            listener.accept(new WriterChanged(
                    before == null ? "" : before.endpoint().name(),
                    home.endpoint().name(),
                    home.timeline(),
                    Instant.now(),
                    without));
        }

        private boolean isSame(Found one, Found other) {
            return one.endpoint() == other.endpoint()
                    && one.proven().proof().equals(other.proven().proof());
        }
    }
}
