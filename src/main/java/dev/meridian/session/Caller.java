package dev.meridian.session;

import dev.meridian.shared.Ids;
import dev.meridian.shared.ProblemException;
import dev.meridian.shared.SharedProblem;
import java.util.Optional;

/// Who makes a request. A session or an administrator's token proves who it is; `X-Customer-Id` is believed where it
/// names a customer of an API, for whom no session stands.
///
/// An idempotency key belongs to its caller: two callers with the same key make two requests.
public final class Caller {
    /// Begins what a caller says of itself. No id of a customer does.
    private static final String SELF_NAMED = "~";

    private final Optional<String> administrator;
    private final Optional<String> visitor;
    private final boolean hasEndedSession;
    private final String header;

    /// @param visitor whose session the request has
    /// @param hasEndedSession whether it has a bearer that is a session of ours no more
    /// @param header the value of `X-Customer-Id`, null when it was not sent
    Caller(Optional<String> administrator, Optional<String> visitor, boolean hasEndedSession, String header) {
        this.administrator = administrator;
        this.visitor = visitor;
        this.hasEndedSession = hasEndedSession;
        this.header = header;
    }

    /// The name of the administrator whose token the request has.
    public Optional<String> administrator() {
        return administrator;
    }

    /// The visitor whose session the request has.
    public Optional<String> visitor() {
        return visitor;
    }

    /// The visitor whose session the request has, whatever else it says.
    ///
    /// @throws ProblemException 401 when the bearer is a session that has ended
    Optional<String> guest() {
        if (hasEndedSession) throw ended();
        return visitor;
    }

    /// Whom the caller acts for: the customer that `X-Customer-Id` names, else the visitor of the session.
    ///
    /// @throws ProblemException 400 when the header is not an id, 401 when the bearer is a session that has ended,
    ///     403 when the header names a visitor that the caller may not act for
    public Optional<String> customerId() {
        var guest = guest();
        var named = CustomerIds.fromHeader(header);
        if (named.isEmpty()) return guest;
        if (!mayActFor(named.get())) {
            throw new ProblemException(
                    SharedProblem.FORBIDDEN, CustomerIds.HEADER + " names a visitor: only the visitor's session does.");
        }
        return named;
    }

    /// The same for a note of who called, which no request fails for: nobody where it is not clear.
    public Optional<String> noted() {
        try {
            return customerId();
        } catch (ProblemException _) {
            return Optional.empty();
        }
    }

    /// Whether the caller may read and change what belongs to a customer. What belongs to a visitor is for the
    /// visitor's session and for administrators; other customers prove nothing and are believed.
    public boolean mayActFor(String customerId) {
        return !Sessions.isVisitor(customerId)
                || visitor.filter(customerId::equals).isPresent()
                || administrator.isPresent();
    }

    /// Refuses what [#mayActFor] denies, as if the customer were not there.
    ///
    /// @return the customer's id
    /// @throws ProblemException 401 when the bearer is a session that has ended, 404 when the caller may not
    public String actingFor(String customerId) {
        if (mayActFor(customerId)) return customerId;
        if (hasEndedSession) throw ended();
        throw new ProblemException(SharedProblem.NOT_FOUND, "There is nothing here for this caller.");
    }

    /// The key of a request, as one of its caller: other callers have another one.
    ///
    /// @param key as the client sent it
    /// @param self who the caller is by its own words, where [#customerId] knows none
    /// @return 26 characters, the same for the same caller and key in every Region
    /// @throws ProblemException as [#customerId], when there is a key
    public Optional<String> key(Optional<String> key, String self) {
        return key.map(value -> Ids.derive("key", customerId().orElse(SELF_NAMED + self), value));
    }

    private static ProblemException ended() {
        return new ProblemException(SharedProblem.UNAUTHENTICATED, "The session has ended: POST /sessions begins one.");
    }
}
