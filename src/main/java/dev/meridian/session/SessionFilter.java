package dev.meridian.session;

import dev.meridian.http.FilterOrder;
import dev.meridian.shared.ProblemException;
import dev.meridian.shared.SharedProblem;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.annotation.Priority;
import jakarta.inject.Provider;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.core.HttpHeaders;
import java.net.URI;
import java.util.Optional;
import org.jboss.resteasy.reactive.server.core.CurrentRequestManager;

/// Before a page: resolves the visitor, and refuses posts from other sites. After it: sets the cookie.
@jakarta.ws.rs.ext.Provider
@HtmlPage
@Priority(FilterOrder.AUTHENTICATION)
class SessionFilter implements ContainerRequestFilter, ContainerResponseFilter {
    // Read on each call: the filter is created while the application is built.
    private final Provider<Callers> callers;
    private final Provider<Sessions> sessions;
    private final Provider<Visitor> visitor;

    SessionFilter(Provider<Callers> callers, Provider<Sessions> sessions, Provider<Visitor> visitor) {
        this.callers = callers;
        this.sessions = sessions;
        this.visitor = visitor;
    }

    @Override
    public void filter(ContainerRequestContext context) {
        if (SameOrigin.isForged(request())) {
            throw new ProblemException(SharedProblem.FORBIDDEN, "This form was sent from another site.");
        }
        sessions.get().requireKeys();
        var known = callers.get().current().visitor();
        visitor.get().is(known.orElseGet(() -> sessions.get().newCustomer()), known.isPresent());
    }

    private static HttpServerRequest request() {
        return CurrentRequestManager.get().unwrap(RoutingContext.class).request();
    }

    @Override
    public void filter(ContainerRequestContext request, ContainerResponseContext response) {
        if (!visitor.get().isLeaving()) relativeLocation(response);
        // Each response renews the cookie of a guest, so that its age counts from the last visit. A response that
        // failed before the visitor was known has none.
        if (response.getStatus() >= 400 && !SameOrigin.isSafe(request.getMethod())) return;
        try {
            visitor.get().cookies().forEach(cookie -> add(response, cookie));
            session().ifPresent(cookie -> add(response, cookie));
        } catch (ProblemException | IllegalStateException _) {
            // No key or no visitor: the response is a problem that names the cause.
        }
    }

    /// The session to send. One of a customer is sent once.
    private Optional<String> session() {
        var begun = visitor.get().begun();
        if (begun.isPresent()) return begun.map(session -> sessions.get().setCookie(session, request()));
        if (visitor.get().isSignedIn()) return Optional.empty();
        return Optional.of(sessions.get().setCookie(visitor.get().customerId(), request()));
    }

    private static void add(ContainerResponseContext response, String cookie) {
        response.getHeaders().add(HttpHeaders.SET_COOKIE, cookie);
    }

    /// RESTEasy makes the location absolute, with a scheme that may not be the browser's. Pages only redirect to pages.
    private static void relativeLocation(ContainerResponseContext response) {
        if (!(response.getHeaders().getFirst(HttpHeaders.LOCATION) instanceof URI location)) return;
        var query = location.getRawQuery() == null ? "" : "?" + location.getRawQuery();
        var fragment = location.getRawFragment() == null ? "" : "#" + location.getRawFragment();
        response.getHeaders().putSingle(HttpHeaders.LOCATION, location.getRawPath() + query + fragment);
    }
}
