package dev.meridian.order;

import static io.restassured.RestAssured.given;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.meridian.ComponentTest;
import dev.meridian.testing.Http;
import dev.meridian.testing.Race;
import dev.meridian.testing.TestProducts;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.path.json.JsonPath;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/// Cancellations of orders that SQL has not decided about, or while it does not answer, with the settler running.
@QuarkusTest
@ComponentTest
@Tag("dynamodb")
@TestProfile(OrderCancelTest.WithSettler.class)
class OrderCancelTest {
    private static final Duration SOON = Duration.ofSeconds(40);

    public static class WithSettler implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "meridian.settler.enabled", "true",
                    "meridian.settler.grace", "5s",
                    "meridian.settler.idle", "200ms",
                    "meridian.settler.backoff-max", "500ms",
                    "meridian.sql.read-timeout", "1s",
                    "meridian.sql.write-timeout", "2s",
                    "meridian.order.budget", "1500ms");
        }
    }

    private static HttpResponse<String> place(String product, String quantity, String... headers) throws Exception {
        return Http.send("POST", "/orders", OrderResourceTest.order("c@example.com", product, quantity), headers);
    }

    private static String id(HttpResponse<String> answer, int status) {
        assertEquals(status, answer.statusCode(), answer.body());
        return JsonPath.from(answer.body()).getString("id");
    }

    private static HttpResponse<String> cancel(String id) throws Exception {
        return Http.send("POST", "/orders/" + id + "/cancel", null);
    }

    private static String state(String id) {
        return OrderStores.journal(id).get("state").s();
    }

    private static Object row(String id) throws SQLException {
        return OrderStores.value("SELECT status FROM orders WHERE id = ?", id);
    }

    /// Until it is closed, orders of the product wait.
    private static Connection locked(String product) throws SQLException {
        var connection = OrderStores.sql();
        connection.setAutoCommit(false);
        try (var lock = connection.prepareStatement("SELECT FROM products WHERE id = ? FOR UPDATE")) {
            lock.setString(1, product);
            lock.executeQuery();
        }
        return connection;
    }

    /// Until it is closed, no statement about orders is answered.
    private static Connection away() throws SQLException {
        var connection = OrderStores.sql();
        connection.setAutoCommit(false);
        try (var lock = connection.createStatement()) {
            lock.execute("LOCK TABLE orders IN ACCESS EXCLUSIVE MODE");
        }
        return connection;
    }

    private static void isCancelledInTheEnd(String id) {
        await().atMost(SOON).untilAsserted(() -> {
            assertEquals("CANCELLED", row(id));
            assertEquals("CANCELLED", state(id));
            assertTrue(OrderStores.journal("#cancel/" + id).isEmpty(), "the request is done");
        });
        assertFalse(OrderStores.journal(id).containsKey("openShard"));
        given().get("/orders/" + id)
                .then()
                .statusCode(200)
                .body("status", equalTo("CANCELLED"))
                .body("cancelRequestedAt", nullValue());
    }

    /// As if a failover had lost it.
    private static void lose(String id) throws SQLException {
        OrderStores.run("DELETE FROM orders WHERE id = ?", id);
    }

    private static void isInTheReport(String id, String outcome) {
        var report =
                given().get("/admin/recovery/missing-orders?limit=1000").then().statusCode(200);
        assertEquals(outcome, report.extract().path("find { it.orderId == '" + id + "' }.outcome"));
    }

    /// The last event always has the order's status.
    private static void hasHistory(String id, String... events) {
        var order = given().get("/orders/" + id).then().statusCode(200).extract();
        var history =
                given().get("/orders/" + id + "/history").then().statusCode(200).extract();
        assertEquals(List.of(events), history.<List<String>>path("events.event"), history::asString);
        assertEquals(order.<String>path("status"), history.path("events[-1].status"), history::asString);
        assertEquals(order.<String>path("status"), history.path("status"), history::asString);
        assertEquals(id, history.path("orderId"));
        assertFalse(history.<List<String>>path("events.region").contains(null), history::asString);
        assertFalse(history.<List<String>>path("events.at").contains(null), history::asString);
    }

    @Test
    void anAcceptedOrderIsCancelledAndNeverTakesStock() throws Exception {
        var product = TestProducts.create(100, 5);
        try (var lock = locked(product)) {
            var id = id(place(product, "3"), 202);
            var answer = cancel(id);
            assertEquals(202, answer.statusCode(), answer.body());
            assertEquals(
                    "/orders/" + id, answer.headers().firstValue("Location").orElseThrow());
            assertEquals("ACCEPTED", JsonPath.from(answer.body()).getString("status"));
            assertTrue(
                    JsonPath.from(answer.body()).getString("cancelRequestedAt").endsWith("Z"), answer.body());
            given().get("/orders/" + id).then().body("cancelRequestedAt", notNullValue());
            // By now it may be carried out.
            assertEquals(2, cancel(id).statusCode() / 100);
            // Nothing waits for the product: the row that says so takes none of it.
            isCancelledInTheEnd(id);
            hasHistory(id, "ACCEPTED", "CANCEL_REQUESTED", "CANCELLED");
            lock.rollback();
            var again = cancel(id);
            assertEquals(200, again.statusCode(), again.body());
            assertEquals("CANCELLED", JsonPath.from(again.body()).getString("status"));
        }
        assertEquals(5, OrderStores.stock(product));
    }

    @Test
    void whileSqlIsAwayACancellationIsKeptOfWhateverOrder() throws Exception {
        var product = TestProducts.create(100, 9);
        var confirmed = id(place(product, "4"), 200);
        String accepted;
        try (var away = away()) {
            accepted = id(place(product, "3"), 202);
            for (var id : List.of(accepted, confirmed, accepted, confirmed)) {
                var answer = cancel(id);
                assertEquals(202, answer.statusCode(), answer.body());
                assertEquals(
                        id.equals(accepted) ? "ACCEPTED" : "CONFIRMED",
                        JsonPath.from(answer.body()).getString("status"));
                given().get("/orders/" + id).then().body("cancelRequestedAt", notNullValue());
            }
            away.rollback();
        }
        isCancelledInTheEnd(accepted);
        isCancelledInTheEnd(confirmed);
        hasHistory(confirmed, "ACCEPTED", "CONFIRMED", "CANCEL_REQUESTED", "CANCELLED");
        await().atMost(SOON).untilAsserted(() -> assertEquals(9, OrderStores.stock(product)));
    }

    /// The settler, retries of the order and cancellations meet, while the writer comes back.
    @Test
    @Tag("long")
    void whoeverSettlesAnOrderItEndsAsCancelledAndTheStockIsThere() throws Exception {
        var product = TestProducts.create(100, 100);
        var keys = new ArrayList<String[]>();
        var ids = new ArrayList<String>();
        for (int round = 0; round < 2; round++) {
            keys.clear();
            ids.clear();
            try (var lock = locked(product)) {
                for (int i = 0; i < 4; i++) {
                    var headers = new String[] {"X-Customer-Id", Http.anId("c"), "Idempotency-Key", Http.anId("key")};
                    keys.add(headers);
                    ids.add(id(place(product, "3", headers), 202));
                }
                lock.rollback();
                var answers = Race.run(
                        12, 24, i -> () -> i % 3 == 0 ? place(product, "3", keys.get(i % 4)) : cancel(ids.get(i % 4)));
                var statuses = answers.stream()
                        .collect(Collectors.toMap(HttpResponse::statusCode, _ -> 1, Integer::sum, TreeMap::new));
                System.out.printf("cancel while settled: round=%d statuses=%s%n", round, statuses);
                assertTrue(List.of(200, 202).containsAll(statuses.keySet()), statuses::toString);
            }
            for (var id : ids) {
                isCancelledInTheEnd(id);
                var last = given().get("/orders/" + id + "/history").then().extract();
                assertEquals("CANCELLED", last.path("events[-1].status"), last::asString);
            }
            await().atMost(SOON).untilAsserted(() -> assertEquals(100, OrderStores.stock(product)));
        }
    }

    /// Last writer wins: the other Region closes the entry before it has the mark, and its item takes the place of
    /// the marked one.
    @Test
    void aMarkThatAnotherRegionOverwritesIsNotLost() throws Exception {
        var product = TestProducts.create(100, 5);
        var id = id(place(product, "3"), 200);
        await().until(() -> state(id).equals("CONFIRMED"));
        var closedThere = OrderStores.journal(id);
        OrderStores.open(id);
        try (var away = away()) {
            assertEquals(202, cancel(id).statusCode());
            assertTrue(OrderStores.journal(id).containsKey("cancelRequestedAt"));
            OrderStores.put(closedThere);
            away.rollback();
        }
        isCancelledInTheEnd(id);
        assertEquals(5, OrderStores.stock(product));
    }

    /// Items of one table arrive in any sequence: the request comes before the entry.
    @Test
    void aRequestIsCarriedOutWhereTheEntryHasNotArrived() throws Exception {
        var product = TestProducts.create(100, 5);
        var headers = new String[] {"X-Customer-Id", Http.anId("c"), "Idempotency-Key", Http.anId("key")};
        try (var lock = locked(product)) {
            var id = id(place(product, "3", headers), 202);
            Map<String, AttributeValue> entry;
            try (var away = away()) {
                assertEquals(202, cancel(id).statusCode());
                entry = OrderStores.journal(id);
                OrderStores.delete(id);
                away.rollback();
            }
            isCancelledInTheEnd(id);
            // Now it comes, older than what is there; had it won, SQL's row would still decide.
            OrderStores.put(entry);
            isCancelledInTheEnd(id);
            lock.rollback();
        }
        assertEquals(5, OrderStores.stock(product));
    }

    /// The failover is not noticed yet: the first who misses the order is the one who cancels it.
    @Test
    void aLostOrderThatIsCancelledBeforeTheCheckIsReported() throws Exception {
        var product = TestProducts.create(100, 5);
        var id = id(place(product, "3"), 200);
        await().until(() -> state(id).equals("CONFIRMED"));
        var confirmedAt = OrderStores.journal(id).get("closedAt");
        lose(id);
        assertEquals(202, cancel(id).statusCode());
        isCancelledInTheEnd(id);
        assertEquals(confirmedAt, OrderStores.journal(id).get("confirmedAt"));
        isInTheReport(id, "replayed");
        hasHistory(id, "ACCEPTED", "CONFIRMED", "CANCEL_REQUESTED", "LOST", "CANCELLED");
        assertEquals(2, OrderStores.stock(product), "the new writer never had the sale: this test took it before");
    }

    /// A cancellation opened the entry and its process died; the new writer lacks the order.
    @Test
    @Tag("long")
    void aLostOrderThatACancellationLeftOpenIsReportedWhateverBecomesOfIt() throws Exception {
        for (int stock : new int[] {5, 0}) {
            var product = TestProducts.create(100, 5);
            var id = id(place(product, "3"), 200);
            await().until(() -> state(id).equals("CONFIRMED"));
            lose(id);
            OrderStores.run("UPDATE products SET stock = " + stock + " WHERE id = ?", product);
            var entry = OrderStores.journal(id);
            var open = new HashMap<>(entry);
            open.putAll(Map.of(
                    "state", AttributeValue.fromS("ACCEPTED"),
                    "openShard", AttributeValue.fromS("0"),
                    "openCustomerId", entry.get("customerId"),
                    "reopenedAt", entry.get("closedAt"),
                    "confirmedAt", entry.get("closedAt"),
                    "confirmedIn", entry.get("closedIn")));
            open.remove("closedAt");
            open.remove("closedIn");
            open.remove("closedShard");
            OrderStores.put(open);
            var expected = stock == 5 ? "CONFIRMED" : "REJECTED";
            await().atMost(SOON).until(() -> state(id).equals(expected));
            assertEquals(expected, row(id));
            isInTheReport(id, stock == 5 ? "replayed" : "rejected");
            hasHistory(id, "ACCEPTED", "CONFIRMED", "LOST", stock == 5 ? "REPLAYED" : "REJECTED");
            if (stock == 0)
                given().get("/orders/" + id)
                        .then()
                        .body(
                                "reason",
                                equalTo("OUT_OF_STOCK: " + product
                                        + " (was confirmed, then lost when the SQL writer failed over)"));
        }
    }
}
