package dev.meridian.lab.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.meridian.lab.client.History.Placed;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class OrderAmountsTest {
    @Test
    void answersAndPayloadsTellTheSame() throws Exception {
        var amounts = new OrderAmounts(5850, 1000, 500);
        var answer = new ObjectMapper().readTree("{\"subtotal\":58.5,\"shipping\":10,\"tax\":5,\"region\":\"x\"}");
        assertEquals(amounts, OrderAmounts.ofAnswer(answer));
        assertEquals(
                amounts,
                OrderAmounts.ofPayload(
                        "{\"items\":[],\"subtotalMinor\":5850,\"shippingMinor\":1000,\"taxMinor\":500}"));
        assertThrows(RuntimeException.class, () -> OrderAmounts.ofPayload("{"));
    }

    @Test
    void onlyWhatNoRegionMayContradictIsKept() {
        var placed = new Placed("c", "k", Map.of());
        placed.costs(new OrderAmounts(1, 0, 0), false);
        assertEquals(Set.of(), placed.amounts);
        placed.costs(new OrderAmounts(2, 0, 0), true);
        placed.costs(new OrderAmounts(2, 0, 0), true);
        placed.costs(new OrderAmounts(3, 0, 0), true);
        assertEquals(Set.of(new OrderAmounts(2, 0, 0), new OrderAmounts(3, 0, 0)), placed.amounts);
    }
}
