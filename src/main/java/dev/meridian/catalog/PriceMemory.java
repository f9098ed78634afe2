package dev.meridian.catalog;

import dev.meridian.async.BoundedMap;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The prices that this process read last, a bounded number of them. Thread-safe.
final class PriceMemory {
    private record Seen(PricedProduct product, Instant at) {}

    private final Duration fresh;
    private final Map<String, Seen> byId;

    /// @param max how many prices are kept
    /// @param fresh how old a fresh price may be
    PriceMemory(int max, Duration fresh) {
        this.fresh = fresh;
        this.byId = new BoundedMap<>(max);
    }

    /// The fresh prices of these products.
    synchronized Map<String, PricedProduct> fresh(Set<String> ids, Instant now) {
        var found = new HashMap<String, PricedProduct>();
        for (var id : ids) {
            var seen = byId.get(id);
            if (seen != null && isFresh(seen, now)) found.put(id, seen.product());
        }
        return found;
    }

    /// The last known prices of these products, with the time when they were read.
    synchronized Map<String, PricedProduct> last(Set<String> ids) {
        var found = new HashMap<String, PricedProduct>();
        for (var id : ids) {
            var seen = byId.get(id);
            if (seen == null) continue;
            var product = seen.product();
            found.put(id, new PricedProduct(id, product.name(), product.price(), Optional.of(seen.at())));
        }
        return found;
    }

    /// Keeps a price that was read, unless a fresh one is known: that may come from a write here, which the reader does
    /// not have yet.
    ///
    /// @param at when the reading began
    synchronized void saw(PricedProduct product, Instant at) {
        byId.merge(product.productId(), new Seen(product, at), (old, seen) -> isFresh(old, at) ? old : seen);
    }

    /// Keeps a price that was written here.
    synchronized void renewed(PricedProduct product, Instant at) {
        byId.put(product.productId(), new Seen(product, at));
    }

    /// Removes products that were not found. A fresh price stays, as above.
    ///
    /// @param at when the reading began
    synchronized void forget(Set<String> ids, Instant at) {
        for (var id : ids) {
            var seen = byId.get(id);
            if (seen != null && !isFresh(seen, at)) byId.remove(id);
        }
    }

    /// A time slightly after `now` is fresh too: it is that of a write after the read began. A time far after
    /// `now` is not: the clock was set back.
    private boolean isFresh(Seen seen, Instant now) {
        return Duration.between(seen.at(), now).abs().compareTo(fresh) < 0;
    }
}
