package dev.meridian.order;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.meridian.shared.Money;
import dev.meridian.shared.ProblemException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// The bounds of guests, by a clock of the test's own.
class GuestUnitsTest {
    private static final String GUEST = "guest-ada";

    private long now;
    private final GuestUnits guests = new GuestUnits(5, 12, () -> now);

    private static NewOrder order(String customer, NewOrder.Line... lines) {
        return new NewOrder(customer, "key", null, Arrays.asList(lines), Money.ZERO, Money.ZERO);
    }

    private static NewOrder lamps(String customer, int quantity) {
        return order(customer, new NewOrder.Line("lamp", quantity));
    }

    private void isTaken(NewOrder order) {
        assertEquals(Optional.empty(), guests.take(order));
    }

    private ProblemException refusal(NewOrder order) {
        return guests.take(order).orElseThrow();
    }

    @Test
    void anOrderHasABound() {
        isTaken(lamps(GUEST, 5));
        var refused = refusal(lamps(GUEST, 6));
        assertEquals("A guest may have 5 units of lamp in one order.", refused.getMessage());
        assertEquals("urn:meridian:problem:too-many-units", refused.code().type());
        assertEquals(Optional.empty(), refused.retryAfter(), "waiting does not help");
        refusal(order(GUEST, new NewOrder.Line("lamp", 3), new NewOrder.Line("rope", 1), new NewOrder.Line("lamp", 3)));
    }

    @Test
    void anHourHasABound() {
        isTaken(lamps(GUEST, 5));
        isTaken(lamps(GUEST, 5));
        var refused = refusal(lamps(GUEST, 4));
        assertEquals("A guest may have 12 units of lamp in an hour: 2 now, 4 in 10 minutes.", refused.getMessage());
        assertEquals(Optional.of(Duration.ofMinutes(10)), refused.retryAfter());
        isTaken(lamps(GUEST, 2));
        now += Duration.ofMinutes(5).toNanos();
        isTaken(lamps(GUEST, 1));
        refusal(lamps(GUEST, 1));
        isTaken(lamps("guest-bob", 5));
        isTaken(order(GUEST, new NewOrder.Line("rope", 5)));
    }

    @Test
    void whatIsRefusedOrGivenBackDoesNotCount() {
        for (int i = 0; i < 20; i++) refusal(lamps(GUEST, 6));
        isTaken(order(GUEST, new NewOrder.Line("lamp", 4), new NewOrder.Line("rope", 5)));
        isTaken(order(GUEST, new NewOrder.Line("rope", 5)));
        for (int i = 0; i < 20; i++) {
            refusal(order(GUEST, new NewOrder.Line("lamp", 4), new NewOrder.Line("rope", 5)));
        }
        isTaken(lamps(GUEST, 4));
        guests.giveBack(lamps(GUEST, 4));
        isTaken(lamps(GUEST, 4));
        isTaken(lamps(GUEST, 4));
        refusal(lamps(GUEST, 1));
    }

    @Test
    void onlyGuestsHaveBounds() {
        isTaken(lamps("u-17", 1000));
        refusal(lamps("visitor-AAAAAAAAAAAAAAAAAAAAAA", 6));
    }

    @Test
    void zeroIsNoBound() {
        var perHour = new GuestUnits(0, 12, () -> now);
        assertTrue(perHour.take(lamps(GUEST, 12)).isEmpty());
        assertTrue(perHour.take(lamps("guest-b", 13)).isPresent());
        var perOrder = new GuestUnits(5, 0, () -> now);
        for (int i = 0; i < 100; i++) assertTrue(perOrder.take(lamps(GUEST, 5)).isEmpty());
        var none = new GuestUnits(0, 0, () -> now);
        assertTrue(none.take(lamps(GUEST, 1000)).isEmpty());
        perOrder.giveBack(lamps(GUEST, 5));
    }
}
