package dev.meridian.sqlpool;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.impl.ContextInternal;
import io.vertx.core.impl.NoStackTraceThrowable;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import io.vertx.pgclient.spi.PgDriver;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import io.vertx.sqlclient.impl.SqlConnectionBase;
import io.vertx.sqlclient.spi.ConnectionFactory;
import java.time.Duration;

/// One physical connection that carries one statement at a time and can be cut at any moment.
///
/// The only class that knows the insides of the Vert.x SQL client. Its own `close()` waits behind the command
/// in flight, for ever if the server hangs, and a hanging handshake cannot be reached at all. So every
/// connection gets a factory of its own: closing the factory closes its socket, whatever goes on there.
final class Wire {
    private final ConnectionFactory factory;
    private final ContextInternal loop;
    private final long openedAt = System.nanoTime();
    private volatile SqlConnectionBase<?> connection;
    private Promise<?> inFlight;
    private boolean cut;

    private Wire(ConnectionFactory factory, ContextInternal loop) {
        this.factory = factory;
        this.loop = loop;
    }

    /// Connects on the event loop of `loop`, which must be a root context.
    ///
    /// @param timeout for the whole handshake: TCP, TLS, login
    static Future<Wire> open(ContextInternal loop, PgConnectOptions options, Duration timeout) {
        var wire = new Wire(PgDriver.INSTANCE.createConnectionFactory(loop.owner(), options), loop);
        return wire.within(timeout, wire.factory.connect(loop)).map(opened -> {
            wire.connection = (SqlConnectionBase<?>) opened;
            // Without handlers the client prints what a server says when it ends a connection, and logs every notice.
            wire.connection.exceptionHandler(_ -> {});
            ((PgConnection) opened).noticeHandler(_ -> {});
            return wire;
        });
    }

    /// Runs one statement; the answer arrives on the caller's context, whose trace the statement's span joins.
    Future<RowSet<Row>> run(ContextInternal caller, String sql, Tuple parameters) {
        Promise<RowSet<Row>> answer = caller.promise();
        if (!begin(answer)) return answer.future();
        PgDriver.INSTANCE
                .wrapConnection(caller, factory, connection.unwrap())
                .preparedQuery(sql)
                .execute(parameters)
                .onComplete(done -> {
                    end(answer);
                    if (done.succeeded()) {
                        answer.tryComplete(done.result());
                    } else {
                        answer.tryFail(done.cause());
                    }
                });
        return answer.future();
    }

    /// Asks the server what it is; cuts the connection if there is no answer in time.
    Future<Proof> prove(String query, Duration timeout) {
        return within(timeout, connection.query(query).execute())
                .map(rows -> Proof.of(rows.iterator().next()));
    }

    /// Calls back once the connection is gone, at once if it is gone already.
    void onGone(Runnable callback) {
        connection.closeHandler(_ -> callback.run());
        if (!connection.unwrap().isValid()) callback.run();
    }

    /// Whether it lives on the event loop of this context, so that no thread has to be changed.
    boolean isOn(ContextInternal context) {
        return context.nettyEventLoop() == loop.nettyEventLoop();
    }

    boolean isOpen() {
        return !isCut() && connection.unwrap().isValid();
    }

    /// Whether this side cut the connection, so that its end says nothing about the server.
    synchronized boolean isCut() {
        return cut;
    }

    Duration age() {
        return Duration.ofNanos(System.nanoTime() - openedAt);
    }

    /// Closes the socket now. A statement in flight fails; its outcome is unknown.
    ///
    /// @return completes when the socket is closed
    Future<Void> cut() {
        Promise<?> waiting;
        synchronized (this) {
            cut = true;
            waiting = inFlight;
            inFlight = null;
        }
        Promise<Void> closed = Promise.promise();
        factory.close(closed);
        if (waiting != null) waiting.tryFail(new NoStackTraceThrowable("the connection was cut"));
        return closed.future();
    }

    private synchronized boolean begin(Promise<?> answer) {
        if (cut) {
            answer.fail(new NoStackTraceThrowable("the connection was cut"));
            return false;
        }
        inFlight = answer;
        return true;
    }

    private synchronized void end(Promise<?> answer) {
        if (inFlight == answer) inFlight = null;
    }

    private <T> Future<T> within(Duration timeout, Future<T> work) {
        Promise<T> bounded = loop.promise();
        var timer = loop.setTimer(timeout.toMillis(), _ -> {
            if (bounded.tryFail(new NoStackTraceThrowable("no answer within " + timeout.toMillis() + " ms"))) cut();
        });
        work.onComplete(done -> {
            loop.owner().cancelTimer(timer);
            if (done.succeeded()) {
                bounded.tryComplete(done.result());
            } else if (bounded.tryFail(done.cause())) {
                cut();
            }
        });
        return bounded.future();
    }
}
