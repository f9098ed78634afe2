package dev.meridian.catalog;

import dev.meridian.shared.ProblemException;
import io.quarkus.logging.Log;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Prices of products: from memory while fresh, else from PostgreSQL; from memory again while PostgreSQL cannot be
/// read.
///
/// Requests that miss the same price at the same time each read it: that is a few reads every few seconds, not
/// worth a shared call.
@ApplicationScoped
class Prices {
    private final CatalogRepository products;
    private final Duration retryPause;
    private final InstantSource clock;
    private final PriceMemory memory;
    private volatile Instant pausedUntil = Instant.MIN;

    @Inject
    Prices(CatalogRepository products, CatalogConfig config) {
        this(
                products,
                new PriceMemory(config.pricesKept(), config.priceFresh()),
                config.priceRetryPause(),
                InstantSource.system());
    }

    Prices(CatalogRepository products, PriceMemory memory, Duration retryPause, InstantSource clock) {
        this.products = products;
        this.memory = memory;
        this.retryPause = retryPause;
        this.clock = clock;
    }

    /// The prices of those of the products that exist, with at most one statement.
    Uni<Map<String, PricedProduct>> of(Set<String> productIds) {
        return Uni.createFrom().deferred(() -> {
            var now = clock.instant();
            var known = memory.fresh(productIds, now);
            if (known.size() == productIds.size()) return Uni.createFrom().item(known);
            var missing = without(productIds, known.keySet());
            if (now.isBefore(pausedUntil)) {
                var last = memory.last(missing);
                if (last.keySet().containsAll(missing)) return Uni.createFrom().item(merged(known, last));
            }
            return read(missing, now).map(found -> merged(known, found));
        });
    }

    /// As [#of], but never fails: without PostgreSQL the prices in memory are the answer. During the pause after a
    /// failed read it is not asked.
    Uni<Map<String, PricedProduct>> known(Set<String> productIds) {
        return Uni.createFrom().deferred(() -> {
            var paused = clock.instant().isBefore(pausedUntil);
            return (paused ? Uni.createFrom().item(memory.last(productIds)) : of(productIds))
                    .onFailure(ProblemException::isUnavailable)
                    .recoverWithItem(() -> memory.last(productIds));
        });
    }

    /// Keeps prices that another statement read.
    void sawAll(List<Product> seen) {
        var now = clock.instant();
        seen.forEach(product -> memory.saw(product.priced(), now));
    }

    /// Keeps a price that this process has just written.
    void renewed(Product product) {
        memory.renewed(product.priced(), clock.instant());
    }

    private Uni<Map<String, PricedProduct>> read(Set<String> missing, Instant startedAt) {
        return products.prices(missing)
                .invoke(found -> {
                    found.values().forEach(price -> memory.saw(price, startedAt));
                    memory.forget(without(missing, found.keySet()), startedAt);
                })
                .onFailure(ProblemException::isUnavailable)
                .recoverWithUni(failure -> {
                    pausedUntil = clock.instant().plus(retryPause);
                    var last = memory.last(missing);
                    if (!last.keySet().containsAll(missing))
                        return Uni.createFrom().failure(failure);
                    Log.warnf("last seen prices used products=%d: %s", last.size(), failure.getMessage());
                    return Uni.createFrom().item(last);
                });
    }

    private static Set<String> without(Set<String> all, Set<String> some) {
        var rest = new HashSet<>(all);
        rest.removeAll(some);
        return rest;
    }

    private static Map<String, PricedProduct> merged(Map<String, PricedProduct> a, Map<String, PricedProduct> b) {
        var both = new HashMap<>(a);
        both.putAll(b);
        return both;
    }
}
