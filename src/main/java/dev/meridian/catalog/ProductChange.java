package dev.meridian.catalog;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/// A change of a product as `catalog-journal` has it: open until SQL has decided it, then with the decision.
/// A change that SQL refused is removed.
///
/// @param key the change, among those of its product; 1 to 255 characters
/// @param region where it was asked for; its entry is written there only
/// @param draft what a `PUT` wants; absent for a restock
/// @param units what a restock adds, or by how much a decided `PUT` changed the stock
/// @param at when it was asked for or, once it is decided, when SQL did it, to the microsecond: later than
///     every earlier change of the product
record ProductChange(
        String productId,
        String key,
        String region,
        Optional<ProductDraft> draft,
        int units,
        Instant at,
        boolean isDecided) {
    ProductChange {
        Objects.requireNonNull(productId);
        Objects.requireNonNull(key);
        Objects.requireNonNull(at);
    }

    static ProductChange put(ProductDraft draft, String key, String region) {
        return new ProductChange(draft.id(), key, region, Optional.of(draft), 0, Instant.now(), false);
    }

    static ProductChange restock(String productId, int units, String key, String region) {
        return new ProductChange(productId, key, region, Optional.empty(), units, Instant.now(), false);
    }

    /// What SQL decided.
    ProductChange decided(int added, Instant decidedAt) {
        return new ProductChange(productId, key, region, draft, added, decidedAt, true);
    }
}
