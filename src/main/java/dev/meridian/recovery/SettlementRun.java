package dev.meridian.recovery;

import dev.meridian.journal.JournalEntry;
import dev.meridian.journal.OpenEntry;
import dev.meridian.order.SettlementOutcome;
import dev.meridian.region.LiveTasks;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/// One run through the open entries: which entries it may settle, and what it did.
final class SettlementRun {
    /// The run ends after this many entries in a row that fail because a store is unavailable.
    private static final int AWAY_MAX = 3;

    private final Instant now;
    private final Instant acceptedBefore;
    private final Instant reopenedBefore;
    private final int concurrency;
    /// Empty in an eager run.
    private final Optional<LiveTasks> tasks;
    private final Map<SettlementOutcome, Integer> counts = new EnumMap<>(SettlementOutcome.class);
    private int failed;
    private int awayInARow;
    private boolean hasMore;

    private SettlementRun(
            Instant now, Instant acceptedBefore, Instant reopenedBefore, int concurrency, Optional<LiveTasks> tasks) {
        this.now = now;
        this.acceptedBefore = acceptedBefore;
        this.reopenedBefore = reopenedBefore;
        this.concurrency = concurrency;
        this.tasks = tasks;
    }

    /// A run in the background: leaves young entries alone, entries that failed lately, and those that are the
    /// work of others.
    ///
    /// @param concurrency entries at once; 1 also means that the first entry that fails because a store is
    ///     unavailable ends the run
    static SettlementRun background(SettlerConfig config, int concurrency, LiveTasks tasks) {
        var now = Instant.now();
        var grace = now.minus(config.grace());
        return new SettlementRun(now, grace, grace, concurrency, Optional.of(tasks));
    }

    /// A run on request: settles entries of any age and of all Regions and tasks, and those that failed lately
    /// too.
    static SettlementRun eager(SettlerConfig config) {
        var now = Instant.now();
        return new SettlementRun(now, now, now.minus(config.grace()), config.concurrency(), Optional.empty());
    }

    /// Whether a partition of the index is this task's.
    boolean isMine(int partition) {
        return tasks.map(known -> known.isMine("open-" + partition)).orElse(true);
    }

    /// Whether an entry may be settled in this run.
    boolean isDue(OpenEntry entry, RetryBackoff backoff, ForeignEntries foreign) {
        if (entry.acceptedAt().isAfter(acceptedBefore)) return false;
        return tasks.isEmpty()
                || backoff.isDue(entry.orderId(), now) && !foreign.isLeft(entry.orderId(), tasks.get(), now);
    }

    /// Whether an entry is left to the Region that took it.
    boolean isLeft(JournalEntry entry, ForeignEntries foreign) {
        return tasks.isPresent() && foreign.isLeft(entry, tasks.get(), now);
    }

    /// Most pages of one partition.
    int pages(SettlerConfig config) {
        return tasks.isEmpty() ? Integer.MAX_VALUE : config.pages();
    }

    /// A partition has more pages.
    synchronized void more() {
        hasMore = true;
    }

    /// Whether the next run is to begin at once.
    synchronized boolean hasMore() {
        return hasMore && counts.keySet().stream().anyMatch(outcome -> outcome != SettlementOutcome.UNCHANGED);
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
