package dev.meridian.http;

import dev.meridian.shared.ModeConfig;
import dev.meridian.shared.ProblemException;
import dev.meridian.shared.SharedProblem;
import jakarta.annotation.Priority;
import jakarta.inject.Provider;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.core.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/// Enforces [AdminOnly], before the body is read.
@jakarta.ws.rs.ext.Provider
@AdminOnly
@Priority(FilterOrder.AUTHENTICATION)
class AdminFilter implements ContainerRequestFilter {
    private static final String SCHEME = "Bearer ";

    // Read with each call: the filter is created while the application is built.
    private final Provider<AdminConfig> config;
    private final Provider<ModeConfig> mode;

    AdminFilter(Provider<AdminConfig> config, Provider<ModeConfig> mode) {
        this.config = config;
        this.mode = mode;
    }

    @Override
    public void filter(ContainerRequestContext request) {
        var token = config.get().token().filter(t -> !t.isBlank());
        if (token.isEmpty()) {
            if (mode.get().mode().isProduction()) {
                throw new ProblemException(
                        SharedProblem.FORBIDDEN, "No admin token is configured, so admin calls are refused.");
            }
            return;
        }
        var header = request.getHeaderString(HttpHeaders.AUTHORIZATION);
        if (header == null || !header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            throw new ProblemException(SharedProblem.UNAUTHENTICATED, "Send Authorization: Bearer <token>.");
        }
        var given = header.substring(SCHEME.length()).strip().getBytes(StandardCharsets.UTF_8);
        if (!MessageDigest.isEqual(given, token.get().getBytes(StandardCharsets.UTF_8))) {
            throw new ProblemException(SharedProblem.UNAUTHENTICATED, "The bearer token is not the right one.");
        }
    }
}
