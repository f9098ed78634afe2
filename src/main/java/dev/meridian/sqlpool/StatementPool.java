package dev.meridian.sqlpool;

import dev.meridian.sqlpool.Endpoint.Server;
import dev.meridian.sqlpool.Endpoint.VerifiedConnection;
import dev.meridian.sqlpool.SqlPoolException.Reason;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.function.Function;

/// Runs statements on the one server in use.
///
/// Passes each event to [PoolState] under its lock, and runs the returned actions outside of the lock.
final class StatementPool {
    /// How often, within the lifetime of a connection, idle ones are checked.
    private static final int SWEEPS = 8;

    private final Vertx vertx;
    private final EventLoop loop;
    private final PoolSettings settings;
    private final PoolMetrics metrics;
    private final BiConsumer<Server, Duration> listener;
    private final ServerDiscovery discovery;
    private final OutageTimer outage = new OutageTimer();
    private final AtomicBoolean started = new AtomicBoolean();
    /// Guarded by itself.
    private final PoolState<PendingStatement, PgSocket> state;

    private volatile long sweeper = -1;

    /// An event: changes the state and returns the actions to run.
    private interface Event
            extends Function<PoolState<PendingStatement, PgSocket>, List<PoolAction<PendingStatement, PgSocket>>> {}

    /// @param listener called with each server found and how long there was none before, on an event loop: must
    ///     not block
    StatementPool(
            Vertx vertx,
            PoolSettings settings,
            PoolMetrics metrics,
            PoolState.Role role,
            BiConsumer<Server, Duration> listener) {
        this.vertx = vertx;
        this.loop = EventLoop.create(vertx);
        this.settings = settings;
        this.metrics = metrics;
        this.listener = listener;
        this.state = new PoolState<>(
                settings.limits(), role, (statement, socket) -> socket.isOn(statement.caller()), System::nanoTime);
        this.discovery = new ServerDiscovery(
                loop,
                settings,
                role.admits(),
                found -> tell(pool -> pool.found(
                        found.server(),
                        found.socket(),
                        found.server().endpoint().roundTrip())),
                () -> tell(PoolState::noneFound));
        metrics.watch(this);
    }

    /// Begins to look for a server, once.
    void start() {
        if (!started.compareAndSet(false, true)) return;
        discovery.start();
        var lifetime = settings.timing().lifetime();
        sweeper = loop.every(
                lifetime.dividedBy(SWEEPS), () -> tell(pool -> pool.sweep(socket -> socket.isOlderThan(lifetime))));
    }

    /// Runs a statement; the answer arrives on the caller's context.
    ///
    /// @param timeout for everything: waiting for a connection, a second try
    /// @param repeatable whether the statement may run twice
    Future<RowSet<Row>> execute(String sql, Tuple parameters, Duration timeout, boolean repeatable) {
        start();
        var statement = new PendingStatement(EventLoop.current(vertx), sql, parameters);
        tell(pool -> pool.submit(statement, repeatable, timeout));
        return statement.result();
    }

    /// Drops the server in use if it is no longer admitted, and searches for one that is.
    void recheckServer() {
        tell(PoolState::recheck);
    }

    boolean hasServer() {
        return ask(PoolState::hasServer);
    }

    /// A query of the state, with its lock held.
    <T> T ask(Function<PoolState<PendingStatement, PgSocket>, T> question) {
        synchronized (state) {
            return question.apply(state);
        }
    }

    /// Closes every connection; statements that wait or run fail.
    ///
    /// @return completes when all sockets are closed
    Future<Void> close() {
        loop.cancel(sweeper);
        var closing = new ArrayList<Future<Void>>();
        closing.add(discovery.close());
        for (var action : ask(PoolState::close)) {
            if (action instanceof PoolAction.Close(var socket)) {
                closing.add(socket.closeNow());
            } else {
                act(action);
            }
        }
        return Future.join(closing).mapEmpty();
    }

    private void tell(Event event) {
        ask(event).forEach(this::act);
    }

    private void act(PoolAction<PendingStatement, PgSocket> action) {
        switch (action) {
            case PoolAction.Send(var statement, var socket, var limit) -> send(statement, socket, limit);
            case PoolAction.Complete(var statement) -> statement.complete();
            case PoolAction.Fail(var statement, var reason) -> statement.fail(failure(statement, reason));
            case PoolAction.Wake(var statement, var wait) ->
                statement.wakeAfter(wait, () -> tell(pool -> pool.checkTime(statement)));
            case PoolAction.Open(var server, var epoch, var count, var near) -> {
                var beside = near == null ? loop : near.caller();
                for (int i = 0; i < count; i++) open(server, epoch, beside.sibling());
            }
            case PoolAction.OpenLater() -> loop.after(settings.limits().connect(), () -> tell(PoolState::openMore));
            case PoolAction.Watch(var socket) -> watch(socket);
            case PoolAction.Close(var socket) -> socket.closeNow();
            case PoolAction.Verify(var server, var epoch) -> verify(server, epoch);
            case PoolAction.Search() -> discovery.start();
            case PoolAction.TellFound(var server) -> {
                var duration = outage.stop();
                metrics.found(duration);
                listener.accept(server, duration);
            }
            case PoolAction.TellLost() -> {
                outage.start();
                metrics.lost();
            }
        }
    }

    private void send(PendingStatement statement, PgSocket socket, Duration limit) {
        statement.sendOn(socket, limit).onComplete(answer -> {
            var open = socket.isOpen();
            var failure = answer.succeeded() ? null : FailureKind.of(answer.cause(), open);
            tell(pool -> pool.answered(statement, socket, failure, open));
        });
    }

    private void open(Server server, long epoch, EventLoop own) {
        own.execute(() -> server.endpoint().connect(own).onComplete(done -> {
            if (done.succeeded()) {
                var identity = done.result().server().identity();
                tell(pool -> pool.opened(epoch, done.result().socket(), identity));
            } else {
                tell(pool -> pool.openFailed(epoch, kind(done)));
            }
        }));
    }

    private void verify(Server server, long epoch) {
        loop.execute(() -> server.endpoint().probe(loop).onComplete(done -> {
            if (done.succeeded()) done.result().socket().closeNow();
            var identity = done.succeeded() ? done.result().server().identity() : null;
            tell(pool -> pool.verified(epoch, identity, kind(done)));
        }));
    }

    private void watch(PgSocket socket) {
        socket.onEnd(() -> tell(pool -> pool.ended(socket)));
        var open = socket.isOpen();
        tell(pool -> pool.ready(socket, open));
    }

    private static FailureKind kind(AsyncResult<VerifiedConnection> done) {
        return done.succeeded() ? null : FailureKind.of(done.cause(), false);
    }

    private SqlPoolException failure(PendingStatement statement, Reason reason) {
        if (reason == Reason.TIMEOUT) return new SqlPoolException(reason, null);
        var last = statement.lastFailure();
        return new SqlPoolException(reason, last == null ? discovery.lastFailure() : last);
    }
}
