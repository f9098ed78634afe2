package dev.meridian.leaderboard;

import dev.meridian.async.CallerContext;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.function.Supplier;

/// Shares one costly reading among requests that come together. A request is only ever answered by a reading
/// that began after it came, so nobody misses an own write; readings begin at most once in each interval.
final class Coalesced<T> {
    private final Supplier<Uni<T>> reading;
    private final long intervalNanos;
    private Uni<T> next;
    private long begunAt;

    Coalesced(Supplier<Uni<T>> reading, Duration interval) {
        this.reading = reading;
        this.intervalNanos = interval.toNanos();
        this.begunAt = System.nanoTime() - intervalNanos;
    }

    /// Resumes on the caller's event loop.
    Uni<T> get() {
        return CallerContext.resumeOn(Uni.createFrom().deferred(this::shared));
    }

    private synchronized Uni<T> shared() {
        if (next == null) {
            var wait = begunAt + intervalNanos - System.nanoTime();
            var turn = Uni.createFrom().voidItem();
            next = (wait > 0 ? turn.onItem().delayIt().by(atLeastOneMilli(wait)) : turn)
                    .chain(this::begin)
                    .memoize()
                    .indefinitely();
        }
        return next;
    }

    /// Timers know no shorter time.
    private static Duration atLeastOneMilli(long nanos) {
        return Duration.ofMillis(Math.max(1, Duration.ofNanos(nanos).toMillis()));
    }

    private Uni<T> begin() {
        synchronized (this) {
            next = null;
            begunAt = System.nanoTime();
        }
        return reading.get();
    }
}
