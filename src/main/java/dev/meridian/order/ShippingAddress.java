package dev.meridian.order;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.meridian.customer.Address;
import dev.meridian.shared.PlainText;
import jakarta.validation.constraints.Email;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/// Where an order goes.
///
/// @param firstName 1 to 100 characters
/// @param lastName 1 to 100 characters
/// @param email where the customer is written to
/// @param address1 street and number, 1 to 200 characters
/// @param address2 more of it; may be null
/// @param city 1 to 100 characters
/// @param zipCode 1 to 20 characters
/// @param state 1 to 100 characters
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(name = "ShippingAddress")
public record ShippingAddress(
        @NotBlank @Size(max = 100) @PlainText @Schema(examples = "Nadia")
        String firstName,

        @NotBlank @Size(max = 100) @PlainText @Schema(examples = "Okafor")
        String lastName,

        @NotBlank @Email @Size(max = 254) @PlainText @Schema(examples = "nadia@example.com")
        String email,

        @NotBlank @Size(max = 200) @PlainText @Schema(examples = "12 Lantern Row")
        String address1,

        @Size(max = 200) @PlainText @Schema(examples = "Flat 3")
        String address2,

        @NotBlank @Size(max = 100) @PlainText @Schema(examples = "Port Isle")
        String city,

        @NotBlank @Size(max = 20) @PlainText @Schema(examples = "04521")
        String zipCode,

        @NotBlank @Size(max = 100) @PlainText @Schema(examples = "ME")
        String state) {
    /// A customer's address as that of an order.
    public static ShippingAddress of(Address a) {
        return new ShippingAddress(
                a.firstName(), a.lastName(), a.email(), a.address1(), a.address2(), a.city(), a.zip(), a.state());
    }

    /// What the stores keep of it; absent parts are left out.
    Map<String, String> toMap() {
        var map = new TreeMap<String, String>();
        map.put("firstName", firstName);
        map.put("lastName", lastName);
        map.put("email", email);
        map.put("address1", address1);
        map.put("address2", address2);
        map.put("city", city);
        map.put("zipCode", zipCode);
        map.put("state", state);
        map.values().removeIf(Objects::isNull);
        return map;
    }

    static ShippingAddress of(Map<String, String> map) {
        return new ShippingAddress(
                map.get("firstName"),
                map.get("lastName"),
                map.get("email"),
                map.get("address1"),
                map.get("address2"),
                map.get("city"),
                map.get("zipCode"),
                map.get("state"));
    }
}
