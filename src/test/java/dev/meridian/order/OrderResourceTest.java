package dev.meridian.order;

import static io.restassured.RestAssured.given;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.meridian.ComponentTest;
import dev.meridian.shared.Ids;
import dev.meridian.testing.Http;
import dev.meridian.testing.Race;
import dev.meridian.testing.TestProducts;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.ExtractableResponse;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

@QuarkusTest
@ComponentTest
@Tag("dynamodb")
class OrderResourceTest {
    static final String ADDRESS = """
            {"firstName":"Nadia","lastName":"Okafor","email":"%s","address1":"12 Lantern Row","address2":"Flat 3",
             "city":"Port Isle","zipCode":"04521","state":"ME","planet":"Earth"}""";

    /// A request with the client's own costs and names, which must be ignored.
    static String order(String email, String... productsAndQuantities) {
        var items = new StringBuilder();
        for (int i = 0; i < productsAndQuantities.length; i += 2) {
            items.append(i == 0 ? "" : ",")
                    .append("{\"productId\":\"%s\",\"quantity\":%s,\"unitCost\":1,\"totalCost\":\"free\",\"name\":7}"
                            .formatted(productsAndQuantities[i], productsAndQuantities[i + 1]));
        }
        return "{\"shippingAddress\":" + ADDRESS.formatted(email) + ",\"items\":[" + items + "],\"gift\":true}";
    }

    private static RequestSpecification json() {
        return given().contentType(ContentType.JSON);
    }

    private static ValidatableResponse post(String body, String... headers) {
        var request = json().body(body);
        for (int i = 0; i < headers.length; i += 2) request.header(headers[i], headers[i + 1]);
        return request.post("/orders").then();
    }

    private static String idOf(ValidatableResponse response) {
        return response.statusCode(200).extract().path("id");
    }

    private static void isProblem(ValidatableResponse response, int status, String code) {
        response.statusCode(status)
                .contentType("application/problem+json")
                .body("type", equalTo("urn:meridian:problem:" + code))
                .body("status", equalTo(status))
                .body("code", equalTo(status))
                .body("message", notNullValue())
                .body("traceId", matchesPattern("(?!0{32})[0-9a-f]{32}"));
    }

    private static void isInvalid(ValidatableResponse response, String field) {
        isProblem(response, 400, "invalid-request");
        response.body("errors.field", hasItem(field));
    }

    @Test
    void anOrderIsConfirmedAtThePricesOfTheCatalog() throws Exception {
        var lantern = TestProducts.create(1950, 10);
        var rope = TestProducts.create(22500, null);
        var customer = Http.anId("c");
        var id = idOf(post(order("nadia@example.com", lantern, "3", rope, "2"), "X-Customer-Id", customer)
                .header("X-Region", "eu-west-1")
                .header("Location", nullValue())
                .body("id", matchesPattern("[0-9A-HJKMNP-TV-Z]{26}"))
                .body("status", equalTo("CONFIRMED"))
                .body("createdDate", matchesPattern("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z"))
                .body("customerId", equalTo(customer))
                .body("shippingAddress.firstName", equalTo("Nadia"))
                .body("shippingAddress.lastName", equalTo("Okafor"))
                .body("shippingAddress.email", equalTo("nadia@example.com"))
                .body("shippingAddress.address1", equalTo("12 Lantern Row"))
                .body("shippingAddress.address2", equalTo("Flat 3"))
                .body("shippingAddress.city", equalTo("Port Isle"))
                .body("shippingAddress.zipCode", equalTo("04521"))
                .body("shippingAddress.state", equalTo("ME"))
                .body("items.productId", contains(lantern, rope))
                .body("items.quantity", contains(3, 2))
                .body("items[0].unitCost", equalTo(19.5f))
                .body("items[0].totalCost", equalTo(58.5f))
                .body("items[1].unitCost", equalTo(225))
                .body("items[1].totalCost", equalTo(450))
                .body("items[0].name", equalTo("Product " + lantern))
                .body("subtotal", equalTo(508.5f))
                .body("region", equalTo("eu-west-1"))
                .body("$", not(org.hamcrest.Matchers.hasKey("reason"))));
        assertEquals(7, OrderStores.stock(lantern));
        json().get("/orders/" + id).then().statusCode(200).body("subtotal", equalTo(508.5f));
        assertEquals(
                "CONFIRMED", OrderStores.value("SELECT status FROM orders WHERE id = ?", id), "the order is in SQL");
    }

    @Test
    void theIdIsDerivedFromCustomerAndKey() throws Exception {
        var product = TestProducts.create(100, 10);
        var customer = Http.anId("c");
        var key = Http.anId("key");
        var body = order("a@example.com", product, "2");
        var first = post(body, "X-Customer-Id", customer, "Idempotency-Key", key);
        assertEquals(Ids.derive("order", customer, key), idOf(first));
        var second = post(body, "X-Customer-Id", customer, "Idempotency-Key", "\"" + key + "\"");
        assertEquals(
                first.extract().asString(), second.statusCode(200).extract().asString());
        assertEquals(8, OrderStores.stock(product));
        // Another customer's key is another key, and without a key each call is a new order.
        assertNotEquals(idOf(first), idOf(post(body, "X-Customer-Id", Http.anId("c"), "Idempotency-Key", key)));
        assertNotEquals(idOf(post(body, "X-Customer-Id", customer)), idOf(post(body, "X-Customer-Id", customer)));
        assertEquals(2, OrderStores.stock(product));
    }

    @Test
    void aGuestIsKnownByTheEmailAddress() throws Exception {
        var product = TestProducts.create(100, 10);
        var key = Http.anId("key");
        var first = post(order("Guest@Example.com", product, "1"), "Idempotency-Key", key)
                .body("customerId", startsWith("guest-"));
        String guest = first.extract().path("customerId");
        assertEquals(idOf(first), Ids.derive("order", guest, key));
        post(order("guest@example.com", product, "1")).body("customerId", equalTo(guest));
        // Nobody computes it from the address alone.
        assertNotEquals("guest-" + Ids.derive("guest", "guest@example.com"), guest);
    }

    @Test
    void aKeyWithAnotherOrderIsRefused() throws Exception {
        var product = TestProducts.create(100, 10);
        var headers = new String[] {"X-Customer-Id", Http.anId("c"), "Idempotency-Key", Http.anId("key")};
        var first = idOf(post(order("a@example.com", product, "2"), headers));
        isProblem(post(order("a@example.com", product, "3"), headers), 422, "idempotency-key-reused");
        isProblem(post(order("b@example.com", product, "2"), headers), 422, "idempotency-key-reused");
        // The same order in other words is the same order.
        assertEquals(first, idOf(post(order("a@example.com", product, "1", product, "1"), headers)));
        assertEquals(8, OrderStores.stock(product));
    }

    @Test
    void aPriceThatChangedMeanwhileIsNotAnotherOrder() throws Exception {
        var product = TestProducts.create(100, 10);
        var headers = new String[] {"X-Customer-Id", Http.anId("c"), "Idempotency-Key", Http.anId("key")};
        var first = post(order("a@example.com", product, "2"), headers).statusCode(200);
        OrderStores.run("UPDATE products SET price_minor = 700 WHERE id = ?", product);
        var second = post(order("a@example.com", product, "2"), headers).statusCode(200);
        assertEquals(first.extract().asString(), second.extract().asString());
    }

    @Test
    void linesOfOneProductBecomeOne() throws Exception {
        var product = TestProducts.create(250, 3);
        post(order("a@example.com", product, "1", product, "2"))
                .statusCode(200)
                .body("items", hasSize(1))
                .body("items[0].quantity", equalTo(3))
                .body("subtotal", equalTo(7.5f));
        assertEquals(0, OrderStores.stock(product));
        isProblem(post(order("a@example.com", product, "1")), 409, "out-of-stock");
    }

    @Test
    void whatIsOutOfStockIsRefusedWholeAndStaysRefused() throws Exception {
        var plenty = TestProducts.create(100, 100);
        var scarce = TestProducts.create(100, 2);
        var customer = Http.anId("c");
        var headers = new String[] {"X-Customer-Id", customer, "Idempotency-Key", Http.anId("key")};
        var body = order("a@example.com", plenty, "5", scarce, "3");
        isProblem(post(body, headers).body("detail", containsString(scarce)), 409, "out-of-stock");
        assertEquals(100, OrderStores.stock(plenty));
        assertEquals(2, OrderStores.stock(scarce));
        OrderStores.run("UPDATE products SET stock = 50 WHERE id = ?", scarce);
        isProblem(post(body, headers).body("detail", containsString(scarce)), 409, "out-of-stock");
        assertEquals(50, OrderStores.stock(scarce));
        // The customer sees what was refused, and why.
        var id = Ids.derive("order", customer, headers[3]);
        json().get("/orders/" + id)
                .then()
                .statusCode(200)
                .body("status", equalTo("REJECTED"))
                .body("reason", equalTo("OUT_OF_STOCK: " + scarce))
                .body("items.quantity", contains(5, 3));
        isProblem(json().post("/orders/" + id + "/cancel").then(), 409, "order-not-cancellable");
    }

    @Test
    void anUnknownProductIsRefusedBeforeAnythingIsStored() throws Exception {
        var product = TestProducts.create(100, 10);
        var unknown = Http.anId("p");
        var customer = Http.anId("c");
        var key = Http.anId("key");
        var body = order("a@example.com", product, "1", unknown, "1");
        isProblem(post(body, "X-Customer-Id", customer, "Idempotency-Key", key), 404, "unknown-product");
        assertTrue(OrderStores.journal(Ids.derive("order", customer, key)).isEmpty());
        assertEquals(10, OrderStores.stock(product));
    }

    /// The SQL reader may still have a product that the writer no longer has.
    @Test
    void aProductThatTheWriterLacksRejectsTheOrder() throws Exception {
        var product = TestProducts.create(100, 10);
        var gone = TestProducts.create(100, 10);
        var customer = Http.anId("c");
        var key = Http.anId("key");
        var headers = new String[] {"X-Customer-Id", customer, "Idempotency-Key", key};
        var body = order("a@example.com", product, "1", gone, "1");
        var id = idOf(post(body, headers));
        // The same entry again, on a writer that has neither the order nor one of its products.
        OrderStores.run("DELETE FROM orders WHERE id = ?", id);
        OrderStores.run("DELETE FROM products WHERE id = ?", gone);
        await().until(() -> OrderStores.journal(id).get("state").s().equals("CONFIRMED"));
        OrderStores.open(id);
        isProblem(post(body, headers).body("detail", containsString(gone)), 404, "unknown-product");
        isProblem(post(body, headers), 404, "unknown-product");
        assertEquals(9, OrderStores.stock(product));
        json().get("/orders/" + id).then().statusCode(200).body("status", equalTo("REJECTED"));
    }

    @Test
    void theJournalKnowsTheEndAndIsInNoIndexThen() throws Exception {
        var product = TestProducts.create(100, 10);
        var id = idOf(post(order("a@example.com", product, "1")));
        await().untilAsserted(() -> {
            var entry = OrderStores.journal(id);
            assertEquals("CONFIRMED", entry.get("state").s());
            assertFalse(entry.containsKey("openShard"));
            assertFalse(entry.containsKey("openCustomerId"));
        });
        // From here on one read of the journal is enough: SQL is not asked.
        OrderStores.run("UPDATE orders SET region = 'elsewhere' WHERE id = ?", id);
        json().get("/orders/" + id).then().statusCode(200).body("region", equalTo("eu-west-1"));
    }

    @Test
    void anOrderThatOnlySqlHasIsFound() throws Exception {
        var product = TestProducts.create(1950, 10);
        var placed = post(order("a@example.com", product, "2"));
        var id = idOf(placed);
        await().until(() -> OrderStores.journal(id).get("state").s().equals("CONFIRMED"));
        OrderStores.delete(id);
        var read = json().get("/orders/" + id).then().statusCode(200);
        assertEquals(placed.extract().asString(), read.extract().asString());
        // And cancelled: the journal gets an entry.
        json().post("/orders/" + id + "/cancel").then().statusCode(200).body("status", equalTo("CANCELLED"));
        json().get("/orders/" + id).then().statusCode(200).body("status", equalTo("CANCELLED"));
        assertEquals("CANCELLED", OrderStores.journal(id).get("state").s());
        assertEquals(10, OrderStores.stock(product));
    }

    /// The writer hangs on the product: both ways to order give 202 within the budget and result in one order.
    @Test
    void whenTheWriterHangsTheOrderIsAcceptedAndSettledOnce() throws Exception {
        var product = TestProducts.create(100, 5);
        var customer = Http.anId("c");
        json().body("{}").put("/customers/" + customer).then().statusCode(201);
        var headers = new String[] {"X-Customer-Id", customer, "Idempotency-Key", Http.anId("key")};
        var body = order("a@example.com", product, "3");
        var id = Ids.derive("order", customer, headers[3]);
        var unit = "/v1/orders?customerId=" + customer + "&productId=" + product + "&orderId=o-1";
        try (var connection = OrderStores.sql()) {
            connection.setAutoCommit(false);
            try (var lock = connection.prepareStatement("SELECT FROM products WHERE id = ? FOR UPDATE")) {
                lock.setString(1, product);
                lock.executeQuery();
            }
            var answers = Race.run(
                    2,
                    2,
                    i -> () -> i == 0 ? Http.send("POST", "/orders", body, headers) : Http.send("POST", unit, null));
            assertEquals(202, answers.get(0).statusCode(), answers.get(0).body());
            assertEquals(
                    "/orders/" + id,
                    answers.get(0).headers().firstValue("Location").orElseThrow());
            assertEquals("1", answers.get(0).headers().firstValue("Retry-After").orElseThrow());
            assertTrue(
                    answers.get(0).body().contains("\"status\":\"ACCEPTED\""),
                    answers.get(0).body());
            assertEquals(202, answers.get(1).statusCode(), answers.get(1).body());
            assertTrue(OrderStores.journal(id).containsKey("openShard"));
            // Readers see it at once: alone, in the list, under the client's own id.
            json().get("/orders/" + id).then().statusCode(200).body("status", equalTo("ACCEPTED"));
            json().queryParam("customerId", customer)
                    .get("/orders")
                    .then()
                    .statusCode(200)
                    .body("status", contains("ACCEPTED", "ACCEPTED"));
            json().get("/v1/orders?orderId=o-1&productId=" + product)
                    .then()
                    .statusCode(200)
                    .body("OrderStatus", equalTo("ACCEPTED"));
        }
        post(body, headers).statusCode(200).body("status", equalTo("CONFIRMED"));
        json().post(unit).then().statusCode(200);
        assertEquals(1, OrderStores.stock(product));
        await().untilAsserted(() ->
                assertEquals("CONFIRMED", OrderStores.journal(id).get("state").s()));
    }

    @Test
    void theListIsACustomersOwnNewestFirstAndGoesOn() throws Exception {
        var product = TestProducts.create(100, 10);
        var customer = Http.anId("c");
        var ids = new ArrayList<String>();
        for (int i = 0; i < 5; i++) {
            ids.addFirst(idOf(post(order("a@example.com", product, "1"), "X-Customer-Id", customer)));
        }
        // One whose end the journal has not heard of, and one that SQL has not heard of, are there once each.
        OrderStores.open(ids.get(2));
        OrderStores.open(ids.get(3));
        OrderStores.run("DELETE FROM orders WHERE id = ?", ids.get(3));
        var seen = new ArrayList<String>();
        String next = "/orders?limit=2&customerId=" + customer;
        for (int page = 0; next != null; page++) {
            assertTrue(page < 3, "the list does not end");
            var answer = json().urlEncodingEnabled(false).get(next).then().statusCode(200);
            seen.addAll(answer.extract().<List<String>>path("id"));
            var link = answer.extract().header("Link");
            assertEquals(page < 2, link != null);
            if (link != null) assertTrue(link.endsWith("; rel=\"next\""), link);
            next = link == null ? null : link.substring(1, link.indexOf('>'));
        }
        assertEquals(ids, seen);
        given().header("X-Customer-Id", customer)
                .get("/orders")
                .then()
                .statusCode(200)
                .header("Link", nullValue())
                .body("id", equalTo(ids))
                .body("status", contains("CONFIRMED", "CONFIRMED", "CONFIRMED", "ACCEPTED", "CONFIRMED"));
        given().get("/orders?customerId=" + Http.anId("c"))
                .then()
                .statusCode(200)
                .body("$", empty());
    }

    @Test
    void theListNeedsACustomerAndValidBounds() {
        isInvalid(given().get("/orders").then(), "customerId");
        isProblem(given().get("/orders?customerId=a%20b").then(), 400, "invalid-request");
        isProblem(given().header("X-Customer-Id", "a b").get("/orders").then(), 400, "invalid-request");
        for (var limit : List.of("0", "101", "-1", "x", "1.5", "99999999999")) {
            isProblem(given().get("/orders?customerId=c&limit=" + limit).then(), 400, "invalid-request");
        }
        given().get("/orders?customerId=c&limit=100").then().statusCode(200);
        given().get("/orders?customerId=c&limit=1").then().statusCode(200);
        for (var cursor : List.of(
                "abc",
                "%00",
                dev.meridian.shared.Cursor.encode("1", "x"),
                dev.meridian.shared.Cursor.encode("9223372036854775807", "0".repeat(26)),
                dev.meridian.shared.Cursor.encode("-1", "0".repeat(26)),
                dev.meridian.shared.Cursor.encode("x", "0".repeat(26)))) {
            isInvalid(
                    given().urlEncodingEnabled(false)
                            .get("/orders?customerId=c&cursor=" + cursor)
                            .then(),
                    "cursor");
        }
    }

    @Test
    void aConfirmedOrderIsCancelledOnceAndGivesItsStockBack() throws Exception {
        var limited = TestProducts.create(100, 10);
        var unlimited = TestProducts.create(100, null);
        var customer = Http.anId("c");
        var headers = new String[] {"X-Customer-Id", customer, "Idempotency-Key", Http.anId("key")};
        var body = order("a@example.com", limited, "4", unlimited, "2");
        var id = idOf(post(body, headers));
        // Limited only since: nothing was taken of it, so nothing is given back.
        OrderStores.run("UPDATE products SET stock = 1 WHERE id = ?", unlimited);
        for (int i = 0; i < 2; i++) {
            json().post("/orders/" + id + "/cancel")
                    .then()
                    .statusCode(200)
                    .body("id", equalTo(id))
                    .body("status", equalTo("CANCELLED"))
                    .body("items.quantity", contains(4, 2));
            assertEquals(10, OrderStores.stock(limited));
            assertEquals(1, OrderStores.stock(unlimited));
        }
        given().get("/orders/" + id).then().statusCode(200).body("status", equalTo("CANCELLED"));
        given().get("/orders?customerId=" + customer).then().body("status", contains("CANCELLED"));
        // A retry of the order does not take it again.
        post(body, headers).statusCode(200).body("status", equalTo("CANCELLED"));
        assertEquals(10, OrderStores.stock(limited));
        assertFalse(OrderStores.journal(id).containsKey("openShard"));
    }

    /// As if the process had died between SQL and journal.
    @Test
    void aCancelWhoseJournalEntryStayedOpenIsSeen() throws Exception {
        var product = TestProducts.create(100, 10);
        var id = idOf(post(order("a@example.com", product, "4")));
        json().post("/orders/" + id + "/cancel").then().statusCode(200);
        OrderStores.open(id);
        given().get("/orders/" + id).then().statusCode(200).body("status", equalTo("CANCELLED"));
        json().post("/orders/" + id + "/cancel").then().statusCode(200).body("status", equalTo("CANCELLED"));
        assertEquals("CANCELLED", OrderStores.journal(id).get("state").s());
        assertEquals(10, OrderStores.stock(product));
    }

    private static ExtractableResponse<Response> history(String id) {
        return given().get("/orders/" + id + "/history")
                .then()
                .statusCode(200)
                .body("orderId", equalTo(id))
                .extract();
    }

    @Test
    void anOrderHasItsHistoryWithTimesAndRegions() throws Exception {
        var product = TestProducts.create(100, 10);
        var id = idOf(post(order("a@example.com", product, "4")));
        await().until(() -> OrderStores.journal(id).get("state").s().equals("CONFIRMED"));
        var confirmed = history(id);
        assertEquals("CONFIRMED", confirmed.path("status"));
        assertEquals(List.of("ACCEPTED", "CONFIRMED"), confirmed.path("events.event"));
        assertEquals(List.of("ACCEPTED", "CONFIRMED"), confirmed.path("events.status"));
        assertEquals(List.of("eu-west-1", "eu-west-1"), confirmed.path("events.region"));
        assertEquals(
                given().get("/orders/" + id).then().extract().<String>path("createdDate"),
                confirmed.path("events[0].at"));

        json().post("/orders/" + id + "/cancel").then().statusCode(200);
        var cancelled = history(id);
        assertEquals(List.of("ACCEPTED", "CONFIRMED", "CANCELLED"), cancelled.path("events.event"));
        assertEquals(confirmed.<String>path("events[1].at"), cancelled.path("events[1].at"));
        var times = cancelled.<List<String>>path("events.at");
        assertEquals(times.stream().sorted(Comparator.comparing(Instant::parse)).toList(), times);

        // Without its entry: what SQL knows.
        OrderStores.delete(id);
        var fromSql = history(id);
        assertEquals(List.of("ACCEPTED", "CANCELLED"), fromSql.path("events.event"));
        assertEquals("CANCELLED", fromSql.path("status"));
        isProblem(
                given().get("/orders/" + Ids.derive("no", "order") + "/history").then(), 404, "unknown-order");
    }

    /// As a version before this one left it: the times are there that it had.
    @Test
    void anOlderEntryHasWhatCanBeDerived() throws Exception {
        var product = TestProducts.create(100, 10);
        var id = idOf(post(order("a@example.com", product, "4")));
        await().until(() -> OrderStores.journal(id).get("state").s().equals("CONFIRMED"));
        var item = new HashMap<>(OrderStores.journal(id));
        item.remove("closedIn");
        OrderStores.put(item);
        var history = history(id);
        assertEquals(List.of("ACCEPTED", "CONFIRMED"), history.path("events.event"));
        assertEquals(Instant.parse(item.get("closedAt").s()), Instant.parse(history.path("events[1].at")));
        assertEquals(Arrays.asList("eu-west-1", null), history.<List<String>>path("events.region"));
    }

    /// The journal is closed a moment after SQL has decided.
    @Test
    void theHistoryOfAnOpenEntryEndsAsSqlSays() throws Exception {
        var product = TestProducts.create(100, 10);
        var id = idOf(post(order("a@example.com", product, "4")));
        await().until(() -> OrderStores.journal(id).get("state").s().equals("CONFIRMED"));
        var item = new HashMap<>(OrderStores.journal(id));
        item.keySet().removeAll(Set.of("closedAt", "closedIn", "closedShard"));
        item.put("state", AttributeValue.fromS("ACCEPTED"));
        OrderStores.put(item);
        assertEquals("CONFIRMED", given().get("/orders/" + id).then().extract().path("status"));
        assertEquals(List.of("ACCEPTED", "CONFIRMED"), history(id).path("events.event"));
        OrderStores.run("DELETE FROM orders WHERE id = ?", id);
        assertEquals("ACCEPTED", given().get("/orders/" + id).then().extract().path("status"));
        assertEquals(List.of("ACCEPTED"), history(id).path("events.event"));
    }

    @Test
    void whatIsNotThereIsNotFound() {
        for (var id : List.of(Ids.derive("no", "order"), "no-such-order", "8" + "Z".repeat(25))) {
            isProblem(given().get("/orders/" + id).then(), 404, "unknown-order");
            isProblem(given().post("/orders/" + id + "/cancel").then(), 404, "unknown-order");
        }
        isProblem(given().get("/orders/" + "x".repeat(129)).then(), 400, "invalid-request");
        isProblem(given().get("/orders/a%20b").then(), 400, "invalid-request");
        isProblem(given().delete("/orders/" + Ids.derive("no", "order")).then(), 405, "method-not-allowed");
        isProblem(given().get("/orders/a/cancel").then(), 405, "method-not-allowed");
    }

    @Test
    void valuesOutOfBoundsAreNamed() throws Exception {
        var p = TestProducts.create(100, null);
        var good = order("a@example.com", p, "1000");
        post(good).statusCode(200);
        isInvalid(post(good.replace("1000", "1001")), "items[0].quantity");
        isInvalid(post(good.replace("1000", "0")), "items[0].quantity");
        isInvalid(post(good.replace("1000", "-3")), "items[0].quantity");
        isInvalid(post(good.replace("1000", "null")), "items[0].quantity");
        isInvalid(post(good.replace("1000", "1.5")), "items[0].quantity");
        isInvalid(post(good.replace("1000", "\"many\"")), "items[0].quantity");
        isInvalid(post(good.replace("1000", "99999999999")), "items[0].quantity");
        isProblem(post(good.replace("1000", "NaN")), 400, "invalid-request");
        isInvalid(post(order("a@example.com", p, "600", p, "600")), "items");
        isInvalid(post(good.replace(p, "a b")), "items[0].productId");
        isInvalid(post(good.replace("\"" + p + "\"", "null")), "items[0].productId");
        isInvalid(post("{\"shippingAddress\":" + ADDRESS.formatted("a@example.com") + ",\"items\":[]}"), "items");
        isInvalid(post("{\"shippingAddress\":" + ADDRESS.formatted("a@example.com") + "}"), "items");
        isInvalid(post("{\"shippingAddress\":" + ADDRESS.formatted("a@example.com") + ",\"items\":null}"), "items");
        isProblem(
                post("{\"shippingAddress\":" + ADDRESS.formatted("a@example.com") + ",\"items\":[null]}"),
                400,
                "invalid-request");
        isInvalid(post("{\"items\":[{\"productId\":\"" + p + "\",\"quantity\":1}]}"), "shippingAddress");
        var lines = new String[202];
        for (int i = 0; i < lines.length; i += 2) {
            lines[i] = p;
            lines[i + 1] = "1";
        }
        isInvalid(post(order("a@example.com", lines)), "items");
        post(order("a@example.com", java.util.Arrays.copyOf(lines, 200))).statusCode(200);
    }

    @Test
    void theAddressIsChecked() throws Exception {
        var p = TestProducts.create(100, null);
        var good = order("a@example.com", p, "1");
        for (var field : List.of("firstName", "email", "address1", "city", "zipCode", "state")) {
            isInvalid(post(good.replace("\"" + field + "\"", "\"x-" + field + "\"")), "shippingAddress." + field);
        }
        post(good.replace("\"address2\":\"Flat 3\",", ""))
                .statusCode(200)
                .body("shippingAddress.address2", nullValue());
        isInvalid(post(good.replace("Nadia", " ")), "shippingAddress.firstName");
        isInvalid(post(good.replace("Nadia", "N".repeat(101))), "shippingAddress.firstName");
        post(good.replace("Nadia", "N".repeat(100))).statusCode(200);
        isInvalid(post(good.replace("12 Lantern Row", "x".repeat(201))), "shippingAddress.address1");
        isInvalid(post(good.replace("Flat 3", "x".repeat(201))), "shippingAddress.address2");
        isInvalid(post(good.replace("04521", "1".repeat(21))), "shippingAddress.zipCode");
        isInvalid(post(good.replace("a@example.com", "nobody")), "shippingAddress.email");
        for (var bad : List.of("\\u0000", "\\u0007", "\\n", "\\ud800", "\\u0085")) {
            isInvalid(post(good.replace("Port Isle", "Port" + bad + "Isle")), "shippingAddress.city");
        }
        post(good.replace("Port Isle", "Zürich \\ud83c\\udf0a"))
                .statusCode(200)
                .body("shippingAddress.city", equalTo("Zürich \uD83C\uDF0A"));
    }

    @Test
    void anAddressIsAsItsCountryHasIt() throws Exception {
        var p = TestProducts.create(100, null);
        var good = order("jörg@exämple.de", p, "1");
        post(good).statusCode(200).body("shippingAddress.country", equalTo("US"));
        post(good.replace("04521", "04521 1234").replace("ME", "maine"))
                .statusCode(200)
                .body("shippingAddress.zipCode", equalTo("04521-1234"))
                .body("shippingAddress.state", equalTo("ME"));
        post(good.replace("04521", "sw1a2aa").replace("\"state\":\"ME\"", "\"country\":\"gb\""))
                .statusCode(200)
                .body("shippingAddress.zipCode", equalTo("SW1A 2AA"))
                .body("shippingAddress.country", equalTo("GB"));
        post(good.replace("04521", "1010").replace("ME", "Wien"))
                .statusCode(200)
                .body("shippingAddress.country", nullValue());
        post(good.replace("\"lastName\":\"Okafor\",", "")).statusCode(200);
        isInvalid(post(good.replace("\"ME\"", "\"XX\"")), "shippingAddress.state");
        isInvalid(post(good.replace("\"ME\"", "\"ME\",\"country\":\"CA\"")), "shippingAddress.zipCode");
        isInvalid(post(good.replace("\"ME\"", "\"ME\",\"country\":\"XX\"")), "shippingAddress.country");
        isInvalid(post(good.replace("Okafor", "\\u200b\\u00a0")), "shippingAddress.lastName");
    }

    @Test
    void aKeyIsOfOneCountry() throws Exception {
        var key = Http.anId("k");
        var p = TestProducts.create(100, null);
        var none = order("a@example.com", p, "1").replace("04521", "1010").replace("ME", "Wien");
        var austria = none.replace("\"Wien\"", "\"Wien\",\"country\":\"AT\"");
        var id = idOf(post(austria, "Idempotency-Key", key));
        // As a version sends it on that knows no country.
        assertEquals(id, idOf(post(none, "Idempotency-Key", key)));
        assertEquals(id, idOf(post(austria.replace("AT", "at"), "Idempotency-Key", key)));
        isProblem(post(austria.replace("AT", "CH"), "Idempotency-Key", key), 422, "idempotency-key-reused");
    }

    @Test
    void headersAreChecked() throws Exception {
        var body = order("a@example.com", TestProducts.create(100, null), "1");
        for (var key : List.of("a b", "\"\"", "k".repeat(256))) {
            isProblem(post(body, "Idempotency-Key", key), 400, "invalid-request");
        }
        post(body, "Idempotency-Key", "k".repeat(255), "X-Customer-Id", Http.anId("c"))
                .statusCode(200);
        isProblem(post(body, "X-Customer-Id", "a b"), 400, "invalid-request");
    }

    @Test
    void malformedRequestsAreRefused() {
        for (var body : List.of("", "null", "{", "[]", "1", "\"x\"", "{\"items\":7}", "{}{}")) {
            isProblem(json().body(body).post("/orders").then(), 400, "invalid-request");
        }
        isProblem(
                given().contentType(ContentType.TEXT).body("x").post("/orders").then(), 415, "unsupported-media-type");
        isProblem(json().body("{}").put("/orders").then(), 405, "method-not-allowed");
    }

    @Test
    void anythingButABrowserGetsJson() {
        var customer = Http.anId("c");
        for (var headers : List.of(
                Map.<String, String>of(),
                Map.of("Accept", "*/*"),
                Map.of("Accept", "application/json"),
                Map.of("Content-Type", "application/json"))) {
            given().headers(headers)
                    .get("/orders?customerId=" + customer)
                    .then()
                    .statusCode(200)
                    .contentType(ContentType.JSON);
        }
        given().accept("application/xml")
                .get("/orders?customerId=" + customer)
                .then()
                .statusCode(406);
    }
}
