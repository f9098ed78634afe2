package dev.meridian.customer;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.meridian.shared.PlainText;
import jakarta.validation.constraints.Email;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
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
/// @param email may be null
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(name = "Address")
public record Address(
        @NotBlank @Size(max = 100) @PlainText @Schema(examples = "Nadia")
        String firstName,

        @NotBlank @Size(max = 100) @PlainText @Schema(examples = "Okafor")
        String lastName,

        @NotBlank @Size(max = 200) @PlainText @Schema(examples = "12 Lantern Row")
        String address1,

        @Size(max = 200) @PlainText @Schema(examples = "Flat 3")
        String address2,

        @NotBlank @Size(max = 100) @PlainText @Schema(examples = "Port Isle")
        String city,

        @NotBlank @Size(max = 100) @PlainText @Schema(examples = "ME")
        String state,

        @NotBlank @Size(max = 20) @PlainText @Schema(examples = "04521")
        String zip,

        @Email @Size(max = 254) @PlainText @Schema(examples = "nadia@example.com")
        String email) {
    /// Its parts by name, as stores keep them; absent parts are left out.
    public Map<String, String> toMap() {
        var map = new TreeMap<String, String>();
        map.put("firstName", firstName);
        map.put("lastName", lastName);
        map.put("address1", address1);
        map.put("address2", address2);
        map.put("city", city);
        map.put("state", state);
        map.put("zip", zip);
        map.put("email", email);
        map.values().removeIf(Objects::isNull);
        return map;
    }

    /// The address of a map that [#toMap] made.
    public static Address of(Map<String, String> map) {
        return new Address(
                map.get("firstName"),
                map.get("lastName"),
                map.get("address1"),
                map.get("address2"),
                map.get("city"),
                map.get("state"),
                map.get("zip"),
                map.get("email"));
    }

    /// A copy with this e-mail address.
    public Address withEmail(String email) {
        return new Address(firstName, lastName, address1, address2, city, state, zip, email);
    }
}
