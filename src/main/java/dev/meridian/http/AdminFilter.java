package dev.meridian.http;

import io.quarkus.logging.Log;
import jakarta.annotation.Priority;
import jakarta.inject.Provider;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.core.HttpHeaders;

/// Enforces [AdminOnly], before the body is read, and logs each admin call with the name of its administrator.
@jakarta.ws.rs.ext.Provider
@AdminOnly
@Priority(FilterOrder.AUTHENTICATION)
class AdminFilter implements ContainerRequestFilter, ContainerResponseFilter {
    private static final String NAME = "meridian.admin.name";

    // Read with each call: the filter is created while the application is built.
    private final Provider<AdminTokens> tokens;

    AdminFilter(Provider<AdminTokens> tokens) {
        this.tokens = tokens;
    }

    @Override
    public void filter(ContainerRequestContext request) {
        request.setProperty(NAME, tokens.get().name(request.getHeaderString(HttpHeaders.AUTHORIZATION)));
    }

    /// The path is the one that was sent, percent-encoded, without its query.
    @Override
    public void filter(ContainerRequestContext request, ContainerResponseContext response) {
        if (!(request.getProperty(NAME) instanceof String admin)) return;
        Log.infof(
                "admin call admin=%s method=%s path=%s status=%d",
                admin, request.getMethod(), request.getUriInfo().getRequestUri().getRawPath(), response.getStatus());
    }
}
