package dev.meridian.sqlpool;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/// How often servers are probed.
///
/// @param first pause between two probes of one server at the start of a search; jittered to 100 to 200 % of it
/// @param last the pause grows to this while a search goes on
/// @param settle how long a search waits for the other servers after the first usable answer, since one of them
///     may be on a newer timeline
/// @param watch how often the servers not in use are probed between searches; zero = never
/// @param lifetime idle connections older than this are closed, so that a changed address is noticed
public record DiscoveryTiming(Duration first, Duration last, Duration settle, Duration watch, Duration lifetime) {
    /// Probes of a search before its pauses grow.
    private static final int EAGER = 40;

    public DiscoveryTiming {
        if (first.toMillis() < 1) throw new IllegalArgumentException("first must be 1 ms or more");
        if (last.compareTo(first) < 0) throw new IllegalArgumentException("last must not be less than first");
        if (lifetime.toMillis() < 1) throw new IllegalArgumentException("lifetime must be 1 ms or more");
    }

    Duration searchPause(int asked) {
        long pause = first.toMillis() * Math.max(1, asked - EAGER);
        return jitter(Math.min(pause, last.toMillis()));
    }

    Duration watchPause() {
        return jitter(Math.max(1, watch.toMillis()));
    }

    private static Duration jitter(long millis) {
        return Duration.ofMillis(millis + ThreadLocalRandom.current().nextLong(millis + 1));
    }
}
