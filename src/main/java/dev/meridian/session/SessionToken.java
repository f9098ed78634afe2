package dev.meridian.session;

import dev.meridian.shared.Ids;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// A session as a client keeps it, `v1.<customer>.<seconds since 1970>.<signature>`: whoever has it is that customer.
///
/// @param issued when it was handed out, to the second
record SessionToken(String customerId, Instant issued) {
    private static final String VERSION = "v1.";
    private static final char SEPARATOR = '.';
    private static final int LENGTH_MAX = 200;
    private static final int DIGITS_MAX = 12;

    /// Whether a text means to be a session of ours, signed or not.
    static boolean isOne(String text) {
        return text.startsWith(VERSION);
    }

    /// @return empty when none of the keys signed it
    static Optional<SessionToken> parse(String text, List<Hmac> keys) {
        if (!isOne(text) || text.length() > LENGTH_MAX) return Optional.empty();
        int signature = text.lastIndexOf(SEPARATOR);
        var signed = text.substring(0, signature);
        int time = signed.lastIndexOf(SEPARATOR);
        if (time < VERSION.length()) return Optional.empty();
        boolean isOurs = keys.stream().anyMatch(key -> key.isSignature(text.substring(signature + 1), signed));
        return isOurs ? read(signed.substring(VERSION.length(), time), signed.substring(time + 1)) : Optional.empty();
    }

    private static Optional<SessionToken> read(String customerId, String seconds) {
        boolean isNumber = !seconds.isEmpty()
                && seconds.length() <= DIGITS_MAX
                && seconds.chars().allMatch(c -> c >= '0' && c <= '9');
        return isNumber && Ids.isValid(customerId)
                ? Optional.of(new SessionToken(customerId, Instant.ofEpochSecond(Long.parseLong(seconds))))
                : Optional.empty();
    }

    String signed(Hmac key) {
        var text = VERSION + customerId + SEPARATOR + issued.getEpochSecond();
        return text + SEPARATOR + key.sign(text);
    }
}
