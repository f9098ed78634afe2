package dev.meridian.sqlpool;

import java.time.Duration;

/// How long there has been no server.
final class Absence {
    private boolean absent = true;
    private long since = System.nanoTime();

    synchronized void begins() {
        if (absent) return;
        absent = true;
        since = System.nanoTime();
    }

    /// @return how long it was; zero when a server was in use all the time
    synchronized Duration ends() {
        if (!absent) return Duration.ZERO;
        absent = false;
        return Duration.ofNanos(System.nanoTime() - since);
    }
}
