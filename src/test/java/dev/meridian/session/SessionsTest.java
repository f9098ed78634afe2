package dev.meridian.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.meridian.shared.Ids;
import dev.meridian.shared.RunMode;
import io.quarkus.runtime.configuration.ConfigurationException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SessionsTest {
    private static final String OLD = "o".repeat(32);
    private static final String NEW = "n".repeat(32);

    private record Config(Optional<String> key, Optional<List<String>> keys, Optional<Boolean> secure)
            implements SessionConfig {
        @Override
        public Duration lifetime() {
            return Duration.ofDays(30);
        }
    }

    private static Sessions region(String key, boolean secure) {
        return new Sessions(
                new Config(Optional.of(key), Optional.empty(), Optional.of(secure)), () -> RunMode.PRODUCTION);
    }

    private static Sessions withKeys(String... keys) {
        return new Sessions(
                new Config(Optional.empty(), Optional.of(List.of(keys)), Optional.empty()), () -> RunMode.PRODUCTION);
    }

    @Test
    void eachRegionReadsWhatAnotherWroteUnderTheSameKey() {
        var key = "k".repeat(32);
        var here = region(key, true);
        var customer = here.newCustomer();
        assertEquals(Optional.of(customer), region(key, true).customer(here.cookie(customer)));
        assertEquals(Optional.empty(), region("x".repeat(32), true).customer(here.cookie(customer)));
        assertNotEquals(customer, here.newCustomer());
        assertTrue(customer.matches(Ids.PATTERN), customer);
    }

    @Test
    void whatIsNoCookieIsNobody() {
        var sessions = region("k".repeat(32), true);
        for (var cookie : new String[] {null, "", ".", "a.", ".a", "visitor-a.b", "visitor-a", "visitor-a.b.c"}) {
            assertEquals(Optional.empty(), sessions.customer(cookie));
        }
        // Signed by us, but no visitor: no cookie opens the cart of a customer of an API.
        assertEquals(Optional.empty(), sessions.customer(sessions.cookie("c-81")));
    }

    @Test
    void aShortKeyIsRefusedAtStart() {
        region("k".repeat(32), true);
        assertThrows(ConfigurationException.class, () -> region("k".repeat(31), true));
    }

    @Test
    void theFirstKeySignsAndAllVerify() {
        var both = withKeys(NEW, OLD);
        assertEquals(Optional.of("visitor-a"), both.customer(withKeys(OLD).cookie("visitor-a")));
        assertEquals(withKeys(NEW).cookie("visitor-a"), both.cookie("visitor-a"));
        assertEquals(Optional.empty(), withKeys(OLD).customer(both.cookie("visitor-a")));
        // One key is a list of one.
        assertEquals(region(OLD, true).cookie("visitor-a"), withKeys(OLD).cookie("visitor-a"));
    }

    @Test
    void aBadListIsRefusedWithoutSayingWhatIsInIt() {
        var half = "not-that-long-a-key";
        var refused = assertThrows(ConfigurationException.class, () -> withKeys(NEW, half));
        assertEquals("meridian.session.keys: key 2 must have 32 characters or more", refused.getMessage());
        var both = new Config(Optional.of(OLD), Optional.of(List.of(NEW)), Optional.empty());
        refused = assertThrows(ConfigurationException.class, () -> new Sessions(both, () -> RunMode.PRODUCTION));
        assertEquals(
                "meridian.session.key and meridian.session.keys are both set: keep meridian.session.keys",
                refused.getMessage());
    }

    @Test
    void theCookieIsSecureWhereItIsToBe() {
        assertTrue(region("k".repeat(32), true).setCookie("visitor-a").endsWith("; HttpOnly; SameSite=Lax; Secure"));
        assertFalse(region("k".repeat(32), false).setCookie("visitor-a").contains("Secure"));
    }
}
