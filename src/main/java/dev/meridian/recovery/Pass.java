package dev.meridian.recovery;

import dev.meridian.order.Settled;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;

/// What happened in one look through the open entries.
final class Pass {
    /// So many entries in a row that find a store away end the pass.
    private static final int AWAY_MAX = 3;

    private final Instant now;
    private final Instant acceptedBefore;
    private final Instant reopenedBefore;
    private final int concurrency;
    private final boolean isEager;
    private final Map<Settled, Integer> counts = new EnumMap<>(Settled.class);
    private int failed;
    private int awayInARow;

    /// @param acceptedBefore younger entries are left alone
    /// @param reopenedBefore as are entries that a cancellation opened later
    /// @param concurrency entries at once; 1 also means that one store away is enough to end the pass
    /// @param isEager whether entries that failed lately are tried too
    Pass(Instant now, Instant acceptedBefore, Instant reopenedBefore, int concurrency, boolean isEager) {
        this.now = now;
        this.acceptedBefore = acceptedBefore;
        this.reopenedBefore = reopenedBefore;
        this.concurrency = concurrency;
        this.isEager = isEager;
    }

    Instant now() {
        return now;
    }

    Instant acceptedBefore() {
        return acceptedBefore;
    }

    Instant reopenedBefore() {
        return reopenedBefore;
    }

    int concurrency() {
        return concurrency;
    }

    boolean isEager() {
        return isEager;
    }

    synchronized void settled(Settled settled) {
        counts.merge(settled, 1, Integer::sum);
        awayInARow = 0;
    }

    synchronized void failed() {
        failed++;
        awayInARow = 0;
    }

    synchronized void away() {
        awayInARow++;
    }

    /// Whether a store is away, so that there is no point in going on.
    synchronized boolean isAway() {
        return awayInARow >= (concurrency == 1 ? 1 : AWAY_MAX);
    }

    synchronized int count(Settled settled) {
        return counts.getOrDefault(settled, 0);
    }

    synchronized int failures() {
        return failed;
    }
}
