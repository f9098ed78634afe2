package dev.meridian.shared;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/// The position at which a list continues: opaque to clients, a few short strings to the service. A forged cursor is a
/// 400, or reaches only what the client may list anyway.
public final class Cursor {
    private static final int LENGTH_MAX = 1024;
    private static final String SEPARATOR = "\u001F";

    private Cursor() {}

    /// @param parts at least one, none with a control character
    public static String encode(String... parts) {
        var joined = String.join(SEPARATOR, parts);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(joined.getBytes(StandardCharsets.UTF_8));
    }

    /// @param cursor what a client sent
    /// @param parts how many parts it must have
    /// @throws ProblemException 400 when it is not one of ours
    public static List<String> decode(String cursor, int parts) {
        if (cursor.length() <= LENGTH_MAX) {
            try {
                var decoded = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
                var list = List.of(decoded.split(SEPARATOR, -1));
                if (list.size() == parts) return list;
            } catch (IllegalArgumentException _) {
                // Not Base64: falls through to the problem.
            }
        }
        throw invalid();
    }

    /// The 400 for a value that is not a cursor of the list.
    public static ProblemException invalid() {
        return ProblemException.invalid("cursor", "is not a cursor from a Link header of this list");
    }
}
