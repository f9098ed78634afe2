package dev.meridian;

import static io.restassured.RestAssured.given;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.meridian.testing.Http;
import dev.meridian.testing.Scrape;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The number of store calls per request, as documented in docs/data.md and counted by the service's own
/// metric. Likes and mysfits are in `MysfitStoreCallsTest`.
@QuarkusTest
@ComponentTest
@Tag("dynamodb")
class StoreCallsTest {
    @TestHTTPResource(value = "/metrics", management = true)
    URI metrics;

    private final String product = Http.anId("kettle");
    private final String customer = Http.anId("ada");

    /// Loads the product's price into memory, where it is fresh for five seconds.
    @BeforeEach
    void aProduct() {
        given().contentType(ContentType.JSON)
                .body("""
                        {"name":"Kettle","description":"Sings.","price":19.5,"tags":[{"name":"t","displayName":"T"}]}""")
                .put("/catalog/products/" + product)
                .then()
                .statusCode(201);
    }

    @Test
    void aReadIsOneCall() {
        assertEquals(Map.of("catalog-list", 1L), cost("GET", "/catalog/products?size=5", null, 200));
        assertEquals(Map.of("catalog-find", 1L), cost("GET", "/catalog/products/" + product, null, 200));
        assertEquals(Map.of("catalog-search", 1L), cost("GET", "/catalog/search?keyword=kettle", null, 200));
        assertEquals(Map.of("cart-list", 1L), cost("GET", "/carts/" + customer, null, 200));
        assertEquals(Map.of("customer-get", 1L), cost("GET", "/customers/" + customer, null, 404));
        assertEquals(Map.of("score-top", 1L), cost("GET", "/leaderboard?country=DE&limit=5", null, 200));
        // One for each shard.
        assertEquals(Map.of("ticket-list", 8L), cost("GET", "/ticket?limit=5", null, 200));
    }

    @Test
    void aChangeOfAProductIsItsEntryBeforeAndAfterOneStatement() {
        var path = "/catalog/products/" + product;
        var put = "{\"name\":\"Kettle\",\"description\":\"\",\"price\":20,\"stock\":3,\"tags\":[]}";
        assertEquals(Map.of("catalog-open", 1L, "catalog-put", 1L, "catalog-close", 1L), cost("PUT", path, put, 200));
        assertEquals(
                Map.of("catalog-open", 1L, "catalog-stock", 1L, "catalog-close", 1L),
                cost("PATCH", path + "/stock", "{\"add\":3}", 200));
        assertEquals(
                Map.of("catalog-open", 1L, "catalog-stock", 1L, "catalog-remove", 1L),
                cost("PATCH", path + "/stock", "{\"add\":-9}", 409));
    }

    @Test
    void aCartWriteIsAReadAndAWrite() {
        var line = "{\"itemId\":\"" + product + "\",\"quantity\":2}";
        var path = "/carts/" + customer;
        assertEquals(Map.of("cart-list", 1L, "cart-add", 1L), cost("POST", path + "/items", line, 201));
        assertEquals(
                Map.of("cart-list", 1L, "cart-set", 1L),
                cost("PUT", path + "/items/" + product, "{\"quantity\":3}", 200));
        assertEquals(Map.of("cart-list", 1L, "cart-remove", 1L), cost("DELETE", path + "/items/" + product, null, 202));
        assertEquals(Map.of("cart-list", 1L), cost("GET", path + "/items/" + product, null, 404));
        cost("POST", path + "/items", line, 201);
        assertEquals(
                Map.of("cart-list", 2L, "cart-move", 1L),
                cost("POST", "/carts/" + Http.anId("c") + "/merge?sessionId=" + customer, null, 202));
        assertEquals(Map.of("cart-list", 1L, "cart-clear", 1L), cost("DELETE", path, null, 202));
    }

    @Test
    void anOrderIsTwoCallsAndOneAfterTheAnswer() {
        var before = calls();
        var id = given().contentType(ContentType.JSON)
                .header("X-Customer-Id", customer)
                .header("Idempotency-Key", Http.anId("key"))
                .body("""
                        {"items":[{"productId":"%s","quantity":3}],
                         "shippingAddress":{"firstName":"A","lastName":"B","email":"a@example.com","address1":"1 Quay",
                                            "city":"C","zipCode":"06001","state":"CT"}}""".formatted(product))
                .post("/orders")
                .then()
                .statusCode(200)
                .extract()
                .<String>path("id");
        var expected = Map.of("order-accept", 1L, "order-settle", 1L, "order-close", 1L);
        await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> assertEquals(expected, since(before)));
        assertEquals(Map.of("order-journal-get", 1L), cost("GET", "/orders/" + id, null, 200));
        assertEquals(Map.of("order-journal-get", 1L), cost("GET", "/orders/" + id + "/history", null, 200));
        // The first is the question whose the order is, before anything changes.
        assertEquals(
                Map.of("order-journal-get", 1L, "order-reopen", 1L, "order-cancel", 1L, "order-journal-store", 1L),
                cost("POST", "/orders/" + id + "/cancel", null, 200));
    }

    @Test
    void aCheckoutIsOneCallAndItsSubmitOneMoreThanAnOrder() {
        var path = "/checkout/" + customer;
        var checkout = """
                {"items":[{"id":"%s","quantity":3}],"deliveryOptionToken":"priority-mail",
                 "shippingAddress":{"firstName":"A","lastName":"B","email":"a@example.com","address1":"1 Quay",
                                    "city":"C","zip":"06001","state":"CT"}}""".formatted(product);
        assertEquals(Map.of("checkout-put", 1L), cost("POST", path + "/update", checkout, 201));
        assertEquals(
                Map.of("checkout-get", 1L, "order-accept", 1L, "order-settle", 1L, "order-close", 1L),
                cost("POST", path + "/submit", null, 201));
    }

    /// The item and the changes of a ticket are read side by side.
    @Test
    void aTicketIsReadWithItsChangesAndAChangeIsTwoWrites() {
        var ticket = """
                {"description":"Counts its calls.","assigned":"a","priority":"low","status":"open","createdBy":"b"%s}""";
        var id = given().contentType(ContentType.JSON)
                .body(ticket.formatted(""))
                .post("/ticket")
                .then()
                .extract()
                .<String>path("id");
        var read = Map.of("ticket-get", 1L, "ticket-changes", 1L);
        assertEquals(read, cost("GET", "/ticket/" + id, null, 200));
        assertEquals(read, cost("GET", "/ticket/" + id + "/changes", null, 200));
        var change = ticket.formatted(",\"id\":\"" + id + "\"");
        // The first one also stores what the ticket was created with.
        assertEquals(
                Map.of("ticket-get", 1L, "ticket-changes", 1L, "ticket-change-put", 2L, "ticket-update", 1L),
                cost("POST", "/ticket", change, 200));
        assertEquals(
                Map.of("ticket-get", 1L, "ticket-changes", 1L, "ticket-change-put", 1L, "ticket-update", 1L),
                cost("POST", "/ticket", change, 200));
    }

    @Test
    void aTicketAndAScoreAreOneCall() {
        var ticket = """
                {"description":"Counts its calls.","assigned":"a","priority":"low","status":"open","createdBy":"b"}""";
        assertEquals(Map.of("ticket-create", 1L), cost("POST", "/ticket", ticket, 200));
        var score = "{\"player\":\"" + Http.anId("p") + "\",\"country\":\"DE\",\"score\":1}";
        cost("POST", "/leaderboard", score, 201); // the first of a country also makes the country known
        assertEquals(
                Map.of("score-create", 1L),
                cost("POST", "/leaderboard", score.replace("\"score\":1", "\"score\":2"), 201));
    }

    private Map<String, Long> cost(String method, String path, String json, int status) {
        var before = calls();
        var request = given();
        if (json != null) request.contentType(ContentType.JSON).body(json);
        request.request(method, path).then().statusCode(status);
        var cost = since(before);
        System.out.printf("store calls: %s %s %s%n", method, path, cost);
        return cost;
    }

    private Map<String, Long> since(Map<String, Long> before) {
        return new Scrape(metrics)
                .storeCallsSince(
                        before, operation -> operation.startsWith("like-registry") || operation.equals("health"));
    }

    private Map<String, Long> calls() {
        return new Scrape(metrics).storeCalls();
    }
}
