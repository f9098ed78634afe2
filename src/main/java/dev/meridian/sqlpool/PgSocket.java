package dev.meridian.sqlpool;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VertxException;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import io.vertx.sqlclient.spi.ConnectionFactory;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/// One connection that carries one statement at a time and can be closed at any moment.
///
/// `close()` of the Vert.x client waits for the answer in flight, forever if the server hangs, and cannot reach
/// a handshake that hangs. So every connection has a factory of its own: closing the factory closes the socket
/// at once.
final class PgSocket {
    private final ConnectionFactory factory;
    private final EventLoop loop;
    private final long openedAt = System.nanoTime();
    private volatile SqlConnection connection;
    private Promise<?> inFlight;
    private boolean closedHere;
    /// The limit that the server puts on statements now; null when it is not known.
    private Duration limit;

    /// @param loop does not belong to a request
    PgSocket(EventLoop loop, PgConnectOptions options) {
        this.factory = loop.connectionFactory(options);
        this.loop = loop;
    }

    /// Connects.
    ///
    /// @param timeout for the whole handshake: TCP, TLS, login
    Future<PgSocket> open(Duration timeout) {
        return within(timeout, loop.connect(factory)).map(opened -> {
            connection = opened;
            // Without handlers the client prints a server's message at the end of a connection, and logs every
            // notice.
            opened.exceptionHandler(_ -> {});
            ((PgConnection) opened).noticeHandler(_ -> {});
            return this;
        });
    }

    /// Runs one statement. The answer arrives on the caller's context, and the statement's span joins its trace.
    ///
    /// @param limit when the server is to end it: where that differs from the statement before, `SET` goes ahead
    ///     without waiting for its answer
    Future<RowSet<Row>> run(EventLoop caller, String sql, Tuple parameters, Duration limit) {
        Promise<RowSet<Row>> answer = caller.promise();
        if (!begin(answer)) return answer.future();
        if (!limit.equals(this.limit)) {
            this.limit = limit;
            loop.sendAhead(connection, "SET statement_timeout = " + limit.toMillis());
        }
        caller.use(connection, factory).preparedQuery(sql).execute(parameters).onComplete(done -> {
            end(answer);
            if (done.succeeded()) {
                answer.tryComplete(done.result());
            } else {
                answer.tryFail(done.cause());
            }
        });
        return answer.future();
    }

    /// Asks the server who it is; closes the connection if there is no answer in time.
    ///
    /// @param orElse another question, asked at once when the server cannot answer the first; empty for none
    Future<ServerIdentity> identify(String question, Function<Throwable, Optional<String>> orElse, Duration timeout) {
        var answer = connection
                .query(question)
                .execute()
                .recover(failure -> orElse.apply(failure)
                        .map(other -> connection.query(other).execute())
                        .orElseGet(() -> Future.failedFuture(failure)));
        return within(timeout, answer)
                .map(rows -> ServerIdentity.of(rows.iterator().next()));
    }

    /// Calls back when the connection ends; at once if it has ended already.
    void onEnd(Runnable callback) {
        connection.closeHandler(_ -> callback.run());
        if (!EventLoop.isOpen(connection)) callback.run();
    }

    /// Whether it lives on the thread of this event loop, so that answers need not change threads.
    boolean isOn(EventLoop other) {
        return loop.isSameThread(other);
    }

    boolean isOpen() {
        return !isClosedHere() && EventLoop.isOpen(connection);
    }

    boolean isOlderThan(Duration age) {
        return System.nanoTime() - openedAt > age.toNanos();
    }

    /// Closes the socket now. A statement in flight fails; its outcome is unknown.
    ///
    /// @return completes when the socket is closed
    Future<Void> closeNow() {
        Promise<?> waiting;
        synchronized (this) {
            closedHere = true;
            waiting = inFlight;
            inFlight = null;
        }
        Promise<Void> closed = Promise.promise();
        factory.close(closed);
        if (waiting != null) waiting.tryFail(closedFailure());
        return closed.future();
    }

    private synchronized boolean isClosedHere() {
        return closedHere;
    }

    private synchronized boolean begin(Promise<?> answer) {
        if (closedHere) {
            answer.fail(closedFailure());
            return false;
        }
        inFlight = answer;
        return true;
    }

    private synchronized void end(Promise<?> answer) {
        if (inFlight == answer) inFlight = null;
    }

    private static VertxException closedFailure() {
        return new VertxException("the pool closed the connection", true);
    }

    private <T> Future<T> within(Duration timeout, Future<T> work) {
        Promise<T> bounded = loop.promise();
        var timer = loop.after(timeout, () -> {
            var late = new VertxException("no answer within " + timeout.toMillis() + " ms", true);
            if (bounded.tryFail(late)) closeNow();
        });
        work.onComplete(done -> {
            loop.cancel(timer);
            if (done.succeeded()) {
                bounded.tryComplete(done.result());
            } else if (bounded.tryFail(done.cause())) {
                closeNow();
            }
        });
        return bounded.future();
    }
}
