package dev.meridian.mysfit;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/// A creature of the storefront. A value that its item lacks is an empty string or 0.
///
/// @param mysfitId a UUID
/// @param name its name
/// @param species what it is
/// @param description a few sentences about it
/// @param age in years
/// @param goodEvil Good, Neutral or Evil
/// @param lawChaos Lawful, Neutral or Chaotic
/// @param thumbImageUri a small picture: a path on this host, or a full address
/// @param profileImageUri a large picture: a path on this host, or a full address
/// @param likes how many likes it has, in all Regions as far as this one knows
/// @param adopted whether it is adopted
@Schema(name = "Mysfit")
public record Mysfit(
        @Schema(examples = "4e53920c-505a-4a90-a694-b9300791f0ae")
        String mysfitId,

        @Schema(examples = "Evangeline") String name,
        @Schema(examples = "Chimera") String species,

        @Schema(examples = "Three heads, one contract.") String description,

        @Schema(examples = "43") int age,

        @JsonProperty("goodevil") @Schema(examples = "Evil") String goodEvil,

        @JsonProperty("lawchaos") @Schema(examples = "Lawful")
        String lawChaos,

        @Schema(examples = "/assets/mysfits/4e53920c-505a-4a90-a694-b9300791f0ae.svg")
        String thumbImageUri,

        @Schema(examples = "/assets/mysfits/4e53920c-505a-4a90-a694-b9300791f0ae.svg")
        String profileImageUri,

        @Schema(examples = "1204") long likes,
        @Schema(examples = "false") boolean adopted) {

    /// The same mysfit with more likes.
    ///
    /// @param more at least 0
    Mysfit plusLikes(long more) {
        return new Mysfit(
                mysfitId,
                name,
                species,
                description,
                age,
                goodEvil,
                lawChaos,
                thumbImageUri,
                profileImageUri,
                likes + more,
                adopted);
    }
}
