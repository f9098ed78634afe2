package dev.meridian.catalog;

import java.util.List;
import java.util.Optional;

/// What a change expects of a product (RFC 9110, sections 13.1.1 and 13.1.2).
///
/// @param tags the entity tags that the product may have, `*` for any, if only it exists; absent: not
///     expected
/// @param isNew whether the product must not exist
public record Precondition(Optional<List<String>> tags, boolean isNew) {
    public Precondition {
        tags = tags.map(List::copyOf);
    }

    /// For a parameter of SQL; null when no tag is expected.
    String[] tagArray() {
        return tags.map(list -> list.toArray(String[]::new)).orElse(null);
    }
}
