package dev.meridian.session;

import dev.meridian.shared.Ids;
import dev.meridian.shared.ProblemException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.HttpHeaders;
import java.util.Optional;

/// Resolves who calls, for APIs and pages. Only this class does, so that identity can replace it alone.
///
/// An idempotency key belongs to its caller: two callers with the same key make two requests.
@ApplicationScoped
public class Callers {
    /// Begins what a caller says of itself. No id of a customer does.
    private static final String SELF_NAMED = "~";

    private final Sessions sessions;

    Callers(Sessions sessions) {
        this.sessions = sessions;
    }

    /// The customer that `X-Customer-Id` names, else the visitor of the session cookie.
    ///
    /// @throws ProblemException 400 when the header is not an id
    public Optional<String> of(HttpHeaders headers) {
        return CustomerIds.fromHeader(headers.getHeaderString(CustomerIds.HEADER))
                .or(() -> sessions.visitor(cookie(headers)));
    }

    /// The key of a request, as one of its caller: other callers have another one.
    ///
    /// @param key as the client sent it
    /// @param self who the caller is by its own words, where [#of] knows none
    /// @return 26 characters, the same for the same caller and key in every Region
    /// @throws ProblemException 400 when there is a key and the header is not an id
    public Optional<String> key(HttpHeaders headers, Optional<String> key, String self) {
        return key.map(value -> Ids.derive("key", of(headers).orElse(SELF_NAMED + self), value));
    }

    /// @return null when there is none, or none that can be read
    private static String cookie(HttpHeaders headers) {
        try {
            var cookie = headers.getCookies().get(Sessions.COOKIE);
            return cookie == null ? null : cookie.getValue();
        } catch (IllegalArgumentException _) {
            return null;
        }
    }
}
