package dev.meridian.web;

import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.List;
import java.util.regex.Pattern;

/// A field of the card, which the browser checks where a script runs, else the server: by the same rule and in the same
/// words.
///
/// @param pattern a regular expression of Java and of JavaScript alike
/// @param missing the message when it is empty
/// @param wrong the message when it does not match
/// @param expired the message when the month is over; empty for a field that is no date
/// @param auto for `autocomplete`
/// @param mode for `inputmode`
/// @param size the style of the field; empty for a whole line
public record CardField(
        String name,
        String label,
        String pattern,
        String missing,
        String wrong,
        String expired,
        String auto,
        String mode,
        String size) {
    private static final String GAP = "[\\s\\p{Zs}\\p{Pd}]*";
    private static final Pattern EXPIRY =
            Pattern.compile("(0[1-9]|1[0-2])[\\s\\p{Zs}]*[\\/.\\p{Pd}]?[\\s\\p{Zs}]*((?:20)?[0-9]{2})");
    private static final int CENTURY = 2000;

    /// In the order of the page.
    static final List<CardField> ALL = List.of(
            new CardField(
                    "cardHolder",
                    "Card holder",
                    CheckoutForm.NAME,
                    "Card holder is required",
                    "Invalid card holder",
                    "",
                    "cc-name",
                    "text",
                    ""),
            digits(
                    "cardNumber",
                    "Card number",
                    "[0-9](?:" + GAP + "[0-9]){11,18}",
                    "Invalid card number",
                    "cc-number",
                    ""),
            new CardField(
                    "expiryDate",
                    "Expiry date, MM/YY",
                    EXPIRY.pattern(),
                    "Invalid expiry date",
                    "Invalid expiry date",
                    "This card has expired",
                    "cc-exp",
                    "text",
                    "half"),
            digits("cvc", "CVC, 3 or 4 digits", "[0-9]{3,4}", "Invalid cvc", "cc-csc", "half"));

    private static CardField digits(
            String name, String label, String pattern, String message, String auto, String size) {
        return new CardField(name, label, pattern, message, message, "", auto, "numeric", size);
    }

    /// Adds a message to a form where the field is not filled in as it should be.
    void check(PageForm form) {
        if (form.value(name).isEmpty()) form.reject(name, missing);
        form.require(name, pattern, wrong);
        if (!expired.isEmpty() && isOver(form.value(name))) form.reject(name, expired);
    }

    /// Whether the month has ended everywhere. Any text that is no date has not.
    private static boolean isOver(String text) {
        var date = EXPIRY.matcher(text);
        if (!date.matches()) return false;
        int year = Integer.parseInt(date.group(2)) % 100 + CENTURY;
        return YearMonth.of(year, Integer.parseInt(date.group(1))).isBefore(YearMonth.now(ZoneOffset.ofHours(-12)));
    }
}
