package dev.meridian.lab.cluster;

import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;

/// The requests of one Region.
public final class Traffic {
    private static final long WINDOW = TimeUnit.SECONDS.toNanos(1);

    private record Sample(long at, long nanos) {}

    private final ArrayDeque<Sample> lately = new ArrayDeque<>();
    private long requests;
    private long errors;

    synchronized void add(long nanos, boolean failed) {
        requests++;
        if (failed) errors++;
        lately.addLast(new Sample(System.nanoTime(), nanos));
        trim();
    }

    /// Requests so far.
    public synchronized long requests() {
        return requests;
    }

    /// Requests that failed: no response in time, or 5xx.
    public synchronized long errors() {
        return errors;
    }

    /// Requests of the last second.
    public synchronized int rate() {
        trim();
        return lately.size();
    }

    /// A latency percentile of the last second, in milliseconds.
    public synchronized double percentile(double share) {
        trim();
        if (lately.isEmpty()) return 0;
        var sorted = lately.stream().mapToLong(Sample::nanos).sorted().toArray();
        return sorted[(int) Math.min(sorted.length - 1, Math.floor(share * sorted.length))] / 1e6;
    }

    private void trim() {
        long since = System.nanoTime() - WINDOW;
        while (!lately.isEmpty() && lately.peekFirst().at < since) lately.removeFirst();
    }
}
