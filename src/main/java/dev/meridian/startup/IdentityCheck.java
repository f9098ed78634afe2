package dev.meridian.startup;

import static jakarta.interceptor.Interceptor.Priority.LIBRARY_BEFORE;

import dev.meridian.oidc.OidcConfig;
import dev.meridian.session.IdentityConfig;
import dev.meridian.shared.ModeConfig;
import io.quarkus.logging.Log;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.net.URI;
import java.util.ArrayList;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// Keeps a server from starting that does not know who may call it. Commands serve nobody.
@ApplicationScoped
class IdentityCheck {
    static final String NOT_CONFIGURED = "Who may call is not configured: set MERIDIAN_IDENTITY to oidc (customers and"
            + " staff sign in with an OpenID provider) or to open (nobody signs in, and whoever names a"
            + " customer is believed: for demonstrations).";

    private static final Set<String> THIS_MACHINE = Set.of("localhost", "127.0.0.1", "[::1]");

    private final IdentityConfig identity;
    private final OidcConfig oidc;
    private final ModeConfig mode;

    IdentityCheck(IdentityConfig identity, OidcConfig oidc, ModeConfig mode) {
        this.identity = identity;
        this.oidc = oidc;
        this.mode = mode;
    }

    /// Before anything asks the provider.
    void onStart(@Observes @Priority(LIBRARY_BEFORE) StartupEvent start) {
        if (System.getProperty(ProcessSettings.COMMAND) != null) return;
        problem().ifPresent(problem -> {
            throw new ConfigurationException(problem);
        });
        if (mode.mode().isProduction() && !identity.isOidc()) {
            Log.warn("meridian.identity is open: nobody signs in, and whoever names a customer is believed. It is for"
                    + " demonstrations; set it to oidc before strangers reach this service");
        }
    }

    /// What is wrong, in one sentence.
    Optional<String> problem() {
        if (identity.identity().isEmpty()) {
            return mode.mode().isProduction() ? Optional.of(NOT_CONFIGURED) : Optional.empty();
        }
        if (!identity.isOidc()) return Optional.empty();
        return lacking(oidc.issuer().isPresent(), oidc.clientId().isPresent())
                .or(() -> Stream.concat(oidc.issuer().stream(), oidc.keysUrl().stream())
                        .filter(url -> !isPrivate(url))
                        .findFirst()
                        .map(url -> "meridian.oidc: " + url + " must begin with https://"));
    }

    /// What `oidc` needs and lacks, in one sentence.
    static Optional<String> lacking(boolean hasIssuer, boolean hasClientId) {
        var lacking = new ArrayList<String>();
        if (!hasIssuer) lacking.add("MERIDIAN_OIDC_ISSUER");
        if (!hasClientId) lacking.add("MERIDIAN_OIDC_CLIENT_ID");
        return lacking.isEmpty()
                ? Optional.empty()
                : Optional.of("The OpenID provider is not configured: with MERIDIAN_IDENTITY=oidc set "
                        + String.join(" and ", lacking) + ".");
    }

    /// Whether nobody on the way can change what it says.
    private static boolean isPrivate(String address) {
        final URI url;
        try {
            url = URI.create(address);
        } catch (IllegalArgumentException _) {
            return false;
        }
        if (url.getHost() == null) return false;
        return "https".equalsIgnoreCase(url.getScheme())
                || "http".equalsIgnoreCase(url.getScheme()) && THIS_MACHINE.contains(url.getHost());
    }
}
