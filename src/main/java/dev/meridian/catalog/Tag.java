package dev.meridian.catalog;

import org.eclipse.microprofile.openapi.annotations.media.Schema;

/// A tag that products carry.
///
/// @param name the key, 1 to 64 characters of `A-Za-z0-9._:@-`
/// @param displayName what people read, 1 to 100 characters
@Schema(name = "Tag")
public record Tag(
        @Schema(examples = "potions") String name,
        @Schema(examples = "Potions & Balms") String displayName) {
    /// A valid name. No comma, because commas separate the names in a list.
    static final String NAME = "[A-Za-z0-9._:@-]{1,64}";
}
