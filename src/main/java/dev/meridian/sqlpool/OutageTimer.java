package dev.meridian.sqlpool;

import java.time.Duration;

/// Measures how long there is no server. Runs from the start.
final class OutageTimer {
    private boolean running = true;
    private long since = System.nanoTime();

    synchronized void start() {
        if (running) return;
        running = true;
        since = System.nanoTime();
    }

    /// @return how long the outage was; zero when there was none
    synchronized Duration stop() {
        if (!running) return Duration.ZERO;
        running = false;
        return Duration.ofNanos(System.nanoTime() - since);
    }
}
