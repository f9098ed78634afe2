package dev.meridian.session;

import dev.meridian.shared.Ids;
import dev.meridian.shared.ProblemException;
import java.util.Optional;

/// The ids of customers.
public final class CustomerIds {
    /// The header by which a trusted caller names the customer. [Caller] says whom it is believed for.
    public static final String HEADER = "X-Customer-Id";

    private CustomerIds() {}

    /// Whether a customer id is that of a guest: of a visitor, or of an order that named no customer.
    public static boolean isGuest(String customerId) {
        return Guests.isGuest(customerId) || Sessions.isVisitor(customerId);
    }

    /// The customer named by the header.
    ///
    /// @param header the header's value, null when it was not sent
    /// @throws ProblemException 400 when it is not an id
    static Optional<String> fromHeader(String header) {
        if (header == null || header.isBlank()) return Optional.empty();
        Ids.check(HEADER, header);
        return Optional.of(header);
    }
}
