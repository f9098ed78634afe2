package dev.meridian.http;

import dev.meridian.shared.ModeConfig;
import dev.meridian.shared.ProblemException;
import dev.meridian.shared.SharedProblem;
import io.quarkus.logging.Log;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// The administrators and the SHA-256 of their tokens, `meridian.admin.tokens` or the one `meridian.admin.token`.
@ApplicationScoped
public class AdminTokens {
    /// Every caller in mode `test` without a token.
    private static final String ANYBODY = "anybody";

    /// The owner of `meridian.admin.token`.
    private static final String ADMIN = "admin";

    private static final String SCHEME = "Bearer ";
    private static final Pattern ENTRY = Pattern.compile("([A-Za-z0-9._@-]{1,64}):([0-9A-Fa-f]{64})");

    private record Token(String name, byte[] sha256) {}

    private final boolean isProduction;
    private final List<Token> tokens;

    AdminTokens(AdminConfig config, ModeConfig mode) {
        this.isProduction = mode.mode().isProduction();
        this.tokens = tokens(config);
    }

    /// Also creates this bean at start, so that a malformed entry keeps the process from starting.
    void onStart(@Observes StartupEvent start) {
        if (tokens.isEmpty() && isProduction) {
            Log.warn("meridian.admin.tokens is not set: admin calls answer 403 until it is");
        }
    }

    private static List<Token> tokens(AdminConfig config) {
        var one = config.token().filter(token -> !token.isBlank());
        var entries = config.tokens().orElse(List.of());
        if (one.isPresent() && !entries.isEmpty()) {
            throw new ConfigurationException(
                    "meridian.admin.token and meridian.admin.tokens are both set: keep meridian.admin.tokens");
        }
        if (one.isPresent()) return List.of(new Token(ADMIN, sha256(one.get())));
        var tokens = new ArrayList<Token>();
        for (var entry : entries) {
            var parts = ENTRY.matcher(entry.strip());
            // Without the entry itself: it may be a token in plain text.
            if (!parts.matches()) {
                throw new ConfigurationException("meridian.admin.tokens: entry " + (tokens.size() + 1)
                        + " is not a name, a colon and the 64 hexadecimal digits of a SHA-256");
            }
            tokens.add(new Token(parts.group(1), HexFormat.of().parseHex(parts.group(2))));
        }
        return tokens;
    }

    /// The name of the administrator that a request comes from.
    ///
    /// @param authorization the header's value, null when it was not sent
    /// @throws ProblemException 401 when it has no known token, 403 in production without any token
    public String name(String authorization) {
        if (admitEverybody()) return ANYBODY;
        if (tokens.isEmpty()) {
            throw new ProblemException(
                    SharedProblem.FORBIDDEN, "No admin token is configured, so admin calls are refused.");
        }
        return owner(authorization)
                .orElseThrow(() -> new ProblemException(
                        SharedProblem.UNAUTHENTICATED,
                        isBearer(authorization)
                                ? "The bearer token is not the right one."
                                : "Send Authorization: Bearer <token>."));
    }

    /// Whether every caller is an administrator: in mode `test`, without a token.
    public boolean admitEverybody() {
        return tokens.isEmpty() && !isProduction;
    }

    /// The administrator whose token a request has; empty when it has no known token. For what needs no token.
    ///
    /// @param authorization the header's value, null when it was not sent
    public Optional<String> owner(String authorization) {
        if (tokens.isEmpty() || !isBearer(authorization)) return Optional.empty();
        var given = sha256(authorization.substring(SCHEME.length()).strip());
        String name = null;
        // All are compared, so that the time tells nothing about the place of the right one.
        for (var token : tokens) {
            if (MessageDigest.isEqual(given, token.sha256()) && name == null) name = token.name();
        }
        return Optional.ofNullable(name);
    }

    private static boolean isBearer(String authorization) {
        return authorization != null && authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length());
    }

    private static byte[] sha256(String token) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }
}
