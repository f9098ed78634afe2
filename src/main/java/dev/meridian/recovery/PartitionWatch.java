package dev.meridian.recovery;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// Notices partitions that the task whose they are does not settle: the oldest entry that is due stays the
/// same. Measured by the clock of this process alone, while the stores answer. So a long queue after an
/// outage is not taken for a dead task.
final class PartitionWatch {
    private final Duration takeOver;
    private final Map<Integer, Oldest> oldest = new HashMap<>();

    PartitionWatch(Duration takeOver) {
        this.takeOver = takeOver;
    }

    /// @param since by [System#nanoTime]
    private record Oldest(String orderId, long since) {}

    /// Whether this task settles a partition that is not its own, once; the wait then begins again.
    ///
    /// @param orderId of the oldest entry that is due
    /// @param now by [System#nanoTime]
    synchronized boolean isStuck(int partition, Optional<String> orderId, long now) {
        if (orderId.isEmpty()) {
            oldest.remove(partition);
            return false;
        }
        var before = oldest.get(partition);
        boolean isSame = before != null && before.orderId.equals(orderId.get());
        if (isSame && now - before.since < takeOver.toNanos()) return false;
        oldest.put(partition, new Oldest(orderId.get(), now));
        return isSame;
    }

    /// A store is away, so nobody can settle anything: all waits begin again.
    synchronized void forget() {
        oldest.clear();
    }
}
