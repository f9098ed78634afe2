package dev.meridian.shared;

import java.util.List;
import java.util.Optional;

/// One page of a list.
///
/// @param items the items of this page
/// @param next the cursor of the next page, empty on the last one
public record Page<T>(List<T> items, Optional<String> next) {
    public Page {
        items = List.copyOf(items);
    }
}
