package dev.meridian.web;

import dev.meridian.customer.Address;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The rules of the two forms of a checkout, as pure functions. The browser tests of the retail sample expect these
/// messages.
final class CheckoutForm {
    static final List<String> ADDRESS =
            List.of("firstName", "lastName", "email", "address1", "address2", "city", "zipCode", "state");
    static final List<String> CARD = List.of("cardHolder", "cardNumber", "expiryDate", "cvc", "cardToken", "checkout");

    static final String NAME = "[^\\p{Cc}\\p{Cs}]{1,100}";
    private static final String LINE = "[^\\p{Cc}\\p{Cs}]{1,200}";
    private static final String EMAIL =
            "(?=.{3,254}$)[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
                    + "(?:\\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)+";
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

    private CheckoutForm() {}

    /// The address form as it is first shown.
    ///
    /// @param isSample whether a made-up address may stand in it
    static PageForm first(Optional<Address> known, boolean isSample) {
        return PageForm.of(known.map(CheckoutForm::values).orElse(isSample ? SAMPLE : Map.of()));
    }

    private static Map<String, String> values(Address a) {
        var values = new LinkedHashMap<String, String>();
        values.put("firstName", a.firstName());
        values.put("lastName", a.lastName());
        values.put("email", a.email() == null ? "" : a.email());
        values.put("address1", a.address1());
        values.put("address2", a.address2() == null ? "" : a.address2());
        values.put("city", a.city());
        values.put("zipCode", a.zip());
        values.put("state", a.state());
        return values;
    }

    /// Adds messages for the errors of an address.
    static PageForm checkAddress(PageForm form) {
        required(form, "firstName", NAME, "First name");
        required(form, "lastName", NAME, "Last name");
        form.require("email", EMAIL, "Email invalid");
        required(form, "address1", LINE, "Address");
        if (!form.value("address2").isEmpty()) form.require("address2", LINE, "Invalid address");
        required(form, "city", NAME, "City");
        form.require("zipCode", "[0-9]{5}", "Invalid zip code");
        form.require("state", "[A-Z]{2}", "Invalid state");
        return form;
    }

    private static void required(PageForm form, String field, String pattern, String label) {
        if (form.value(field).isEmpty()) form.reject(field, label + " is required");
        form.require(field, pattern, "Invalid " + label.toLowerCase(java.util.Locale.ROOT));
    }

    /// The address of a form without errors.
    static Address address(PageForm form) {
        var more = form.value("address2");
        return new Address(
                form.value("firstName"),
                form.value("lastName"),
                form.value("address1"),
                more.isEmpty() ? null : more,
                form.value("city"),
                form.value("state"),
                form.value("zipCode"),
                form.value("email"));
    }

    /// Checks the token that stands for a card, else the card's own fields. The result has messages, but no values.
    static PageForm checkCard(PageForm sent) {
        if (sent.value("cardToken").isEmpty()) CardField.ALL.forEach(field -> field.check(sent));
        else if (!sent.value("cardToken").matches(CARD_TOKEN)) sent.reject("cardNumber", "Invalid card number");
        return new PageForm(Map.of("checkout", sent.value("checkout")), sent.errors());
    }
}
