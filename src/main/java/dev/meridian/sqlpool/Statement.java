package dev.meridian.sqlpool;

import io.vertx.core.Future;
import io.vertx.core.impl.ContextInternal;
import io.vertx.core.impl.future.PromiseInternal;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// One statement on its way: where it runs, how long it may still take, whether it may run again.
///
/// Its pool's monitor guards [#send] and [#wire]; the rest is its own.
final class Statement {
    private final String sql;
    private final Tuple parameters;
    private final boolean repeatable;
    private final ContextInternal caller;
    private final PromiseInternal<RowSet<Row>> promise;
    private final long deadline;
    private StatementPool pool;
    private volatile Wire wire;
    private volatile long sentAt;
    private volatile long sentIn;
    private volatile boolean done;
    private boolean repeated;
    private long timer = -1;

    Statement(ContextInternal caller, String sql, Tuple parameters, Duration timeout, boolean repeatable) {
        this.caller = caller;
        this.sql = sql;
        this.parameters = parameters;
        this.repeatable = repeatable;
        this.promise = caller.promise();
        this.deadline = System.nanoTime() + timeout.toNanos();
    }

    ContextInternal caller() {
        return caller;
    }

    String sql() {
        return sql;
    }

    Tuple parameters() {
        return parameters;
    }

    Future<RowSet<Row>> answer() {
        return promise.future();
    }

    boolean isRepeatable() {
        return repeatable;
    }

    boolean isOpen() {
        return !done;
    }

    /// The connection it runs on; null while it waits.
    Wire wire() {
        return wire;
    }

    void send(Wire on, long epoch) {
        wire = on;
        sentIn = epoch;
        sentAt = System.nanoTime();
    }

    /// Notes that an answer, or the end of the connection, came in.
    ///
    /// @return the pool's epoch in which it was sent
    long received() {
        wire = null;
        return sentIn;
    }

    /// True once, and only while there is time left.
    boolean mayTryAgain() {
        if (repeated || done || System.nanoTime() >= deadline) return false;
        repeated = true;
        return true;
    }

    void watch(StatementPool by) {
        pool = by;
        arm();
    }

    void complete(RowSet<Row> rows) {
        finish();
        promise.tryComplete(rows);
    }

    void fail(Throwable failure) {
        finish();
        promise.tryFail(failure);
    }

    private void finish() {
        done = true;
        caller.owner().cancelTimer(timer);
    }

    private void arm() {
        long wait = Math.min(deadline - System.nanoTime(), silenceLeft());
        timer = caller.setTimer(Math.max(1, TimeUnit.NANOSECONDS.toMillis(wait)), _ -> look());
    }

    private void look() {
        if (done) return;
        if (wire != null && silenceLeft() <= 0) {
            pool.suspect(sentIn);
        }
        if (System.nanoTime() >= deadline) {
            pool.expired(this);
        } else if (!done) {
            arm();
        }
    }

    private long silenceLeft() {
        long limit = pool.bounds().silence().toNanos();
        if (wire == null) return limit;
        return limit - (System.nanoTime() - Math.max(sentAt, pool.answeredAt()));
    }
}
