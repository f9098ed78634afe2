package dev.meridian.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.meridian.shared.Ids;
import dev.meridian.shared.RunMode;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.vertx.core.http.HttpServerRequest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SessionsTest {
    private static final String OLD = "o".repeat(32);
    private static final String NEW = "n".repeat(32);
    private static final String ENDED = "0123456789abcdefghijkl";
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    private record Config(Optional<String> key, Optional<List<String>> keys, Optional<Boolean> secure)
            implements SessionConfig {
        @Override
        public Duration lifetime() {
            return Duration.ofDays(30);
        }

        @Override
        public Duration signedInLifetime() {
            return Duration.ofHours(12);
        }

        @Override
        public Duration staffLifetime() {
            return Duration.ofHours(1);
        }

        @Override
        public Duration signInWithin() {
            return Duration.ofMinutes(10);
        }

        @Override
        public Duration endedRefresh() {
            return Duration.ofSeconds(5);
        }

        @Override
        public int endedMax() {
            return 10;
        }
    }

    private static Sessions region(String key, boolean secure) {
        return sessions(new Config(Optional.of(key), Optional.empty(), Optional.of(secure)), NOW);
    }

    private static Sessions withKeys(String... keys) {
        return sessions(new Config(Optional.empty(), Optional.of(List.of(keys)), Optional.empty()), NOW);
    }

    private static Sessions at(Instant now) {
        return sessions(new Config(Optional.of(OLD), Optional.empty(), Optional.empty()), now);
    }

    private static Sessions sessions(Config config, Instant now) {
        return new Sessions(
                config, () -> RunMode.PRODUCTION, _ -> false, Clock.fixed(now, ZoneOffset.UTC), ENDED::equals);
    }

    private static String token(Sessions sessions, String customer) {
        return sessions.signed(sessions.begin(customer));
    }

    @Test
    void eachRegionReadsWhatAnotherWroteUnderTheSameKey() {
        var key = "k".repeat(32);
        var here = region(key, true);
        var customer = here.newCustomer();
        assertEquals(
                Optional.of(customer),
                region(key, true).proof(token(here, customer)).map(Proof::name));
        assertEquals(
                Optional.empty(),
                region("x".repeat(32), true).proof(token(here, customer)).map(Proof::name));
        assertNotEquals(customer, here.newCustomer());
        assertTrue(customer.matches(Ids.PATTERN), customer);
    }

    @Test
    void whatIsNoSessionIsNobody() {
        var sessions = region("k".repeat(32), true);
        for (var token : List.of(
                "", ".", "v1.", "v1..", "v1...", "visitor-a.b", "v1.visitor-a", "v1.visitor-a.1.x", "v1.a.b.c.d")) {
            assertEquals(Optional.empty(), sessions.proof(token).map(Proof::name));
        }
        // Signed by us, but no visitor: no cookie opens the cart of a customer of an API.
        assertEquals(Optional.empty(), sessions.proof(token(sessions, "c-81")).map(Proof::name));
    }

    @Test
    void aShortKeyIsRefusedAtStart() {
        region("k".repeat(32), true);
        assertThrows(ConfigurationException.class, () -> region("k".repeat(31), true));
    }

    @Test
    void theFirstKeySignsAndAllVerify() {
        var both = withKeys(NEW, OLD);
        assertEquals(
                Optional.of("visitor-a"),
                both.proof(token(withKeys(OLD), "visitor-a")).map(Proof::name));
        assertEquals(token(withKeys(NEW), "visitor-a"), token(both, "visitor-a"));
        assertEquals(
                Optional.empty(), withKeys(OLD).proof(token(both, "visitor-a")).map(Proof::name));
        // One key is a list of one.
        assertEquals(token(region(OLD, true), "visitor-a"), token(withKeys(OLD), "visitor-a"));
    }

    @Test
    void aBadListIsRefusedWithoutSayingWhatIsInIt() {
        var half = "not-that-long-a-key";
        var refused = assertThrows(ConfigurationException.class, () -> withKeys(NEW, half));
        assertEquals("meridian.session.keys: key 2 must have 32 characters or more", refused.getMessage());
        var both = new Config(Optional.of(OLD), Optional.of(List.of(NEW)), Optional.empty());
        refused = assertThrows(ConfigurationException.class, () -> sessions(both, NOW));
        assertEquals(
                "meridian.session.key and meridian.session.keys are both set: keep meridian.session.keys",
                refused.getMessage());
    }

    @Test
    void theCookieIsSecureWhereItIsToBe() {
        var secure = region("k".repeat(32), true).setCookie("visitor-a", true);
        assertTrue(secure.startsWith("__Host-meridian-session=v1.visitor-a."), secure);
        assertTrue(secure.endsWith("; Path=/; Max-Age=2592000; HttpOnly; SameSite=Lax; Secure"), secure);
        var plain = region("k".repeat(32), false).setCookie("visitor-a", false);
        assertTrue(plain.startsWith("meridian-session=v1.visitor-a."), plain);
        assertFalse(plain.contains("Secure"), plain);
    }

    /// In mode `test`; production has it in any case unless it is configured.
    @Test
    void theCookieIsSecureWhereTheRequestCameByTls() {
        for (boolean isTls : new boolean[] {true, false}) {
            var config = new Config(Optional.of(OLD), Optional.empty(), Optional.empty());
            var sessions = new Sessions(
                    config, () -> RunMode.TEST, _ -> isTls, Clock.fixed(NOW, ZoneOffset.UTC), ENDED::equals);
            assertEquals(
                    isTls,
                    sessions.setCookie("visitor-a", (HttpServerRequest) null).endsWith("; Secure"));
        }
    }

    @Test
    void aSessionEnds() {
        var token = token(at(NOW), "visitor-a");
        var lifetime = Duration.ofDays(30);
        assertEquals(
                Optional.of("visitor-a"),
                at(NOW.plus(lifetime).minusSeconds(1)).proof(token).map(Proof::name));
        assertEquals(Optional.empty(), at(NOW.plus(lifetime)).proof(token).map(Proof::name));
        // The clock of another Region may be behind.
        assertEquals(
                Optional.of("visitor-a"), at(NOW.minusSeconds(300)).proof(token).map(Proof::name));
    }

    @Test
    void neitherTheCustomerNorTheTimeCanBeChanged() {
        var parts = token(at(NOW), "visitor-a").split("[.]");
        for (int changed = 0; changed < parts.length; changed++) {
            var copy = parts.clone();
            copy[changed] = copy[changed].substring(0, copy[changed].length() - 1) + "7";
            if (copy[changed].equals(parts[changed])) copy[changed] += "7";
            assertEquals(
                    Optional.empty(), at(NOW).proof(String.join(".", copy)).map(Proof::name), String.join(".", copy));
        }
    }

    @Test
    void aSessionOfACustomerEndsWithItsTimeOrBeforeIt() {
        var customer = new Proof(Proof.Kind.CUSTOMER, "u-a.b", Set.of());
        var staff = new Proof(Proof.Kind.CUSTOMER, "u-a.b", Set.of(Role.SUPPORT, Role.OPERATOR));
        var hours = java.util.Map.of(customer, 12, staff, 1);
        hours.forEach((proof, most) -> {
            var token = at(NOW).signed(at(NOW).begin(proof));
            var end = NOW.plus(Duration.ofHours(most));
            assertEquals(Optional.of(proof), at(end.minusSeconds(1)).proof(token));
            assertEquals(Optional.empty(), at(end).proof(token));
        });
        var ended = new SessionToken("u-a.b", NOW, ENDED, Set.of());
        assertEquals(Optional.empty(), at(NOW).proof(at(NOW).signed(ended)));
        // Nobody makes itself a customer with a session of a guest.
        assertEquals(Optional.empty(), at(NOW).proof(at(NOW).signed(at(NOW).begin("u-a.b"))));
    }

    @Test
    void aSignInLeadsToAPathOfOurs() {
        for (var path : List.of("/", "/cart", "/catalog?tag=a&page=2", "/orders/5M2K?link=a-b_c", "/a/b")) {
            assertEquals(path, SignInState.path(path));
            var begun = at(NOW).beginSignIn(path);
            assertEquals(path, at(NOW).signIn(begun.signed()).orElseThrow().returnTo());
            assertEquals(
                    begun.verifier(),
                    at(NOW).signIn(begun.signed()).orElseThrow().verifier());
            assertEquals(Optional.empty(), at(NOW.plus(Duration.ofMinutes(10))).signIn(begun.signed()));
            assertEquals(Optional.empty(), withKeys(NEW).signIn(begun.signed()));
            assertEquals(Optional.empty(), at(NOW).signIn("x" + begun.signed()));
        }
        for (var path : new String[] {
            null,
            "",
            "cart",
            "//evil.example",
            "/\\evil.example",
            "https://evil.example",
            "/a\r\nb",
            "/ a",
            "/a#b",
            "/" + "a".repeat(600)
        }) {
            assertEquals("/", SignInState.path(path));
        }
    }
}
