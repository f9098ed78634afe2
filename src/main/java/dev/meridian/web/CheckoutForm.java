package dev.meridian.web;

import dev.meridian.customer.Address;
import dev.meridian.customer.AddressService;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The rules of the two forms of a checkout, as pure functions. The browser tests of the retail sample expect these
/// messages.
final class CheckoutForm {
    static final List<String> ADDRESS =
            List.of("firstName", "lastName", "email", "address1", "address2", "city", "zipCode", "state", "country");
    static final List<String> CARD = List.of("cardHolder", "cardNumber", "expiryDate", "cvc", "cardToken", "checkout");

    static final String NAME = "[^\\p{Cc}\\p{Cs}]{1,100}";
    private static final String LINE = "[^\\p{Cc}\\p{Cs}]{1,200}";
    private static final String ZIP = "[^\\p{Cc}\\p{Cs}]{0,20}";
    private static final String STATE = "[^\\p{Cc}\\p{Cs}]{0,100}";
    private static final String LETTER = "[\\p{L}\\p{M}\\p{N}]";
    private static final String LABEL = LETTER + "(?:[\\p{L}\\p{M}\\p{N}-]{0,61}" + LETTER + ")?";
    /// RFC 6531: letters of all scripts.
    private static final String EMAIL = "(?=.{3,254}$)[\\p{L}\\p{M}\\p{N}.!#$%&'*+/=?^_`{|}~\\u200c\\u200d-]{1,64}@"
            + LABEL + "(?:\\." + LABEL + ")+";
    /// As `assets/card.js` makes it.
    private static final String CARD_TOKEN = "sample-[0-9a-f]{32}";

    /// The address that a new visitor finds where there is sample data, so that a demonstration takes three
    /// clicks.
    private static final Map<String, String> SAMPLE = Map.of(
            "firstName", "Wren",
            "lastName", "Quayside",
            "email", "wren@example.com",
            "address1", "7 Lantern Steps",
            "city", "Port Meridian",
            "zipCode", "98101",
            "state", "WA");

    private static final Map<String, String> LABELS =
            Map.of("firstName", "first name", "lastName", "last name", "address1", "address", "city", "city");

    private CheckoutForm() {}

    /// The address form as it is first shown.
    ///
    /// @param isSample whether a made-up address may stand in it
    static PageForm first(Optional<Address> known, AddressService addresses, boolean isSample) {
        return PageForm.of(known.map(addresses::spelled)
                .map(CheckoutForm::values)
                .orElseGet(() -> {
                    var values = new LinkedHashMap<>(isSample ? SAMPLE : Map.<String, String>of());
                    values.put("country", addresses.countryDefault());
                    return values;
                }));
    }

    private static Map<String, String> values(Address a) {
        var values = new LinkedHashMap<String, String>();
        values.put("firstName", a.firstName());
        values.put("lastName", a.lastName());
        values.put("email", a.email());
        values.put("address1", a.address1());
        values.put("address2", a.address2());
        values.put("city", a.city());
        values.put("zipCode", a.zip());
        values.put("state", a.state());
        values.put("country", a.country());
        values.replaceAll((_, value) -> value == null ? "" : value);
        return values;
    }

    /// Adds messages for the errors of an address. A name of one word is a first name.
    static PageForm checkAddress(PageForm form, AddressService addresses) {
        if (form.value("firstName").isEmpty() || !form.value("lastName").isEmpty()) {
            required(form, "lastName", NAME, "Last name");
        }
        required(form, "firstName", NAME, "First name");
        form.require("email", EMAIL, "Email invalid");
        required(form, "address1", LINE, "Address");
        if (!form.value("address2").isEmpty()) form.require("address2", LINE, "Invalid address");
        required(form, "city", NAME, "City");
        form.require("zipCode", ZIP, "Invalid zip code");
        form.require("state", STATE, "Invalid state");
        for (var fault : addresses.faults(address(form))) {
            var message = switch (fault.field()) {
                case "country" -> "Choose a country";
                case "zip", "state" -> PageForm.sentence(fault.message());
                default -> "Invalid " + LABELS.get(fault.field());
            };
            form.reject(fault.field().equals("zip") ? "zipCode" : fault.field(), message);
        }
        return form;
    }

    private static void required(PageForm form, String field, String pattern, String label) {
        if (form.value(field).isEmpty()) form.reject(field, label + " is required");
        form.require(field, pattern, "Invalid " + label.toLowerCase(java.util.Locale.ROOT));
    }

    /// The address of a form.
    static Address address(PageForm form) {
        return new Address(
                form.value("firstName"),
                form.given("lastName").orElse(null),
                form.value("address1"),
                form.given("address2").orElse(null),
                form.value("city"),
                form.given("state").orElse(null),
                form.given("zipCode").orElse(null),
                form.given("country").orElse(null),
                form.value("email"));
    }

    /// Checks the token that stands for a card, else the card's own fields. The result has messages, but no values.
    static PageForm checkCard(PageForm sent) {
        if (sent.value("cardToken").isEmpty()) CardField.ALL.forEach(field -> field.check(sent));
        else if (!sent.value("cardToken").matches(CARD_TOKEN)) sent.reject("cardNumber", "Invalid card number");
        return new PageForm(Map.of("checkout", sent.value("checkout")), sent.errors());
    }
}
