package dev.meridian.dynamoclient;

import java.time.Duration;
import java.time.Instant;
import java.util.function.LongSupplier;

/// The time by DynamoDB's clock, as far as ours is known to differ from it. DynamoDB refuses requests that were
/// signed some minutes ago or are yet to come, and tells its own time when it does. Thread-safe.
final class ServerClock {
    private final LongSupplier millis;
    private volatile long aheadMillis;

    /// @param millis the clock of this machine, since 1970
    ServerClock(LongSupplier millis) {
        this.millis = millis;
    }

    /// The clock of this machine.
    long millis() {
        return millis.getAsLong();
    }

    /// How far DynamoDB's clock is ahead of this machine's, as far as it is known.
    long aheadMillis() {
        return aheadMillis;
    }

    /// Takes over the time of an answer.
    void correct(Instant server) {
        aheadMillis = Duration.between(Instant.ofEpochMilli(millis.getAsLong()), server)
                .toMillis();
    }
}
