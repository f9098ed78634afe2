package dev.meridian.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The OpenID provider of dev mode and tests, called as a service and a browser do.
class OpenIdProviderTest {
    private static final OpenIdProvider PROVIDER = new OpenIdProvider();
    private static final String CALLBACK = "http://localhost:8080/callback?of=a-test";
    private static final String VERIFIER = "a-verifier-of-forty-three-characters-or-more";
    private static Map<String, String> config;

    @BeforeAll
    static void start() {
        config = PROVIDER.start();
    }

    private static Map<String, String> request() {
        return Map.of(
                "response_type", "code",
                "client_id", config.get("meridian.oidc.client-id"),
                "redirect_uri", CALLBACK,
                "scope", "openid",
                "state", "the state",
                "nonce", "the nonce",
                "code_challenge", OpenIdProvider.challenge(VERIFIER),
                "code_challenge_method", "S256");
    }

    private static List<String> groups(String token) throws Exception {
        var groups = new ArrayList<String>();
        OpenIdProvider.claims(token).path("cognito:groups").forEach(group -> groups.add(group.asText()));
        return groups;
    }

    @Test
    void aPersonSignsInWithACodeAndPkce() throws Exception {
        assertEquals("oidc", config.get("meridian.identity"));
        var discovery = PROVIDER.discovery();
        assertEquals(
                config.get("meridian.oidc.issuer"), discovery.path("issuer").asText());
        assertTrue(discovery.path("jwks_uri").asText().startsWith(PROVIDER.issuer()), discovery::toString);
        var back = PROVIDER.signIn(PROVIDER.authorize(request()), "support");
        assertTrue(back.toString().startsWith(CALLBACK + "&"), back::toString);
        assertEquals("the state", OpenIdProvider.parameters(back).get("state"));
        var tokens = PROVIDER.redeem(OpenIdProvider.parameters(back).get("code"), CALLBACK, VERIFIER);
        var person = OpenIdProvider.claims(tokens.idToken());
        assertEquals("the nonce", person.path("nonce").asText());
        assertEquals(PROVIDER.issuer(), person.path("iss").asText());
        assertEquals(
                PROVIDER.clientId(),
                person.path("aud").path(0).asText(person.path("aud").asText()));
        assertEquals("support", person.path("sub").asText());
        assertFalse(tokens.refreshToken().isEmpty());
    }

    @Test
    void anotherVerifierGetsNothing() throws Exception {
        var back = PROVIDER.signIn(PROVIDER.authorize(request()), "customer");
        var code = OpenIdProvider.parameters(back).get("code");
        var refused = assertThrows(IllegalStateException.class, () -> PROVIDER.redeem(code, CALLBACK, "x" + VERIFIER));
        assertTrue(refused.getMessage().contains("invalid_grant"), refused.getMessage());
    }

    @Test
    void staffHaveTheGroupOfTheirNameAndStayTheSame() throws Exception {
        for (var person : List.of("customer", "another-customer", "support", "catalog", "operator")) {
            var tokens = PROVIDER.tokens(person);
            var groups = person.endsWith("customer") ? List.of() : List.of(person);
            assertEquals(groups, groups(tokens.accessToken()), person);
            assertEquals(groups, groups(tokens.idToken()), person);
            var again = PROVIDER.tokens(person);
            assertNotEquals(tokens.accessToken(), again.accessToken());
            for (var token : List.of(tokens.accessToken(), again.accessToken())) {
                assertEquals(person, OpenIdProvider.claims(token).path("sub").asText());
                assertEquals(
                        PROVIDER.clientId(),
                        OpenIdProvider.claims(token).path("client_id").asText());
            }
        }
    }

    @Test
    void aMachineHasAScopeAndIsNobody() throws Exception {
        var token = PROVIDER.machineToken();
        var claims = OpenIdProvider.claims(token);
        assertEquals("meridian/machine", claims.path("scope").asText());
        assertEquals("meridian-machine", claims.path("sub").asText());
        assertEquals(List.of(), groups(token));
    }
}
