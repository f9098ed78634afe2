package dev.meridian.retention;

import org.eclipse.microprofile.openapi.annotations.media.Schema;

/// What a request erased.
///
/// @param erased how many items
/// @param left how many cannot be erased yet, such as open orders
/// @param complete whether everything was looked at
@Schema(name = "Erasure")
public record Erasure(
        @Schema(examples = "12") long erased,
        @Schema(examples = "1") long left,
        boolean complete) {
    /// Whether nothing is left.
    boolean endsHere() {
        return complete && left == 0;
    }
}
