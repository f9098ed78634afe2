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
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// Finds the one of several servers that takes writes, and runs statements there.
///
/// Looks for the writer at the first statement or [#start], and again at each sign that it is gone. Until it
/// is found statements wait, each within its own timeout. Never writes to a server on an older timeline than
/// the newest one known, nor to another candidate than the one that the writer epoch names. Thread-safe;
/// answers arrive on the caller's Vert.x context.
public final class WriterPool {
    private final StatementPool pool;
    private final TimelineFence timelines = new TimelineFence();
    private final EpochFence epochs;
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
        this.epochs =
                new EpochFence(settings.endpoints().stream().map(Endpoint::name).toList());
        metrics.watch(epochs);
        this.pool = new StatementPool(vertx, settings, metrics, new PoolState.Role(true, this::admits), this::found);
    }

    /// Begins to look for the writer without waiting for the first statement.
    public void start() {
        pool.start();
    }

    /// About how far away the writer is: its shortest answer since it was found; zero while there is none.
    public Duration roundTrip() {
        return pool.ask(PoolState::shortestAnswer);
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

    /// The newest timeline this process knows of, to tell other processes.
    public Timeline knownTimeline() {
        return timelines.known();
    }

    /// Takes note of a timeline that another process has seen: servers on older ones are not written to any more.
    public void raiseTimelineTo(Timeline timeline) {
        if (timelines.raiseTo(timeline)) pool.recheckServer();
    }

    /// Writes to nobody until [#raiseEpochTo] or [#release] is called. Statements wait, each within its own
    /// timeout.
    public void hold() {
        epochs.hold();
    }

    /// Writes to any candidate although the writer epoch is not known.
    ///
    /// @return whether nobody was written to until now
    public boolean release() {
        return epochs.release();
    }

    /// Takes note of the writer epoch: other candidates are not written to any more, and connections to them
    /// are closed at once. An older epoch changes nothing.
    ///
    /// @param epoch 0 when none was set: any candidate may be the writer
    /// @param writer host and port of a candidate
    /// @return whether anything has changed
    public boolean raiseEpochTo(long epoch, String writer) {
        boolean isNews = epochs.raiseTo(epoch, writer);
        if (isNews) pool.recheckServer();
        return isNews;
    }

    /// Host and port of each candidate, as configured.
    public List<String> candidates() {
        return epochs.candidates();
    }

    /// The writer epoch in words, for operators; empty while none was set.
    public Optional<String> epoch() {
        return epochs.inWords();
    }

    /// Why no candidate may be written to, in one sentence; empty when one may.
    public Optional<String> refusal() {
        return epochs.refusal();
    }

    /// Closes all connections; statements that wait or run fail. Happens at once, without a subscription.
    public Uni<Void> close() {
        return Uni.createFrom().completionStage(pool.close().toCompletionStage());
    }

    private boolean admits(Server server) {
        return epochs.admits(server.endpoint().name()) && timelines.admits(server.identity());
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
