package dev.meridian.recovery;

import dev.meridian.async.BoundedMap;
import dev.meridian.async.RepeatingTask;
import java.time.Duration;
import java.time.Instant;

/// The entries that could not be settled, and when to try each again, so that they do not delay the others.
/// Bounded. In memory only: a new process tries all of them at once.
final class RetryBackoff {
    private final SettlerConfig config;
    private final BoundedMap<String, Failure> byId;

    RetryBackoff(SettlerConfig config) {
        this.config = config;
        this.byId = new BoundedMap<>(config.failingMax());
    }

    /// @param isItsOwn whether the entry itself is the cause, not an unavailable store
    private record Failure(int times, boolean isItsOwn, Instant notBefore) {}

    synchronized boolean isDue(String orderId, Instant now) {
        var failure = byId.get(orderId);
        return failure == null || !failure.notBefore.isAfter(now);
    }

    /// Adds a failure of an entry.
    ///
    /// @param isItsOwn whether the entry itself is the cause, not an unavailable store
    /// @return whether the entry is at fault for the first time
    synchronized boolean add(String orderId, boolean isItsOwn, Instant now) {
        var before = byId.get(orderId);
        int times = before == null || before.isItsOwn != isItsOwn ? 0 : before.times;
        // While a store is unavailable, runs are far apart anyway: a short pause is enough to let other entries
        // go first.
        var most = isItsOwn ? config.retryMax() : config.backoffMax();
        var pause = RepeatingTask.backoff(config.retry(), most, times);
        var half = Duration.ofMillis(pause.toMillis() / 2);
        byId.put(orderId, new Failure(times + 1, isItsOwn, now.plus(half).plus(RepeatingTask.jitter(half))));
        return isItsOwn && times == 0;
    }

    synchronized void remove(String orderId) {
        byId.remove(orderId);
    }

    /// Forgets the entries that failed because a store was unavailable: a new writer was found.
    synchronized void forgetAway() {
        byId.values().removeIf(failure -> !failure.isItsOwn);
    }

    /// How many entries are at fault themselves.
    synchronized long size() {
        return byId.values().stream().filter(Failure::isItsOwn).count();
    }
}
