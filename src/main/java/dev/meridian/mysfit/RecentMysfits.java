package dev.meridian.mysfit;

import dev.meridian.async.BoundedMap;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/// The mysfits that this process read lately: their ids, and the likes in their items, which never change.
/// Bounded. Thread-safe.
final class RecentMysfits {
    /// @param likes as the item has them
    /// @param at when the reading began, by [System#nanoTime]
    private record Seen(long likes, long at) {}

    private final long nanos;
    private final Map<String, Seen> byId;

    /// @param max how many are kept
    /// @param age how long one counts as existing
    RecentMysfits(int max, Duration age) {
        this.nanos = age.toNanos();
        this.byId = new BoundedMap<>(max);
    }

    /// The likes in the item of a mysfit; empty when it was not read lately.
    synchronized Optional<Long> likes(String id, long now) {
        var seen = byId.get(id);
        if (seen == null) return Optional.empty();
        if (now - seen.at() < nanos) return Optional.of(seen.likes());
        byId.remove(id);
        return Optional.empty();
    }

    /// Keeps a mysfit that was read.
    ///
    /// @param at when the reading began, by [System#nanoTime]
    synchronized void saw(Mysfit mysfit, long at) {
        if (nanos == 0) return;
        byId.put(mysfit.mysfitId(), new Seen(mysfit.likes(), at));
    }
}
