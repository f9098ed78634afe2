package dev.meridian.checkout;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.meridian.customer.Address;
import dev.meridian.customer.AddressService;
import dev.meridian.shared.PlainText;
import jakarta.validation.constraints.Email;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/// The JSON of an address in the checkout API: [Address] with messages and an e-mail rule of its own.
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(name = "CheckoutAddress")
@AddressService.Postal
record CheckoutAddress(
        @Schema(examples = "Ada") @NotBlank @Size(max = 100) @PlainText(message = TEXT_MESSAGE)
        String firstName,

        @Schema(examples = "Example", description = "Absent for names of one word.")
        @Size(max = 100)
        @PlainText(message = TEXT_MESSAGE)
        String lastName,

        @Schema(examples = "1 Harbour Lane") @NotBlank @Size(max = 200) @PlainText(message = TEXT_MESSAGE)
        String address1,

        @Schema(examples = "Back door") @Size(max = 200) @PlainText(message = TEXT_MESSAGE)
        String address2,

        @Schema(examples = "Springfield") @NotBlank @Size(max = 100) @PlainText(message = TEXT_MESSAGE)
        String city,

        @Schema(examples = "WA") @Size(max = 100) @PlainText(message = TEXT_MESSAGE)
        String state,

        @Schema(examples = "98109") @Size(max = 20) @PlainText(message = TEXT_MESSAGE)
        String zip,

        @Schema(examples = "US", description = Address.COUNTRY) @Size(max = 20) @PlainText(message = TEXT_MESSAGE)
        String country,

        @Schema(description = "That of the customer's profile when absent.", examples = "visitor@example.com")
        @Email
        @Size(max = 254)
        @PlainText(message = TEXT_MESSAGE)
        String email)
        implements AddressService.Given {

    private static final String TEXT_MESSAGE = "must have no control characters";

    static CheckoutAddress of(Address a) {
        return new CheckoutAddress(
                a.firstName(),
                a.lastName(),
                a.address1(),
                a.address2(),
                a.city(),
                a.state(),
                a.zip(),
                a.country(),
                a.email());
    }

    @Override
    public Address toAddress() {
        return new Address(
                firstName, orNull(lastName), address1, orNull(address2), city, state, zip, country, orNull(email));
    }

    private static String orNull(String text) {
        return text == null || text.isBlank() ? null : text;
    }
}
