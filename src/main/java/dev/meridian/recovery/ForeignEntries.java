package dev.meridian.recovery;

import dev.meridian.async.BoundedMap;
import dev.meridian.journal.JournalEntry;
import dev.meridian.journal.JournalEntry.Missing;
import dev.meridian.region.LiveTasks;
import java.time.Instant;
import java.util.Optional;

/// Open entries of other Regions, which their own Region settles while it lives: the replica here may lag
/// behind what that Region has closed. Remembers those that were read, since the index does not tell the
/// Region. Bounded; a forgotten one is read again.
final class ForeignEntries {
    private final SettlerConfig config;
    private final BoundedMap<String, Left> byId;
    /// When the writer was found again; entries of before are no older than that.
    private volatile Instant availableSince = Instant.EPOCH;

    ForeignEntries(SettlerConfig config) {
        this.config = config;
        this.byId = new BoundedMap<>(config.failingMax());
    }

    /// @param since when it could be settled at the earliest
    private record Left(String region, Instant since) {}

    /// Whether an entry is left to its Region, as far as that is known.
    synchronized boolean isLeft(String orderId, LiveTasks tasks, Instant now) {
        var entry = byId.get(orderId);
        if (entry == null) return false;
        if (isLeft(entry, tasks, now)) return true;
        byId.remove(orderId);
        return false;
    }

    /// Whether an entry is left to its Region.
    synchronized boolean isLeft(JournalEntry entry, LiveTasks tasks, Instant now) {
        if (entry.region().equals(tasks.region())) return false;
        // A lost order is open since it was found.
        var since = Optional.ofNullable(entry.missing()).map(Missing::foundAt).orElse(entry.acceptedAt());
        var left = new Left(entry.region(), since);
        if (!isLeft(left, tasks, now)) return false;
        byId.put(entry.orderId(), left);
        return true;
    }

    private boolean isLeft(Left entry, LiveTasks tasks, Instant now) {
        var since = entry.since.isAfter(availableSince) ? entry.since : availableSince;
        return tasks.isHeard(entry.region) && since.plus(config.foreignAfter()).isAfter(now);
    }

    /// The stores answer again.
    void available(Instant now) {
        availableSince = now;
    }
}
