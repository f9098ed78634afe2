package dev.meridian.sqlpool;

import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;

/// A statement without an answer yet: what to send, and the caller that waits for it. [PoolState] knows its
/// progress.
final class PendingStatement {
    private final EventLoop caller;
    private final String sql;
    private final Tuple parameters;
    private final Promise<RowSet<Row>> promise;
    private volatile AsyncResult<RowSet<Row>> answer;
    private volatile long timer = -1;

    PendingStatement(EventLoop caller, String sql, Tuple parameters) {
        this.caller = caller;
        this.sql = sql;
        this.parameters = parameters;
        this.promise = caller.promise();
    }

    EventLoop caller() {
        return caller;
    }

    /// What the caller gets, on the caller's context.
    Future<RowSet<Row>> result() {
        return promise.future();
    }

    Future<RowSet<Row>> sendOn(PgSocket socket, Duration limit) {
        return socket.run(caller, sql, parameters, limit).onComplete(done -> answer = done);
    }

    /// Why the last try failed; null when there was none.
    Throwable lastFailure() {
        return answer == null ? null : answer.cause();
    }

    /// Calls back on the caller's context, unless the statement ends earlier.
    void wakeAfter(Duration wait, Runnable callback) {
        timer = caller.after(wait, callback);
    }

    /// Hands the server's last answer to the caller: rows or an error.
    void complete() {
        caller.cancel(timer);
        promise.handle(answer);
    }

    void fail(SqlPoolException failure) {
        caller.cancel(timer);
        promise.fail(failure);
    }
}
