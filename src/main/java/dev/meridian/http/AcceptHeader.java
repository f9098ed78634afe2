package dev.meridian.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/// `Accept` as RFC 9110, section 12.5.1, writes it, made of what clients send: parts that are no media
/// range are left out, `*` is any type, and a type of quality 0 is not wanted.
final class AcceptHeader {
    private static final String TOKEN = "[\\w!#$%&'*+.^`|~-]+";
    private static final Pattern RANGE = Pattern.compile(TOKEN + "/" + TOKEN);
    private static final Pattern PARAMETER = Pattern.compile(TOKEN + "=(" + TOKEN + "|\"[^\"]*\")");
    private static final Pattern QUALITY = Pattern.compile("q=(\\d{0,9}(?:\\.\\d{0,9})?)", Pattern.CASE_INSENSITIVE);

    /// One element, or one parameter, with the text in quotes as a part of it.
    private static final String OUTSIDE_OF_QUOTES = "(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)";

    private static final Pattern COMMA = Pattern.compile("," + OUTSIDE_OF_QUOTES);
    private static final Pattern SEMICOLON = Pattern.compile(";" + OUTSIDE_OF_QUOTES);

    private static final String ANY = "*/*";
    private static final String JSON = "application/json";
    private static final String HTML = "text/html";

    /// Nothing is of this type.
    private static final String NOTHING = "application/x-nothing";

    private AcceptHeader() {}

    /// @return empty when nothing is said about types
    static String repaired(String sent) {
        if (sent.equals(ANY) || sent.equals(JSON)) return sent;
        var wanted = new ArrayList<String>();
        var unwanted = new ArrayList<String>();
        for (var element : split(COMMA, ',', sent)) {
            var parts = split(SEMICOLON, ';', element);
            var range = parts.isEmpty() ? "" : parts.getFirst().strip();
            if (range.equals("*")) range = ANY;
            if (!RANGE.matcher(range).matches() || range.startsWith("*/") && !range.equals(ANY)) continue;
            var text = new StringBuilder(range);
            boolean isWanted = true;
            for (var part : parts.subList(1, parts.size())) {
                var parameter = part.strip();
                var quality = QUALITY.matcher(parameter);
                if (quality.matches()) {
                    var value = quality(quality.group(1));
                    isWanted = !value.equals("0");
                    text.append(";q=").append(value);
                } else if (!parameter.toLowerCase(Locale.ROOT).startsWith("q=")
                        && PARAMETER.matcher(parameter).matches()) {
                    text.append(';').append(parameter);
                }
            }
            if (isWanted) wanted.add(text.toString());
            else unwanted.add(range.toLowerCase(Locale.ROOT));
        }
        if (wanted.isEmpty()) return unwanted.isEmpty() ? "" : NOTHING;
        // Where an address has both, JSON is what any type means.
        if (unwanted.contains(JSON) && !unwanted.contains(HTML)) wanted.addFirst(HTML);
        return String.join(",", wanted);
    }

    /// A quote that is never closed hides what is before and behind it.
    private static List<String> split(Pattern quoted, char plain, String text) {
        return text.indexOf('"') < 0
                ? List.of(text.split(String.valueOf(plain)))
                : text.length() > 2000 ? List.of() : List.of(quoted.split(text));
    }

    /// From 0 to 1 with three digits at most, 1 for no number.
    private static String quality(String text) {
        if (text.isEmpty() || text.equals(".")) return "1";
        double value = Math.min(1, Double.parseDouble(text));
        long thousandths = value == 0 ? 0 : Math.max(1, Math.round(value * 1000));
        if (thousandths == 0) return "0";
        return thousandths == 1000 ? "1" : String.format(Locale.ROOT, "0.%03d", thousandths);
    }
}
