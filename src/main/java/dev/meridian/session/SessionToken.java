package dev.meridian.session;

import dev.meridian.shared.Ids;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// A session as a client keeps it: whoever has it is that customer.
///
/// | Whose | Form |
/// |---|---|
/// | a guest's | `v1.<customer>.<seconds since 1970>.<signature>` |
/// | a customer's who has signed in | `v2.<customer>.<id>.<roles>.<seconds since 1970>.<signature>` |
///
/// @param issued when it was handed out, to the second
/// @param id of a session that can be ended; empty for a guest's
/// @param roles of the customer, as their first letters in the text
record SessionToken(String customerId, Instant issued, String id, Set<Role> roles) {
    private static final String GUEST = "v1.";
    private static final String SIGNED_IN = "v2.";
    private static final char SEPARATOR = '.';
    private static final int LENGTH_MAX = 300;
    private static final int DIGITS_MAX = 12;
    private static final String ID = "[A-Za-z0-9_-]{22}";

    static SessionToken guest(String customerId, Instant issued) {
        return new SessionToken(customerId, issued, "", Set.of());
    }

    /// Whether a text means to be a session of ours, signed or not.
    static boolean isOne(String text) {
        return text.startsWith(GUEST) || text.startsWith(SIGNED_IN);
    }

    boolean isSignedIn() {
        return !id.isEmpty();
    }

    /// @return empty when none of the keys signed it
    static Optional<SessionToken> parse(String text, List<Hmac> keys) {
        if (!isOne(text) || text.length() > LENGTH_MAX) return Optional.empty();
        int signature = text.lastIndexOf(SEPARATOR);
        var signed = text.substring(0, signature);
        boolean isOurs = keys.stream().anyMatch(key -> key.isSignature(text.substring(signature + 1), signed));
        return isOurs ? read(signed) : Optional.empty();
    }

    /// A customer's id may have the separator in it, so the parts are taken from the end.
    private static Optional<SessionToken> read(String signed) {
        boolean isGuest = signed.startsWith(GUEST);
        int parts = isGuest ? 1 : 3;
        var rest = signed.substring(GUEST.length());
        var taken = new ArrayList<String>();
        for (int i = 0; i < parts; i++) {
            int at = rest.lastIndexOf(SEPARATOR);
            if (at < 0) return Optional.empty();
            taken.addFirst(rest.substring(at + 1));
            rest = rest.substring(0, at);
        }
        var seconds = taken.getLast();
        if (!isNumber(seconds) || !Ids.isValid(rest)) return Optional.empty();
        var issued = Instant.ofEpochSecond(Long.parseLong(seconds));
        if (isGuest) return Optional.of(guest(rest, issued));
        return taken.getFirst().matches(ID)
                ? Optional.of(new SessionToken(rest, issued, taken.getFirst(), roles(taken.get(1))))
                : Optional.empty();
    }

    private static boolean isNumber(String seconds) {
        return !seconds.isEmpty()
                && seconds.length() <= DIGITS_MAX
                && seconds.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    private static Set<Role> roles(String letters) {
        var roles = EnumSet.noneOf(Role.class);
        for (var role : Role.values()) if (letters.contains(letter(role))) roles.add(role);
        return Set.copyOf(roles);
    }

    private static String letter(Role role) {
        return role.name().substring(0, 1).toLowerCase(Locale.ROOT);
    }

    String signed(Hmac key) {
        var text = (isSignedIn() ? SIGNED_IN : GUEST)
                + customerId
                + SEPARATOR
                + (isSignedIn() ? id + SEPARATOR + letters() + SEPARATOR : "")
                + issued.getEpochSecond();
        return text + SEPARATOR + key.sign(text);
    }

    private String letters() {
        return roles.stream().sorted().map(SessionToken::letter).collect(Collectors.joining());
    }
}
