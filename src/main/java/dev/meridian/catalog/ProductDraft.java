package dev.meridian.catalog;

import dev.meridian.shared.Money;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/// A product as an administrator wants it to be.
///
/// @param id the product
/// @param name 1 to 200 characters
/// @param description up to 4,000 characters
/// @param price the price of one unit, up to 10^9 in the major unit
/// @param keepsStock whether the stock stays as it is; a new product has no limit then
/// @param stock units there are, 0 or more; null for no limit
/// @param imageUrl its picture; empty leaves the picture as it is
/// @param tags its tags, no name twice
public record ProductDraft(
        String id,
        String name,
        String description,
        Money price,
        boolean keepsStock,
        Integer stock,
        Optional<String> imageUrl,
        List<Tag> tags) {
    public ProductDraft {
        Objects.requireNonNull(id);
        Objects.requireNonNull(name);
        Objects.requireNonNull(description);
        Objects.requireNonNull(price);
        if (stock != null && stock < 0) throw new IllegalArgumentException("Stock is 0 or more");
        // The same sequence for all writers, so that two of them cannot deadlock on tags.
        tags = tags.stream().sorted(Comparator.comparing(Tag::name)).toList();
        if (tags.stream().map(Tag::name).distinct().count() < tags.size()) {
            throw new IllegalArgumentException("No tag may be named twice");
        }
    }
}
