package dev.meridian.recovery;

import dev.meridian.order.SettlementOutcome;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;

/// One run through the open entries: which entries it may settle, and what it did.
final class SettlementRun {
    /// The run ends after this many entries in a row that fail because a store is unavailable.
    private static final int AWAY_MAX = 3;

    private final Instant now;
    private final Instant acceptedBefore;
    private final Instant reopenedBefore;
    private final int concurrency;
    private final boolean isEager;
    private final Map<SettlementOutcome, Integer> counts = new EnumMap<>(SettlementOutcome.class);
    private int failed;
    private int awayInARow;

    private SettlementRun(
            Instant now, Instant acceptedBefore, Instant reopenedBefore, int concurrency, boolean isEager) {
        this.now = now;
        this.acceptedBefore = acceptedBefore;
        this.reopenedBefore = reopenedBefore;
        this.concurrency = concurrency;
        this.isEager = isEager;
    }

    /// A run in the background: leaves young entries alone, and entries that failed lately.
    ///
    /// @param concurrency entries at once; 1 also means that the first entry that fails because a store is
    ///     unavailable ends the run
    static SettlementRun background(SettlerConfig config, int concurrency) {
        var now = Instant.now();
        var grace = now.minus(config.grace());
        return new SettlementRun(now, grace, grace, concurrency, false);
    }

    /// A run on request: settles entries of any age, and those that failed lately too.
    static SettlementRun eager(SettlerConfig config) {
        var now = Instant.now();
        return new SettlementRun(now, now, now.minus(config.grace()), config.concurrency(), true);
    }

    /// Whether an entry may be settled in this run.
    boolean isDue(String orderId, Instant acceptedAt, RetryBackoff backoff) {
        return !acceptedAt.isAfter(acceptedBefore) && (isEager || backoff.isDue(orderId, now));
    }

    /// Entries that a cancellation reopened at or after this time stay open.
    Instant reopenedBefore() {
        return reopenedBefore;
    }

    int concurrency() {
        return concurrency;
    }

    synchronized void settled(SettlementOutcome outcome) {
        counts.merge(outcome, 1, Integer::sum);
        awayInARow = 0;
    }

    synchronized void failed() {
        failed++;
        awayInARow = 0;
    }

    synchronized void away() {
        awayInARow++;
    }

    /// Whether a store is unavailable, so that the run ends.
    synchronized boolean isAway() {
        return awayInARow >= (concurrency == 1 ? 1 : AWAY_MAX);
    }

    synchronized int count(SettlementOutcome outcome) {
        return counts.getOrDefault(outcome, 0);
    }

    synchronized int failures() {
        return failed;
    }
}
