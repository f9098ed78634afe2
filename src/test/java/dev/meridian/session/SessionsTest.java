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
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SessionsTest {
    private record Config(Optional<String> key, Optional<Boolean> secure) implements SessionConfig {
        @Override
        public Duration lifetime() {
            return Duration.ofDays(30);
        }
    }

    private static Sessions region(String key, boolean secure) {
        return new Sessions(new Config(Optional.of(key), Optional.of(secure)), () -> RunMode.PRODUCTION);
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
    void theCookieIsSecureWhereItIsToBe() {
        assertTrue(region("k".repeat(32), true).setCookie("visitor-a").endsWith("; HttpOnly; SameSite=Lax; Secure"));
        assertFalse(region("k".repeat(32), false).setCookie("visitor-a").contains("Secure"));
    }
}
