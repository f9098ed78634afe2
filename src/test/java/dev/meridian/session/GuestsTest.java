package dev.meridian.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.meridian.shared.Ids;
import dev.meridian.shared.ProblemException;
import dev.meridian.shared.RunMode;
import io.quarkus.runtime.configuration.ConfigurationException;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GuestsTest {
    private static Guests with(String secret) {
        return new Guests(() -> Optional.ofNullable(secret), () -> RunMode.PRODUCTION);
    }

    @Test
    void theSecretMakesTheIdAndEachRegionTheSame() {
        var guest = with("s".repeat(32)).id("Ada@Example.com ");
        assertEquals(guest, with("s".repeat(32)).id("ada@example.com"));
        assertNotEquals(guest, with("t".repeat(32)).id("ada@example.com"));
        assertTrue(guest.matches("guest-" + Ids.PATTERN), guest);
        assertTrue(CustomerIds.isGuest(guest));
    }

    @Test
    void aLinkOpensItsOrderAlone() {
        var guests = with("s".repeat(32));
        var link = guests.link("order-1").orElseThrow();
        assertTrue(guests.opens(link, "order-1"));
        assertFalse(guests.opens(link, "order-2"));
        assertFalse(guests.opens(null, "order-1"));
        assertFalse(with("t".repeat(32)).opens(link, "order-1"));
    }

    @Test
    void withoutASecretProductionHasNeither() {
        for (var none : new String[] {null, " "}) {
            var refused = assertThrows(ProblemException.class, () -> with(none).id("ada@example.com"));
            assertEquals(503, refused.code().status());
            assertEquals(Optional.empty(), with(none).link("order-1"));
            assertFalse(with(none).opens("", "order-1"));
        }
        assertThrows(ConfigurationException.class, () -> with("s".repeat(31)));
    }
}
