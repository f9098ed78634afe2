package dev.meridian.shared;

import java.util.Optional;

/// The `Idempotency-Key` header: 1 to 255 visible ASCII characters, with or without the quotes of a structured field
/// string.
public final class IdempotencyKeys {
    /// The header's name.
    public static final String HEADER = "Idempotency-Key";

    private static final int LENGTH_MAX = 255;

    private IdempotencyKeys() {}

    /// @param header the header's value, null when it was not sent
    /// @throws ProblemException 400 when it is not a key
    public static Optional<String> parse(String header) {
        if (header == null) return Optional.empty();
        var key = header.strip();
        if (key.length() >= 2 && key.startsWith("\"") && key.endsWith("\"")) {
            key = key.substring(1, key.length() - 1);
        }
        if (key.isEmpty() || key.length() > LENGTH_MAX || !key.chars().allMatch(c -> c > ' ' && c < 0x7F)) {
            throw ProblemException.invalid(HEADER, "must be 1 to " + LENGTH_MAX + " visible ASCII characters");
        }
        return Optional.of(key);
    }
}
