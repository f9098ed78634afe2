package dev.meridian.sql;

import io.smallrye.mutiny.Uni;
import java.time.Duration;

/// The shortest answer time of the statements on one server. It does not grow under load, as a mean does.
/// Thread-safe.
final class RoundTrip {
    private long shortest = Long.MAX_VALUE;
    private long since = System.nanoTime();

    /// The same statement, measured.
    <T> Uni<T> of(Uni<T> statement) {
        return Uni.createFrom().deferred(() -> {
            long begun = System.nanoTime();
            return statement.invoke(_ -> answered(begun));
        });
    }

    /// Another server is in use from now on.
    synchronized void reset() {
        shortest = Long.MAX_VALUE;
        since = System.nanoTime();
    }

    /// Zero when no statement was answered yet.
    synchronized Duration shortest() {
        return shortest == Long.MAX_VALUE ? Duration.ZERO : Duration.ofNanos(shortest);
    }

    /// A statement that began before the reset may be the other server's.
    private synchronized void answered(long begun) {
        if (begun - since >= 0) shortest = Math.min(shortest, System.nanoTime() - begun);
    }
}
