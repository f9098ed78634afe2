package dev.meridian.limits;

import java.time.Duration;

/// What a bucket holds after an attempt to take units.
///
/// @param left whole units that are left
/// @param waitNanos how long until the attempt would succeed; 0 when it has
/// @param fullNanos how long until the bucket is full
public record Level(long left, long waitNanos, long fullNanos) {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    /// Whether the units were taken.
    public boolean isTaken() {
        return waitNanos == 0;
    }

    /// How long until the attempt would succeed, in whole seconds, rounded up.
    public long waitSeconds() {
        return roundedUp(waitNanos);
    }

    /// How long until the bucket is full, in whole seconds, rounded up.
    long fullSeconds() {
        return roundedUp(fullNanos);
    }

    private static long roundedUp(long nanos) {
        return (nanos + SECOND - 1) / SECOND;
    }
}
