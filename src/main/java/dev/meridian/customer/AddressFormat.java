package dev.meridian.customer;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What a country asks of an address: a line of `addresses.tsv`, which `src/dev/addresses.py` makes.
///
/// @param asksZip whether it asks for a postal code
/// @param asksState whether it asks for a state
/// @param zipName what its people call a postal code
/// @param stateName what they call a state
/// @param separator between the parts of a postal code; may be empty
/// @param zip the pattern of its postal codes; empty where it has none
/// @param states how a state is spelled, by the names that people write, folded; only where it asks for one
record AddressFormat(
        boolean asksZip,
        boolean asksState,
        String zipName,
        String stateName,
        String separator,
        String zip,
        Map<String, String> states) {
    private static final int ZIP_MAX = 20;
    private static final int WORD_MIN = 4;
    private static final AddressFormat PLAIN =
            new AddressFormat(false, false, "postal code", "state", "", "", Map.of());
    private static final Set<String> CODES = Set.of(Locale.getISOCountries());
    private static final Map<String, AddressFormat> FORMATS = read();

    /// The code of a country in upper case.
    ///
    /// @param text of either case, with blanks around it
    static Optional<String> country(String text) {
        return Optional.of(text.strip().toUpperCase(Locale.ROOT)).filter(CODES::contains);
    }

    /// That of the country; of one that the data lacks: a postal code and a state may be anything.
    static AddressFormat of(String country) {
        return FORMATS.getOrDefault(country, PLAIN);
    }

    /// A postal code as the country spells it; empty when it has another form.
    ///
    /// @param text with or without blanks and dashes, of either case, with digits of any script
    Optional<String> zip(String text) {
        if (text.length() > ZIP_MAX) return Optional.empty();
        var plain = plain(text);
        if (zip.isEmpty()) return Optional.of(text.strip());
        var compact = plain.replaceAll("[ -]", "");
        if (separator.isEmpty() && plain.matches(zip)) return Optional.of(plain);
        return Stream.of(compact, plain.replaceFirst("^[A-Z]{1,3}[ -]", "").replaceAll("[ -]", ""))
                .map(this::separated)
                .flatMap(Optional::stream)
                .findFirst();
    }

    /// As [#zip(String)], of a country whose codes begin with its own code, which people leave out.
    Optional<String> zip(String country, String text) {
        return zip(text).or(() -> zip(country + text.strip()));
    }

    private Optional<String> separated(String compact) {
        for (var mark : Stream.of(separator, "", " ", "-").distinct().toList()) {
            for (int i = 1; i < Math.max(2, compact.length()); i++) {
                int at = Math.min(i, compact.length());
                var code = mark.isEmpty() ? compact : compact.substring(0, at) + mark + compact.substring(at);
                if (code.matches(zip)) return Optional.of(code);
                if (mark.isEmpty()) break;
            }
        }
        return Optional.empty();
    }

    /// Upper case, with ASCII digits, blanks and dashes. A Japanese code may begin with its mark.
    private static String plain(String text) {
        var wide = Normalizer.normalize(text.strip(), Normalizer.Form.NFKC).toUpperCase(Locale.ROOT);
        var digits = wide.codePoints()
                .map(c -> Character.isDigit(c) ? '0' + Character.digit(c, 10) : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
        return digits.replaceFirst("^〒", "")
                .replaceAll("[\\p{Z}\\s]+", " ")
                .replaceAll("[\\p{Pd}\\u2212\\u30fc]", "-")
                .strip();
    }

    /// A state as the country spells it; empty when it has no such state. More words than its name stay as
    /// they are: "Tokyo Metropolis".
    Optional<String> state(String text) {
        var spelled = text.strip();
        if (spelled.isEmpty()) return Optional.empty();
        if (states.isEmpty()) return Optional.of(spelled);
        var folded = folded(spelled);
        var exact = states.get(folded);
        if (exact != null) return Optional.of(exact);
        return states.keySet().stream().anyMatch(name -> isAlike(folded, name))
                ? Optional.of(spelled)
                : Optional.empty();
    }

    private static boolean isAlike(String text, String name) {
        if (text.isEmpty()) return false;
        boolean isLatin = text.codePoints().allMatch(c -> c < 0x300);
        if (!isLatin) return text.length() > 1 && name.length() > 1 && (name.startsWith(text) || text.contains(name));
        return name.length() >= WORD_MIN && (" " + text + " ").contains(" " + name + " ")
                || text.length() >= WORD_MIN && (name + " ").startsWith(text + " ");
    }

    /// Words in lower case, without accents and marks between them.
    static String folded(String text) {
        return Normalizer.normalize(text, Normalizer.Form.NFKD)
                .toLowerCase(Locale.ROOT)
                .replaceAll("\\p{M}+", "")
                .replace('ı', 'i')
                .replace('ł', 'l')
                .replace('ø', 'o')
                .replaceAll("[.'’]", "")
                .replaceAll("[^\\p{L}\\p{N}]+", " ")
                .strip();
    }

    private static Map<String, AddressFormat> read() {
        try (var reader = new BufferedReader(new InputStreamReader(
                AddressFormat.class.getResourceAsStream("/addresses.tsv"), StandardCharsets.UTF_8))) {
            return reader.lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.split("\t", -1))
                    .collect(Collectors.toUnmodifiableMap(
                            f -> f[0],
                            f -> new AddressFormat(
                                    f[1].contains("Z"), f[1].contains("S"), f[2], f[3], f[4], f[5], states(f[6]))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, String> states(String text) {
        var states = new LinkedHashMap<String, String>();
        var aliases = new HashMap<String, String>();
        if (!text.isEmpty()) {
            for (var state : text.split(";")) {
                var names = state.split("\\|");
                states.put(folded(names[0]), names[0]);
                for (var name : names) aliases.putIfAbsent(folded(name), names[0]);
            }
        }
        aliases.forEach(states::putIfAbsent);
        return Map.copyOf(states);
    }
}
