package dev.meridian.web;

import java.util.List;

/// A field of the card, which the browser checks where a script runs, else the server: by the same rule and in the same
/// words.
///
/// @param pattern a regular expression of Java and of JavaScript alike
/// @param missing the message when it is empty
/// @param wrong the message when it does not match
/// @param auto for `autocomplete`
/// @param mode for `inputmode`
/// @param max most characters
/// @param size the style of the field; empty for a whole line
public record CardField(
        String name,
        String label,
        String pattern,
        String missing,
        String wrong,
        String auto,
        String mode,
        int max,
        String size) {
    /// In the order of the page.
    static final List<CardField> ALL = List.of(
            new CardField(
                    "cardHolder",
                    "Card holder",
                    CheckoutForm.NAME,
                    "Card holder is required",
                    "Invalid card holder",
                    "cc-name",
                    "text",
                    100,
                    ""),
            digits("cardNumber", "Card number, 16 digits", "[0-9]{16}", "Invalid card number", "cc-number", 16, ""),
            new CardField(
                    "expiryDate",
                    "Expiry date, MM/YY",
                    "(0[1-9]|1[0-2])/[0-9]{2}",
                    "Invalid expiry date",
                    "Invalid expiry date",
                    "cc-exp",
                    "text",
                    5,
                    "half"),
            digits("cvc", "CVC, 3 digits", "[0-9]{3}", "Invalid cvc", "cc-csc", 3, "half"));

    private static CardField digits(
            String name, String label, String pattern, String message, String auto, int max, String size) {
        return new CardField(name, label, pattern, message, message, auto, "numeric", max, size);
    }

    /// Adds a message to a form where the field is not filled in as it should be.
    void check(PageForm form) {
        if (form.value(name).isEmpty()) form.reject(name, missing);
        form.require(name, pattern, wrong);
    }
}
