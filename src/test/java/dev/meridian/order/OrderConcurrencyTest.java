package dev.meridian.order;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.meridian.ComponentTest;
import dev.meridian.testing.Http;
import dev.meridian.testing.Race;
import dev.meridian.testing.TestProducts;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

@QuarkusTest
@ComponentTest
@Tag("dynamodb")
class OrderConcurrencyTest {
    private static String order(String... productsAndQuantities) {
        return OrderResourceTest.order("race@example.com", productsAndQuantities);
    }

    private static TreeMap<Integer, Integer> statuses(List<HttpResponse<String>> answers) {
        return answers.stream().collect(Collectors.toMap(HttpResponse::statusCode, _ -> 1, Integer::sum, TreeMap::new));
    }

    @Test
    void fiftyBuyersOfTheLastUnitAreOneSaleAndFortyNineClearConflicts() throws Exception {
        for (int round = 0; round < 5; round++) {
            var product = TestProducts.create(1900, 1);
            var customer = Http.anId("c");
            var answers = Race.run(
                    50, 50, _ -> () -> Http.send("POST", "/orders", order(product, "1"), "X-Customer-Id", customer));
            System.out.printf("last unit: round=%d statuses=%s%n", round, statuses(answers));
            assertEquals(new TreeMap<>(java.util.Map.of(200, 1, 409, 49)), statuses(answers));
            answers.stream().filter(a -> a.statusCode() == 409).forEach(a -> {
                assertEquals(
                        "urn:meridian:problem:out-of-stock",
                        JsonPath.from(a.body()).getString("type"));
                assertEquals(
                        "Not enough in stock: " + product + ".",
                        JsonPath.from(a.body()).getString("detail"));
            });
            assertEquals(0, OrderStores.stock(product));
            assertEquals(1, OrderStores.orders(customer, "CONFIRMED"));
            assertEquals(49, OrderStores.orders(customer, "REJECTED"));
        }
    }

    @Test
    void manyUnitsAreSoldToTheLastOneAndNoFurther() throws Exception {
        long seed = System.nanoTime();
        var random = new Random(seed);
        var product = TestProducts.create(100, 60);
        var customer = Http.anId("c");
        var quantities = random.ints(80, 1, 4).toArray();
        var answers = Race.run(
                40,
                80,
                i -> () -> Http.send(
                        "POST", "/orders", order(product, Integer.toString(quantities[i])), "X-Customer-Id", customer));
        int sold = 0;
        for (int i = 0; i < 80; i++) {
            assertTrue(
                    List.of(200, 409).contains(answers.get(i).statusCode()),
                    answers.get(i).body());
            if (answers.get(i).statusCode() == 200) sold += quantities[i];
        }
        System.out.printf("many units: seed=%d statuses=%s sold=%d%n", seed, statuses(answers), sold);
        assertEquals(60 - sold, OrderStores.stock(product));
        // Somebody who wanted a single unit was refused only when there was none.
        assertTrue(sold >= 58, "sold " + sold);
    }

    @Test
    void twoProductsInOppositeSequenceNeverDeadlock() throws Exception {
        var one = TestProducts.create(100, 1000);
        var two = TestProducts.create(200, 1000);
        var three = TestProducts.create(300, null);
        var answers = Race.run(
                50,
                200,
                i -> () -> Http.send(
                        "POST",
                        "/orders",
                        i % 2 == 0 ? order(one, "1", three, "1", two, "1") : order(two, "1", three, "1", one, "1")));
        System.out.printf("opposite sequence: statuses=%s%n", statuses(answers));
        assertEquals(new TreeMap<>(java.util.Map.of(200, 200)), statuses(answers));
        assertEquals(800, OrderStores.stock(one));
        assertEquals(800, OrderStores.stock(two));
    }

    @Test
    void fiftyPostsWithOneKeyAreOneOrderWithOneAnswer() throws Exception {
        for (int round = 0; round < 4; round++) {
            var product = TestProducts.create(1950, 10);
            var customer = Http.anId("c");
            var key = Http.anId("key");
            var answers = Race.run(
                    50,
                    50,
                    _ -> () -> Http.send(
                            "POST", "/orders", order(product, "3"), "Idempotency-Key", key, "X-Customer-Id", customer));
            var bodies = answers.stream().map(HttpResponse::body).collect(Collectors.toSet());
            System.out.printf("one key: round=%d statuses=%s bodies=%d%n", round, statuses(answers), bodies.size());
            assertEquals(new TreeMap<>(java.util.Map.of(200, 50)), statuses(answers));
            assertEquals(1, bodies.size(), bodies::toString);
            assertEquals(7, OrderStores.stock(product));
            assertEquals(1, OrderStores.orders(customer, "CONFIRMED"));
        }
    }

    @Test
    void ofDifferentOrdersUnderOneKeyExactlyOneIsTaken() throws Exception {
        var product = TestProducts.create(100, 1000);
        var customer = Http.anId("c");
        var key = Http.anId("key");
        var answers = Race.run(
                50,
                50,
                i -> () -> Http.send(
                        "POST",
                        "/orders",
                        order(product, Integer.toString(i + 1)),
                        "Idempotency-Key",
                        key,
                        "X-Customer-Id",
                        customer));
        System.out.printf("different orders, one key: statuses=%s%n", statuses(answers));
        assertEquals(new TreeMap<>(java.util.Map.of(200, 1, 422, 49)), statuses(answers));
        int quantity = answers.stream()
                .filter(a -> a.statusCode() == 200)
                .map(a -> JsonPath.from(a.body()).getInt("items[0].quantity"))
                .findFirst()
                .orElseThrow();
        assertEquals(1000 - quantity, OrderStores.stock(product));
    }

    /// Two Regions that do not see each other's journal entries yet: only SQL can decide.
    @Test
    void differentJournalEntriesUnderOneIdEndAsTheOneThatSqlHas() throws Exception {
        var product = TestProducts.create(100, 1000);
        var customer = Http.anId("c");
        var key = Http.anId("key");
        var first =
                Http.send("POST", "/orders", order(product, "3"), "Idempotency-Key", key, "X-Customer-Id", customer);
        var id = JsonPath.from(first.body()).getString("id");
        OrderStores.delete(id);
        var second =
                Http.send("POST", "/orders", order(product, "5"), "Idempotency-Key", key, "X-Customer-Id", customer);
        assertEquals(422, second.statusCode(), second.body());
        assertEquals(997, OrderStores.stock(product));
        await().untilAsserted(() ->
                assertEquals("CONFIRMED", OrderStores.journal(id).get("state").s()));
        var read = Http.send("GET", "/orders/" + id, null);
        assertEquals(first.body(), read.body());
        var again =
                Http.send("POST", "/orders", order(product, "3"), "Idempotency-Key", key, "X-Customer-Id", customer);
        assertEquals(first.body(), again.body());
    }

    /// The second Region takes the same order at its own price, before it gets the entry.
    @Test
    void theFirstRowDecidesThePriceToo() throws Exception {
        var product = TestProducts.create(1000, 1000);
        var headers = new String[] {"Idempotency-Key", Http.anId("key"), "X-Customer-Id", Http.anId("c")};
        var first = Http.send("POST", "/orders", order(product, "3"), headers);
        assertEquals(200, first.statusCode(), first.body());
        var id = JsonPath.from(first.body()).getString("id");
        var entry = OrderStores.journal(id);
        OrderStores.delete(id);
        assertEquals(200, reprice(product, 12).statusCode());
        var second = Http.send("POST", "/orders", order(product, "3"), headers);
        assertEquals(first.body(), second.body());
        assertEquals(first.body(), Http.send("GET", "/orders/" + id, null).body());
        var again = new HashMap<>(OrderStores.journal(id));
        again.put("closedAt", entry.get("closedAt"));
        assertEquals(entry, again);
        assertEquals(1, OrderStores.orders(headers[3], "CONFIRMED"));
    }

    /// Last writer wins: while SQL decides about an order, the entry of another Region takes the place of its own.
    @Test
    void anEntryOfAnotherRegionTakesThePriceOfTheRow() throws Exception {
        var product = TestProducts.create(1000, 1000);
        var headers = new String[] {"Idempotency-Key", Http.anId("key"), "X-Customer-Id", Http.anId("c")};
        var id = dev.meridian.shared.Ids.derive("order", headers[3], headers[1]);
        HttpResponse<String> answer;
        try (var connection = OrderStores.sql()) {
            connection.setAutoCommit(false);
            try (var lock = connection.prepareStatement("SELECT FROM products WHERE id = ? FOR UPDATE")) {
                lock.setString(1, product);
                lock.executeQuery();
            }
            var sent = CompletableFuture.supplyAsync(() -> {
                try {
                    return Http.send("POST", "/orders", order(product, "3"), headers);
                } catch (IOException | InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
            await().until(() -> OrderStores.journal(id).containsKey("openShard"));
            var other = new HashMap<>(OrderStores.journal(id));
            var payload = other.get("payload").s();
            other.put(
                    "payload",
                    AttributeValue.fromS(payload.replace("1000", "1200").replace("3000", "3600")));
            other.put("region", AttributeValue.fromS("us-east-1"));
            other.put("acceptedAt", AttributeValue.fromS("2026-11-21T07:01:33.123Z"));
            OrderStores.put(other);
            connection.rollback();
            answer = sent.get();
        }
        assertEquals(200, answer.statusCode(), answer.body());
        assertEquals(30, JsonPath.from(answer.body()).getInt("subtotal"));
        var entry = OrderStores.journal(id);
        assertEquals("CONFIRMED", entry.get("state").s());
        assertEquals("eu-west-1", entry.get("region").s());
        assertTrue(entry.get("payload").s().contains("\"subtotalMinor\":3000"), entry::toString);
        assertFalse(entry.containsKey("openShard"), entry::toString);
        assertEquals(answer.body(), Http.send("GET", "/orders/" + id, null).body());
    }

    private static HttpResponse<String> reprice(String product, int price) throws Exception {
        return Http.send(
                "PUT",
                "/catalog/products/" + product,
                "{\"name\":\"Product %s\",\"description\":\"\",\"price\":%d,\"tags\":[],\"stock\":1000}"
                        .formatted(product, price));
    }

    /// Concurrent retries that find nothing in the journal, as if each came to another Region.
    @Test
    void retriesThatOnlySqlCanRecogniseTakeTheStockOnce() throws Exception {
        for (int round = 0; round < 5; round++) {
            var product = TestProducts.create(100, 2);
            var customer = Http.anId("c");
            var key = Http.anId("key");
            var headers = new String[] {"Idempotency-Key", key, "X-Customer-Id", customer};
            var answers = Race.run(30, 30, _ -> () -> {
                OrderStores.delete(dev.meridian.shared.Ids.derive("order", customer, key));
                return Http.send("POST", "/orders", order(product, "2"), headers);
            });
            System.out.printf("journal taken away: round=%d statuses=%s%n", round, statuses(answers));
            assertEquals(new TreeMap<>(java.util.Map.of(200, 30)), statuses(answers));
            assertEquals(0, OrderStores.stock(product));
            assertEquals(1, OrderStores.orders(customer, "CONFIRMED"));
        }
    }

    @Test
    void concurrentCancelsGiveTheStockBackOnce() throws Exception {
        for (int round = 0; round < 4; round++) {
            var one = TestProducts.create(100, 10);
            var two = TestProducts.create(100, 10);
            var placed = Http.send("POST", "/orders", order(one, "3", two, "4"));
            var id = JsonPath.from(placed.body()).getString("id");
            assertEquals(7, OrderStores.stock(one));
            var answers = Race.run(20, 20, _ -> () -> Http.send("POST", "/orders/" + id + "/cancel", null));
            System.out.printf("cancels: round=%d statuses=%s%n", round, statuses(answers));
            assertEquals(new TreeMap<>(java.util.Map.of(200, 20)), statuses(answers));
            assertEquals(
                    1, new HashSet<>(answers.stream().map(HttpResponse::body).toList()).size());
            assertEquals(10, OrderStores.stock(one));
            assertEquals(10, OrderStores.stock(two));
            assertEquals("CANCELLED", OrderStores.journal(id).get("state").s());
        }
    }

    @Test
    void buyersAndCancelsAtOnceKeepTheStockRight() throws Exception {
        long seed = System.nanoTime();
        var random = new Random(seed);
        var products =
                List.of(TestProducts.create(100, 20), TestProducts.create(100, 20), TestProducts.create(100, 20));
        var picks = random.ints(240, 0, 3).toArray();
        var answers = Race.run(40, 120, i -> () -> {
            var a = products.get(picks[2 * i]);
            var b = products.get(picks[2 * i + 1]);
            var placed = Http.send("POST", "/orders", a.equals(b) ? order(a, "2") : order(a, "1", b, "1"));
            if (placed.statusCode() != 200 || i % 2 == 0) return placed;
            var id = JsonPath.from(placed.body()).getString("id");
            var cancelled = Http.send("POST", "/orders/" + id + "/cancel", null);
            assertEquals(200, cancelled.statusCode(), cancelled.body());
            return cancelled;
        });
        System.out.printf("buyers and cancels: seed=%d statuses=%s%n", seed, statuses(answers));
        assertTrue(List.of(200, 409).containsAll(statuses(answers).keySet()));
        for (var product : products) {
            var held = OrderStores.value(
                    "SELECT coalesce(sum(l.quantity), 0) FROM order_lines l JOIN orders o ON o.id = l.order_id"
                            + " WHERE o.status = 'CONFIRMED' AND l.product_id = ?",
                    product);
            assertEquals(20L - (Long) held, OrderStores.stock(product).longValue());
        }
    }
}
