package dev.meridian.order;

import jakarta.validation.constraints.Email;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

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
public record ShippingAddress(
        @NotBlank @Size(max = 100) @Pattern(regexp = ShippingAddress.TEXT)
        String firstName,

        @NotBlank @Size(max = 100) @Pattern(regexp = ShippingAddress.TEXT)
        String lastName,

        @NotBlank @Email @Size(max = 254) @Pattern(regexp = ShippingAddress.TEXT)
        String email,

        @NotBlank @Size(max = 200) @Pattern(regexp = ShippingAddress.TEXT)
        String address1,

        @Size(max = 200) @Pattern(regexp = ShippingAddress.TEXT)
        String address2,

        @NotBlank @Size(max = 100) @Pattern(regexp = ShippingAddress.TEXT)
        String city,

        @NotBlank @Size(max = 20) @Pattern(regexp = ShippingAddress.TEXT)
        String zipCode,

        @NotBlank @Size(max = 100) @Pattern(regexp = ShippingAddress.TEXT)
        String state) {
    /// Text that every store keeps as it is: no control characters and no halves of surrogate pairs.
    static final String TEXT = "[^\\p{Cc}\\p{Cs}]*";

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
