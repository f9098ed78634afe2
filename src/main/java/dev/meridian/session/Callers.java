package dev.meridian.session;

import dev.meridian.http.AdminTokens;
import dev.meridian.shared.ProblemException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import org.jboss.resteasy.reactive.server.core.CurrentRequestManager;

/// Resolves who calls, once for each request, for quotas, APIs and pages. Only this class does, so that identity can
/// replace it alone.
@ApplicationScoped
public class Callers {
    private static final String KEY = "meridian.caller";
    private static final Caller NOBODY = new Caller(Optional.empty(), Optional.empty(), false, null);

    private final Sessions sessions;
    private final AdminTokens tokens;

    Callers(Sessions sessions, AdminTokens tokens) {
        this.sessions = sessions;
        this.tokens = tokens;
    }

    /// The caller of the request that this thread has begun to answer.
    public Caller current() {
        return of(CurrentRequestManager.get().unwrap(RoutingContext.class));
    }

    /// The owner of what this request is for, if the current caller may act for it.
    ///
    /// @return the id
    /// @throws ProblemException as [Caller#actingFor]
    public String actingFor(String customerId) {
        return current().actingFor(customerId);
    }

    /// The caller of a request; never fails.
    public Caller of(RoutingContext context) {
        Caller known = context.get(KEY);
        if (known != null) return known;
        var caller = of(context.request());
        context.put(KEY, caller);
        return caller;
    }

    Caller of(HttpServerRequest request) {
        var authorization = request.getHeader(HttpHeaders.AUTHORIZATION);
        var header = request.getHeader(CustomerIds.HEADER);
        if (authorization == null && header == null && !request.headers().contains(HttpHeaders.COOKIE)) return NOBODY;
        var bearer = Sessions.bearer(authorization);
        var visitor = sessions.visitor(request);
        return new Caller(
                bearer.isPresent() ? Optional.empty() : tokens.owner(authorization),
                visitor,
                bearer.isPresent() && visitor.isEmpty(),
                header);
    }
}
