package dev.meridian.sqlpool;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.impl.ContextInternal;
import io.vertx.core.impl.VertxInternal;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.spi.PgDriver;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.impl.QueryResultHandler;
import io.vertx.sqlclient.impl.SqlConnectionBase;
import io.vertx.sqlclient.impl.command.QueryCommandBase;
import io.vertx.sqlclient.impl.command.SimpleQueryCommand;
import io.vertx.sqlclient.spi.ConnectionFactory;
import java.time.Duration;

/// A Vert.x context: where timers run, answers arrive and connections live.
///
/// The only class of this package that uses internals of Vert.x and of its SQL client (a test holds it to
/// that). Look at it first when Vert.x is upgraded.
final class EventLoop {
    private final ContextInternal context;

    private EventLoop(ContextInternal context) {
        this.context = context;
    }

    /// A new context on one of the event loops.
    static EventLoop create(Vertx vertx) {
        return new EventLoop(((VertxInternal) vertx).createEventLoopContext());
    }

    /// The context of the caller; outside of Vert.x, a context made for the caller's thread.
    static EventLoop current(Vertx vertx) {
        return new EventLoop(((VertxInternal) vertx).getOrCreateContext());
    }

    /// A new context on the same event loop, without the request that this one may belong to.
    EventLoop sibling() {
        var vertx = context.owner();
        return new EventLoop(vertx.createEventLoopContext(context.nettyEventLoop(), null, context.classLoader()));
    }

    /// Whether both run on the same thread.
    boolean isSameThread(EventLoop other) {
        return context.nettyEventLoop() == other.context.nettyEventLoop();
    }

    /// Runs a task here, later.
    void execute(Runnable task) {
        context.runOnContext(_ -> task.run());
    }

    /// Runs a task here once.
    ///
    /// @param wait rounded to milliseconds, at least 1
    /// @return for [#cancel]
    long after(Duration wait, Runnable task) {
        return context.setTimer(Math.max(1, wait.toMillis()), _ -> task.run());
    }

    /// Runs a task here periodically.
    ///
    /// @param period rounded to milliseconds, at least 1
    /// @return for [#cancel]
    long every(Duration period, Runnable task) {
        return context.setPeriodic(Math.max(1, period.toMillis()), _ -> task.run());
    }

    void cancel(long timer) {
        context.owner().cancelTimer(timer);
    }

    /// A promise whose listeners are called here.
    <T> Promise<T> promise() {
        return context.promise();
    }

    /// Makes connections that live until the factory is closed.
    ConnectionFactory connectionFactory(PgConnectOptions options) {
        return PgDriver.INSTANCE.createConnectionFactory(context.owner(), options);
    }

    /// Connects on this event loop, which must not belong to a request.
    Future<SqlConnection> connect(ConnectionFactory factory) {
        return factory.connect(context);
    }

    /// The same connection, used from here: its answers arrive here, and its spans join the trace of this request.
    SqlConnection use(SqlConnection connection, ConnectionFactory factory) {
        return PgDriver.INSTANCE.wrapConnection(context, factory, ((SqlConnectionBase<?>) connection).unwrap());
    }

    /// Sends a statement without rows ahead of the next one, does not wait for its answer, and makes no span.
    void sendAhead(SqlConnection connection, String sql) {
        var command = new SimpleQueryCommand<>(
                sql, false, true, QueryCommandBase.NULL_COLLECTOR, QueryResultHandler.NOOP_HANDLER);
        ((SqlConnectionBase<?>) connection).unwrap().schedule(context, command);
    }

    /// Whether the socket of a connection is open.
    static boolean isOpen(SqlConnection connection) {
        return ((SqlConnectionBase<?>) connection).unwrap().isValid();
    }
}
