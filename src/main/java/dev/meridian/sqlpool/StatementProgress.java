package dev.meridian.sqlpool;

/// How far one statement of a pool is. Times are in nanoseconds of the pool's clock.
///
/// @param <C> a connection
final class StatementProgress<C> {
    private final boolean repeatable;
    private final long timeout;
    private final long deadline;
    private C connection;
    private long sentIn;
    private long sentAt;
    private boolean repeated;
    private boolean uncertain;

    StatementProgress(boolean repeatable, long timeout, long now) {
        this.repeatable = repeatable;
        this.timeout = timeout;
        this.deadline = now + timeout;
    }

    void sent(C on, long epoch, long now) {
        connection = on;
        sentIn = epoch;
        sentAt = now;
    }

    /// An answer arrived, or the connection broke.
    ///
    /// @param lost whether the connection broke: then it is unknown whether the statement was carried out
    void returned(boolean lost) {
        connection = null;
        uncertain |= lost;
    }

    /// Whether it may be sent again: once, and only while there is time left.
    boolean mayRepeat(long now) {
        if (repeated || timeLeft(now) <= 0) return false;
        repeated = true;
        return true;
    }

    /// The connection it was sent on; null while it waits.
    C connection() {
        return connection;
    }

    /// The epoch of the pool in which it was sent.
    long sentIn() {
        return sentIn;
    }

    long sentAt() {
        return sentAt;
    }

    /// The time that it has in all.
    long timeout() {
        return timeout;
    }

    long timeLeft(long now) {
        return deadline - now;
    }

    /// Whether it may run twice.
    boolean isRepeatable() {
        return repeatable;
    }

    /// Whether an earlier try may have been carried out.
    boolean isUncertain() {
        return uncertain;
    }
}
