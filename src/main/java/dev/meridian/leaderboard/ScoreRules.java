package dev.meridian.leaderboard;

import dev.meridian.shared.ProblemException;
import java.text.Normalizer;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/// The rules for players, countries and scores, the same in a request, a path and a file.
final class ScoreRules {
    /// 10^12: a JavaScript number holds it exactly.
    static final long SCORE_MAX = 1_000_000_000_000L;

    /// A joiner stands between letters or emoji, or ends a letter that a mark ends; tags follow a flag.
    private static final Pattern PLAYER = Pattern.compile("(?!#)(?=.{1,64}$)(?=.*[\\p{L}\\p{N}\\p{P}\\p{S}])"
            + "(?:\\p{S}[\\x{e0020}-\\x{e007f}]+(?:\\x{200d}(?=[\\p{L}\\p{S}]))?"
            + "|\\p{M}[\\x{200c}\\x{200d}]"
            + "|[\\p{L}\\p{S}][\\x{200c}\\x{200d}](?=[\\p{L}\\p{S}])"
            + "|[\\p{L}\\p{M}\\p{N}\\p{P}\\p{S}\\p{Zs}])+");
    private static final Pattern LETTERS = Pattern.compile("[A-Za-z]{2}");
    private static final Pattern DIGITS = Pattern.compile("[0-9]{1,13}");
    private static final Set<String> COUNTRIES = Set.of(Locale.getISOCountries());

    private ScoreRules() {}

    /// A player's name without outer spaces, in Unicode's composed form (NFC), so that a name typed on two keyboards is
    /// one player.
    static String player(String raw) {
        if (raw != null && raw.length() <= 256) {
            var name = Normalizer.normalize(raw, Normalizer.Form.NFC).strip();
            if (PLAYER.matcher(name).matches()) return name;
        }
        throw ProblemException.invalid("player", "must be 1 to 64 printable characters and not begin with #");
    }

    /// A country's code in upper case; lower case is accepted.
    static String country(String raw) {
        if (raw != null && LETTERS.matcher(raw.strip()).matches()) {
            var code = raw.strip().toUpperCase(Locale.ROOT);
            if (COUNTRIES.contains(code)) return code;
        }
        throw ProblemException.invalid("country", "is not an ISO 3166-1 alpha-2 code");
    }

    static long score(long value) {
        if (value < 0 || value > SCORE_MAX) throw wrongScore();
        return value;
    }

    /// A score in a file: decimal digits only.
    static long score(String raw) {
        var digits = raw.strip();
        if (!DIGITS.matcher(digits).matches()) throw wrongScore();
        return score(Long.parseLong(digits));
    }

    private static ProblemException wrongScore() {
        return ProblemException.invalid("score", "must be an integer from 0 to " + SCORE_MAX);
    }
}
