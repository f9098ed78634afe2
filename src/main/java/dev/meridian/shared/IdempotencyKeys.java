package dev.meridian.shared;

import java.util.List;
import java.util.Optional;

/// The `Idempotency-Key` header: 1 to 255 visible ASCII characters, with or without the quotes of a structured field
/// string.
public final class IdempotencyKeys {
    /// The header's name.
    public static final String HEADER = "Idempotency-Key";

    /// The longest key, in characters.
    public static final int LENGTH_MAX = 255;

    private IdempotencyKeys() {}

    /// The key of a request. An empty header is no key but a fault: the client asked for safe retries. An
    /// endpoint must not take it as a header parameter, since an empty one would be null.
    ///
    /// @param headers the value of each header that was sent, the empty one too
    /// @throws ProblemException 400 when it is not a key, or was sent twice
    public static Optional<String> parse(List<String> headers) {
        if (headers == null || headers.isEmpty()) return Optional.empty();
        if (headers.size() > 1) throw ProblemException.invalid(HEADER, "must be sent once");
        return Optional.of(parse(headers.getFirst()));
    }

    /// @throws ProblemException 400 when it is not a key
    public static String parse(String value) {
        var key = value.strip();
        if (key.length() >= 2 && key.startsWith("\"") && key.endsWith("\"")) {
            key = key.substring(1, key.length() - 1);
        }
        if (key.isEmpty() || key.length() > LENGTH_MAX || !key.chars().allMatch(c -> c > ' ' && c < 0x7F)) {
            throw ProblemException.invalid(HEADER, "must be 1 to " + LENGTH_MAX + " visible ASCII characters");
        }
        return key;
    }
}
