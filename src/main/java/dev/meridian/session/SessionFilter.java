package dev.meridian.session;

import dev.meridian.http.FilterOrder;
import dev.meridian.shared.ProblemException;
import dev.meridian.shared.SharedProblem;
import jakarta.annotation.Priority;
import jakarta.inject.Provider;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.core.HttpHeaders;
import java.net.URI;
import java.util.Set;

/// Before a page: resolves the visitor, and refuses posts from other sites. After it: sets the cookie.
@jakarta.ws.rs.ext.Provider
@HtmlPage
@Priority(FilterOrder.AUTHENTICATION)
class SessionFilter implements ContainerRequestFilter, ContainerResponseFilter {
    private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS");
    private static final Set<String> OWN_SITE = Set.of("same-origin", "none");

    // Read on each call: the filter is created while the application is built.
    private final Provider<Sessions> sessions;
    private final Provider<Visitor> visitor;

    SessionFilter(Provider<Sessions> sessions, Provider<Visitor> visitor) {
        this.sessions = sessions;
        this.visitor = visitor;
    }

    @Override
    public void filter(ContainerRequestContext request) {
        if (!SAFE.contains(request.getMethod())) refuseOtherSites(request);
        var cookie = request.getCookies().get(Sessions.COOKIE);
        var known = sessions.get().customer(cookie == null ? null : cookie.getValue());
        visitor.get().is(known.orElseGet(() -> sessions.get().newCustomer()), known.isPresent());
    }

    /// No form tokens: browsers send `Sec-Fetch-Site` or `Origin` with a post, and [SameOriginFilter] removes
    /// an origin that is ours. A client that sends neither is not a browser, so it has no other visitor's
    /// cookie.
    private static void refuseOtherSites(ContainerRequestContext request) {
        var site = request.getHeaderString("Sec-Fetch-Site");
        boolean isOwn = site != null ? OWN_SITE.contains(site) : request.getHeaderString("Origin") == null;
        if (!isOwn) {
            throw new ProblemException(SharedProblem.FORBIDDEN, "This form was sent from another site.");
        }
    }

    @Override
    public void filter(ContainerRequestContext request, ContainerResponseContext response) {
        relativeLocation(response);
        // Each response renews the cookie, so that its age counts from the last visit. A response that failed before
        // the visitor was known has none.
        if (response.getStatus() >= 400 && !SAFE.contains(request.getMethod())) return;
        try {
            response.getHeaders()
                    .putSingle(
                            HttpHeaders.SET_COOKIE,
                            sessions.get().setCookie(visitor.get().customerId()));
        } catch (ProblemException | IllegalStateException _) {
            // No key or no visitor: the response is a problem that names the cause.
        }
    }

    /// RESTEasy makes the location absolute, with a scheme that may not be the browser's. Pages only redirect to pages.
    private static void relativeLocation(ContainerResponseContext response) {
        if (!(response.getHeaders().getFirst(HttpHeaders.LOCATION) instanceof URI location)) return;
        var query = location.getRawQuery() == null ? "" : "?" + location.getRawQuery();
        var fragment = location.getRawFragment() == null ? "" : "#" + location.getRawFragment();
        response.getHeaders().putSingle(HttpHeaders.LOCATION, location.getRawPath() + query + fragment);
    }
}
