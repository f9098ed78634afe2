package dev.meridian.region;

import dev.meridian.sqlpool.Timeline;
import java.time.Duration;
import java.time.Instant;

/// What one task says: that it lives, and what it knows of the SQL writer.
///
/// @param region where it runs
/// @param task drawn when the process starts
/// @param at when it was written, by the task's clock
/// @param expiresAt when the task is to be taken for dead
/// @param settles whether the task settles open orders
/// @param timeline the newest timeline of the writer that it knows of
/// @param writerChangedAt when the writer was replaced last, as far as it knows; [Instant#EPOCH] when never
record TaskBeat(
        String region,
        String task,
        Instant at,
        Instant expiresAt,
        boolean settles,
        Timeline timeline,
        Instant writerChangedAt) {
    /// No task pauses for so long, so nobody waits for it any more.
    private static final Duration KEPT = Duration.ofHours(1);

    boolean isLive(Instant now) {
        return expiresAt.isAfter(now);
    }

    /// Whether the item may be deleted.
    boolean isForgotten(Instant now) {
        return expiresAt.plus(KEPT).isBefore(now);
    }
}
