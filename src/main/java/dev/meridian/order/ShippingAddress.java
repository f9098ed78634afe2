package dev.meridian.order;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.meridian.customer.Address;
import dev.meridian.customer.AddressService;
import dev.meridian.shared.PlainText;
import jakarta.validation.constraints.Email;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/// The JSON of an address in the order API: [Address] with names and an e-mail rule of its own.
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(name = "ShippingAddress")
@AddressService.Postal
record ShippingAddress(
        @NotBlank @Size(max = 100) @PlainText @Schema(examples = "Nadia")
        String firstName,

        @Size(max = 100) @PlainText @Schema(examples = "Okafor", description = "Absent for names of one word.")
        String lastName,

        @NotBlank @Email @Size(max = 254) @PlainText @Schema(examples = "nadia@example.com")
        String email,

        @NotBlank @Size(max = 200) @PlainText @Schema(examples = "12 Lantern Row")
        String address1,

        @Size(max = 200) @PlainText @Schema(examples = "Flat 3")
        String address2,

        @NotBlank @Size(max = 100) @PlainText @Schema(examples = "Port Isle")
        String city,

        @Size(max = 20) @PlainText @Schema(examples = "04521")
        String zipCode,

        @Size(max = 100) @PlainText @Schema(examples = "ME") String state,

        @Size(max = 20) @PlainText @Schema(examples = "US", description = Address.COUNTRY)
        String country)
        implements AddressService.Given {
    static ShippingAddress of(Address a) {
        return new ShippingAddress(
                a.firstName(),
                a.lastName(),
                a.email(),
                a.address1(),
                a.address2(),
                a.city(),
                a.zip(),
                a.state(),
                a.country());
    }

    @Override
    public String zipName() {
        return "zipCode";
    }

    @Override
    public Address toAddress() {
        var last = lastName == null || lastName.isBlank() ? null : lastName;
        return new Address(firstName, last, address1, address2, city, state, zipCode, country, email);
    }
}
