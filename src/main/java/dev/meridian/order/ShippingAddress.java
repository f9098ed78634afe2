package dev.meridian.order;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.meridian.customer.Address;
import dev.meridian.shared.PlainText;
import jakarta.validation.constraints.Email;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/// The JSON of an address in the order API: [Address] with names and an e-mail rule of its own.
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(name = "ShippingAddress")
record ShippingAddress(
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
    static ShippingAddress of(Address a) {
        return new ShippingAddress(
                a.firstName(), a.lastName(), a.email(), a.address1(), a.address2(), a.city(), a.zip(), a.state());
    }

    Address toAddress() {
        return new Address(firstName, lastName, address1, address2, city, state, zipCode, email);
    }
}
