package dev.meridian.order;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.meridian.customer.Address;
import dev.meridian.shared.Money;
import java.util.List;
import org.junit.jupiter.api.Test;

class NewOrderTest {
    private static final Address ADDRESS =
            new Address("Nadia", "Okafor", "12 Lantern Row", null, "Port Isle", "ME", "04521", null, "n@example.com");

    private static NewOrder order(String customer, Address address, NewOrder.Line... lines) {
        return new NewOrder(customer, "key-1", address, List.of(lines), Money.ZERO, Money.ZERO);
    }

    private static NewOrder.Line line(String product, int quantity) {
        return new NewOrder.Line(product, quantity);
    }

    /// The id must not change from one version to the next, or a retry would be another order.
    @Test
    void theIdIsTheSameInEveryVersion() {
        assertEquals(
                "2GP53PP4VF4BYGPX59XX9CPEY6",
                order("c-1", ADDRESS, line("p-1", 1)).id());
        assertEquals("5G66AQZJQ6DRW4M3TJBY25AEK7", OrderService.unitId("o-1", "p-1"));
    }

    /// The hash must not change either, or a retry would be rejected.
    @Test
    void theHashIsTheSameInEveryVersion() {
        assertEquals(
                "0ab4fd98fcdb630aeefcf055c865f529319669696cecd399db8722124b987426",
                order("c-1", ADDRESS, line("p-1", 3), line("p-2", 1)).payloadHash());
        assertEquals(
                "3457a5a4aede2ca462f6d1d4557bb046c4029570ec7116db5b6912ff80b63594",
                OrderService.unit("c-1", "p-1", "o-1").payloadHash());
    }

    @Test
    void theHashIsOfWhatIsAskedForOnly() {
        var order = order("c-1", ADDRESS, line("p-1", 3), line("p-2", 1));
        var same = order("c-1", ADDRESS, line("p-2", 1), line("p-1", 1), line("p-1", 2));
        assertEquals(order.payloadHash(), same.payloadHash());
        for (var other : List.of(
                order("c-2", ADDRESS, line("p-1", 3), line("p-2", 1)),
                order("c-1", ADDRESS, line("p-1", 2), line("p-2", 1)),
                order("c-1", ADDRESS, line("p-1", 3)),
                order("c-1", null, line("p-1", 3), line("p-2", 1)),
                order(
                        "c-1",
                        new Address(
                                "Nadia",
                                "Okafor",
                                "12 Lantern Row",
                                "b",
                                "Port Isle",
                                "ME",
                                "04521",
                                null,
                                "n@example.com"),
                        line("p-1", 3),
                        line("p-2", 1)))) {
            assertNotEquals(order.payloadHash(), other.payloadHash());
        }
    }

    @Test
    void theHashHasNoCountryWhichAnOlderVersionDoesNotKnow() {
        var inAustria = new Address(
                "Nadia", "Okafor", "12 Lantern Row", null, "Port Isle", "ME", "04521", "AT", "n@example.com");
        assertEquals(
                order("c-1", ADDRESS, line("p-1", 1)).payloadHash(),
                order("c-1", inAustria, line("p-1", 1)).payloadHash());
    }

    @Test
    void linesOfOneProductBecomeOneInTheOrderOfTheirFirst() {
        assertEquals(
                List.of(line("b", 3), line("a", 5)),
                order("c", null, line("b", 1), line("a", 5), line("b", 2)).mergedLines());
    }
}
