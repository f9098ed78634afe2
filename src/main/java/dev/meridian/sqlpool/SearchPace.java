package dev.meridian.sqlpool;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/// How eagerly servers are asked what they are.
///
/// @param first wait between two questions to one server at the start of a search; jittered to 100 to 200 % of it
/// @param last the wait grows to this while a search goes on
/// @param settle how long the first good answer waits for the other servers', since one of them may be newer
/// @param watch how often the other servers are asked while all is well; zero = never
/// @param lifetime idle connections older than this are closed, so that a changed address is noticed
public record SearchPace(Duration first, Duration last, Duration settle, Duration watch, Duration lifetime) {
    /// So many questions are asked at the first pace before the waits grow.
    private static final int EAGER = 40;

    public SearchPace {
        if (first.toMillis() < 1) throw new IllegalArgumentException("first must be 1 ms or more");
        if (last.compareTo(first) < 0) throw new IllegalArgumentException("last must not be less than first");
        if (lifetime.toMillis() < 1) throw new IllegalArgumentException("lifetime must be 1 ms or more");
    }

    long searchingMillis(int asked) {
        long wait = first.toMillis() * Math.max(1, asked - EAGER);
        return jitter(Math.min(wait, last.toMillis()));
    }

    long watchingMillis() {
        return jitter(Math.max(1, watch.toMillis()));
    }

    private static long jitter(long millis) {
        return millis + ThreadLocalRandom.current().nextLong(millis + 1);
    }
}
