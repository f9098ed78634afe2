package dev.meridian.session;

import dev.meridian.shared.Ids;
import dev.meridian.shared.ProblemException;
import java.util.Locale;
import java.util.Optional;

/// Resolves the customer of an API request. Only this class does, so that customer identity can replace it alone.
public final class CustomerIds {
    /// The header by which a trusted caller names the customer.
    public static final String HEADER = "X-Customer-Id";

    private CustomerIds() {}

    /// The customer named by the header.
    ///
    /// @param header the header's value, null when it was not sent
    /// @throws ProblemException 400 when it is not an id
    public static Optional<String> fromHeader(String header) {
        if (header == null || header.isBlank()) return Optional.empty();
        if (!header.matches(Ids.PATTERN)) {
            throw ProblemException.invalid(HEADER, "must be 1 to 128 characters of A-Z a-z 0-9 . _ : @ -");
        }
        return Optional.of(header);
    }

    /// The customer of an order that names none, derived from the e-mail address: the same in every Region, and
    /// impossible to guess without the address.
    public static String guest(String email) {
        return "guest-" + Ids.derive("guest", email.strip().toLowerCase(Locale.ROOT));
    }
}
