package dev.meridian.customer;

import com.fasterxml.jackson.annotation.JsonInclude;
import jakarta.validation.constraints.Email;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/// A postal address.
///
/// @param firstName 1 to 100 characters
/// @param lastName 1 to 100 characters
/// @param address1 street and number, 1 to 200 characters
/// @param address2 more of it; may be null
/// @param city 1 to 100 characters
/// @param state 1 to 100 characters
/// @param zip 1 to 20 characters
/// @param email where to write to; may be null
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(name = "Address")
public record Address(
        @NotBlank @Size(max = 100) @Pattern(regexp = Address.TEXT) @Schema(examples = "Nadia")
        String firstName,

        @NotBlank @Size(max = 100) @Pattern(regexp = Address.TEXT) @Schema(examples = "Okafor")
        String lastName,

        @NotBlank @Size(max = 200) @Pattern(regexp = Address.TEXT) @Schema(examples = "12 Lantern Row")
        String address1,

        @Size(max = 200) @Pattern(regexp = Address.TEXT) @Schema(examples = "Flat 3")
        String address2,

        @NotBlank @Size(max = 100) @Pattern(regexp = Address.TEXT) @Schema(examples = "Port Isle")
        String city,

        @NotBlank @Size(max = 100) @Pattern(regexp = Address.TEXT) @Schema(examples = "ME")
        String state,

        @NotBlank @Size(max = 20) @Pattern(regexp = Address.TEXT) @Schema(examples = "04521")
        String zip,

        @Email @Size(max = 254) @Pattern(regexp = Address.TEXT) @Schema(examples = "nadia@example.com")
        String email) {
    /// Text that every store keeps as it is: no control characters and no halves of surrogate pairs.
    static final String TEXT = "[^\\p{Cc}\\p{Cs}]*";
}
