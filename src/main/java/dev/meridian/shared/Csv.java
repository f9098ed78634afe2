package dev.meridian.shared;

import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Collectors;

/// Writes CSV (RFC 4180) that a spreadsheet shows as text: a cell that it would take for a formula begins with an
/// apostrophe (OWASP, CSV Injection).
public final class Csv {
    private static final String FORMULA = "=+-@\t\r\n|%";

    private Csv() {}

    /// One line, its end included.
    ///
    /// @param cells null is an empty cell
    public static String line(Object... cells) {
        return Arrays.stream(cells).map(Csv::cell).collect(Collectors.joining(",", "", "\r\n"));
    }

    private static String cell(Object value) {
        var text = Objects.toString(value, "");
        // Some spreadsheets skip leading spaces.
        var visible = text.stripLeading();
        if (!text.isEmpty() && FORMULA.indexOf(text.charAt(0)) >= 0
                || !visible.isEmpty() && FORMULA.indexOf(visible.charAt(0)) >= 0) {
            text = "'" + text;
        }
        return text.chars().anyMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r' || c == ';' || c == '\t')
                ? '"' + text.replace("\"", "\"\"") + '"'
                : text;
    }
}
