package dev.meridian.limits;

import java.time.Duration;

/// The size of a bucket, and how fast it fills.
///
/// @param units how many units a full bucket holds, 1 or more
/// @param window the time in which an empty bucket becomes full, one nanosecond for each unit or more
public record Rate(int units, Duration window) {
    public Rate {
        if (units < 1) throw new IllegalArgumentException("A bucket holds one unit or more, not " + units);
        if (window.toNanos() < units) throw new IllegalArgumentException("The window is too short: " + window);
    }

    /// The time in which one unit comes back.
    long unitNanos() {
        return window.toNanos() / units;
    }
}
