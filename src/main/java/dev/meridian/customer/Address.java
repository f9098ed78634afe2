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
/// @param lastName up to 100 characters; null for names of one word
/// @param address1 street and number, 1 to 200 characters
/// @param address2 more of it; may be null
/// @param city 1 to 100 characters
/// @param state up to 100 characters; null where the country has none
/// @param zip up to 20 characters; null where the country has none
/// @param country ISO 3166-1 alpha-2; null when it is not known
/// @param email may be null
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(name = "Address")
@AddressService.Postal
public record Address(
        @NotBlank @Size(max = 100) @PlainText @Schema(examples = "Nadia")
        String firstName,

        @Size(max = 100) @PlainText @Schema(examples = "Okafor")
        String lastName,

        @NotBlank @Size(max = 200) @PlainText @Schema(examples = "12 Lantern Row")
        String address1,

        @Size(max = 200) @PlainText @Schema(examples = "Flat 3")
        String address2,

        @NotBlank @Size(max = 100) @PlainText @Schema(examples = "Port Isle")
        String city,

        @Size(max = 100) @PlainText @Schema(examples = "ME") String state,

        @Size(max = 20) @PlainText @Schema(examples = "04521")
        String zip,

        @Size(max = 20) @PlainText @Schema(examples = "US", description = Address.COUNTRY)
        String country,

        @Email @Size(max = 254) @PlainText @Schema(examples = "nadia@example.com")
        String email)
        implements AddressService.Given {
    /// What the description of an API says about the country.
    public static final String COUNTRY =
            "ISO 3166-1 alpha-2. Without one it is the default country, unless zip code has another form.";

    @Override
    public Address toAddress() {
        return this;
    }

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
        map.put("country", country);
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
                map.get("country"),
                map.get("email"));
    }

    /// A copy with these.
    Address in(String country, String state, String zip) {
        return new Address(firstName, lastName, address1, address2, city, state, zip, country, email);
    }

    /// A copy with this e-mail address.
    public Address withEmail(String email) {
        return new Address(firstName, lastName, address1, address2, city, state, zip, country, email);
    }
}
