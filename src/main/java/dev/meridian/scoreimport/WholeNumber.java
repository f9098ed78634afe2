package dev.meridian.scoreimport;

import dev.meridian.shared.ProblemException;
import java.math.BigDecimal;
import java.util.regex.Pattern;

/// Whole numbers as spreadsheets write them: `100.0`, `1E+6`, and where fields are separated by semicolons
/// or tabs, with a decimal comma.
final class WholeNumber {
    private static final Pattern NUMBER = Pattern.compile("\\d{1,15}(?:[.,]\\d{1,15})?(?:[eE]\\+?\\d{1,2})?");

    /// A thousand to one reader and one to another.
    private static final Pattern IN_GROUPS = Pattern.compile("\\d{1,3}(?:[.,'\\h]\\d{3})+");

    private WholeNumber() {}

    /// The number with digits only, or the text itself when it is no whole number.
    ///
    /// @param separator of the fields
    /// @throws ProblemException 400 for a number in groups of three
    static String digits(String text, char separator) {
        var number = text.strip();
        if (IN_GROUPS.matcher(number).matches()) {
            throw ProblemException.invalid("score", "is in groups of three digits; write it without");
        }
        if (!NUMBER.matcher(number).matches() || separator == ',' && number.indexOf(',') >= 0) return text;
        var value = new BigDecimal(number.replace(',', '.')).stripTrailingZeros();
        return value.scale() <= 0 ? value.toPlainString() : text;
    }
}
