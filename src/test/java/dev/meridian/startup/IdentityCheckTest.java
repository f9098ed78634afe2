package dev.meridian.startup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.meridian.oidc.OidcConfig;
import dev.meridian.session.IdentityConfig;
import dev.meridian.shared.ModeConfig;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// `ProductionModeIT` starts the artifact with such settings.
class IdentityCheckTest {
    private static final Map<String, String> PROVIDER = Map.of(
            "meridian.identity", "oidc",
            "meridian.oidc.issuer", "https://sign-in.example.com/store",
            "meridian.oidc.client-id", "store");

    private static Optional<String> problem(Map<String, String> settings) {
        var config = new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .withMapping(IdentityConfig.class)
                .withMapping(OidcConfig.class)
                .withMapping(ModeConfig.class)
                .withSources(new PropertiesConfigSource(settings, "given", 300))
                .build();
        return new IdentityCheck(
                        config.getConfigMapping(IdentityConfig.class),
                        config.getConfigMapping(OidcConfig.class),
                        config.getConfigMapping(ModeConfig.class))
                .problem();
    }

    private static String problemWith(String key, String value) {
        var settings = new HashMap<>(PROVIDER);
        settings.put(key, value);
        return problem(settings).orElse("");
    }

    @Test
    void productionMustSayWhoMayCall() {
        var text = problem(Map.of()).orElseThrow();
        assertTrue(text.contains("MERIDIAN_IDENTITY") && text.contains("oidc (") && text.contains("open ("), text);
        assertFalse(text.contains("\n"), text);
        assertEquals(text, problem(Map.of("meridian.identity", "")).orElseThrow(), "blank is not set");
        assertEquals(Optional.empty(), problem(Map.of("meridian.mode", "test")));
        assertEquals(Optional.empty(), problem(Map.of("meridian.identity", "open")));
        assertEquals(Optional.empty(), problem(PROVIDER));
    }

    @Test
    void oidcNeedsAProviderAndAClient() {
        for (var mode : new String[] {"production", "test"}) {
            var text = problem(Map.of("meridian.identity", "oidc", "meridian.mode", mode))
                    .orElseThrow();
            assertTrue(text.endsWith("set MERIDIAN_OIDC_ISSUER and MERIDIAN_OIDC_CLIENT_ID."), text);
        }
        assertTrue(problemWith("meridian.oidc.issuer", "").endsWith("set MERIDIAN_OIDC_ISSUER."));
        assertTrue(problemWith("meridian.oidc.client-id", "").endsWith("set MERIDIAN_OIDC_CLIENT_ID."));
    }

    @Test
    void whatAProviderSaysCannotBeChangedOnTheWay() {
        for (var key : new String[] {"meridian.oidc.issuer", "meridian.oidc.keys-url"}) {
            for (var bad : new String[] {
                "http://sign-in.example.com",
                "sign-in.example.com",
                "ftp://localhost/keys",
                "https:///keys",
                "http://localhost.example.com",
                "http://localhost@example.com",
                "mailto:keys@example.com"
            }) {
                assertEquals("meridian.oidc: " + bad + " must begin with https://", problemWith(key, bad));
            }
            for (var good : new String[] {
                "https://sign-in.example.com:8443/a?b",
                "HTTPS://sign-in.example.com",
                "http://localhost:9080/store",
                "http://127.0.0.1",
                "http://[::1]:80"
            }) {
                assertEquals("", problemWith(key, good));
            }
        }
    }
}
