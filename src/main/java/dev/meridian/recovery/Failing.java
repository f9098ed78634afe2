package dev.meridian.recovery;

import dev.meridian.async.RepeatingTask;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/// The entries that could not be carried out, each with the time before which it is left alone, so that it keeps no
/// other from its turn. Bounded, and of this process only: a new one tries them all once.
final class Failing {
    private final SettlerConfig config;
    private final LinkedHashMap<String, Failure> byId = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Failure> eldest) {
            return size() > config.failingMax();
        }
    };

    Failing(SettlerConfig config) {
        this.config = config;
    }

    /// @param isItsOwn whether the entry is at fault, not a store that is away
    private record Failure(int times, boolean isItsOwn, Instant notBefore) {}

    synchronized boolean isDue(String orderId, Instant now) {
        var failure = byId.get(orderId);
        return failure == null || !failure.notBefore.isAfter(now);
    }

    /// Takes note of a failure.
    ///
    /// @return whether the entry itself is at fault for the first time
    synchronized boolean add(String orderId, boolean isItsOwn, Instant now) {
        var before = byId.remove(orderId);
        int times = before == null || before.isItsOwn != isItsOwn ? 0 : before.times;
        // While a store is away the steps are far apart anyway; the entry only has to let others have a try.
        var most = isItsOwn ? config.retryMax() : config.backoffMax();
        var pause = RepeatingTask.backoff(config.retry(), most, times);
        var half = Duration.ofMillis(pause.toMillis() / 2);
        byId.put(orderId, new Failure(times + 1, isItsOwn, now.plus(half).plus(RepeatingTask.jitter(half))));
        return isItsOwn && times == 0;
    }

    synchronized void remove(String orderId) {
        byId.remove(orderId);
    }

    /// A new writer was found: what failed because there was none may go on at once.
    synchronized void forgetAway() {
        byId.values().removeIf(failure -> !failure.isItsOwn);
    }

    /// Entries that are at fault themselves.
    synchronized long size() {
        return byId.values().stream().filter(Failure::isItsOwn).count();
    }
}
