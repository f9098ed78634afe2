package dev.meridian.session;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/// A sign-in that has begun, as its browser keeps it:
/// `<state>.<where to go after it>.<seconds since 1970>.<signature>`.
/// What the provider must not learn is made from the state and the key that signed it.
///
/// @param state random
/// @param returnTo a path of ours
/// @param key that signed it, or will
record SignInState(String state, String returnTo, Instant issued, Hmac key) {
    private static final String PURPOSE = "sign-in|";
    private static final int PARTS = 4;
    private static final int RETURN_MAX = 500;
    private static final String HOME = "/";

    /// A path of ours and its query. Browsers read a backslash as a slash, and two slashes as another host.
    private static final String PATH = "/([A-Za-z0-9_.~%=&?+:@-][A-Za-z0-9_.~%=&?+:@/-]*)?";

    /// The path, or `/` for what is none of ours.
    static String path(String wanted) {
        return wanted != null && wanted.length() <= RETURN_MAX && wanted.matches(PATH) ? wanted : HOME;
    }

    /// @return empty when it is none of ours
    static Optional<SignInState> parse(String text, List<Hmac> keys) {
        var parts = text.split("[.]", -1);
        if (parts.length != PARTS || !parts[2].matches("[0-9]{1,12}")) return Optional.empty();
        var signed = parts[0] + "." + parts[1] + "." + parts[2];
        return keys.stream()
                .filter(key -> key.isSignature(parts[3], PURPOSE + signed))
                .findFirst()
                .map(key -> new SignInState(
                        parts[0],
                        new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8),
                        Instant.ofEpochSecond(Long.parseLong(parts[2])),
                        key));
    }

    String signed() {
        var text = state + "."
                + Base64.getUrlEncoder().withoutPadding().encodeToString(returnTo.getBytes(StandardCharsets.UTF_8))
                + "." + issued.getEpochSecond();
        return text + "." + key.sign(PURPOSE + text);
    }

    String nonce() {
        return key.sign("nonce|" + state);
    }

    String verifier() {
        return key.sign("verifier|" + state);
    }
}
