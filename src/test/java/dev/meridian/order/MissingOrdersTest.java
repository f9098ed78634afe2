package dev.meridian.order;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.meridian.ComponentTest;
import dev.meridian.shared.Ids;
import dev.meridian.testing.Http;
import dev.meridian.testing.TestProducts;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

@QuarkusTest
@ComponentTest
@Tag("dynamodb")
class MissingOrdersTest {
    @Inject
    MissingOrders missing;

    /// Last writer wins: another Region's write has removed some orders from the report. One entry is gone, and one
    /// only a newer version can read.
    @Test
    void whatAnotherRegionRemovesFromTheReportIsThereAgain() throws Exception {
        var order = OrderResourceTest.order("c@example.com", TestProducts.create(100, 5), "3");
        var placed = Http.send("POST", "/orders", order);
        var template = OrderStores.journal(JsonPath.from(placed.body()).getString("id"));
        var ids = Stream.generate(Ids::ulid).limit(120).toList();
        for (var id : ids) {
            var item = new HashMap<>(template);
            item.put("orderId", AttributeValue.fromS(id));
            OrderStores.put(item);
            missing.add(id);
        }
        var gone = ids.get(3);
        OrderStores.delete(gone);
        var newer = ids.get(4);
        var item = new HashMap<>(OrderStores.journal(newer));
        item.put("state", AttributeValue.fromS("RETURNED"));
        OrderStores.put(item);
        var removed = ids.get(117);
        for (int round = 0; round < 2; round++) {
            missing.keep().await().atMost(Duration.ofSeconds(30));
            for (var id : ids) {
                if (List.of(gone, newer).contains(id)) continue;
                var stored = OrderStores.journal(id);
                assertTrue(stored.containsKey("recoveryShard") && stored.containsKey("foundAt"), stored::toString);
                assertTrue(stored.get("recoveryKey").s().endsWith("#" + id), stored::toString);
            }
            assertTrue(OrderStores.journal(gone).isEmpty(), "what is gone is not made again");
            assertEquals(item, OrderStores.journal(newer));
            var overwritten = new HashMap<>(OrderStores.journal(removed));
            overwritten.keySet().removeAll(List.of("recoveryShard", "recoveryKey", "foundAt"));
            OrderStores.put(overwritten);
            assertFalse(OrderStores.journal(removed).containsKey("foundAt"));
        }
    }
}
