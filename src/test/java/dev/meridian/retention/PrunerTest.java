package dev.meridian.retention;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.meridian.ComponentTest;
import dev.meridian.retention.Prunable.Kind;
import dev.meridian.testing.Http;
import dev.meridian.testing.Race;
import dev.meridian.testing.TestProducts;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/// Pruning by the bean, so only in the test JVM; the command is in `PruneIT`.
@QuarkusTest
@ComponentTest
@Tag("dynamodb")
class PrunerTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String SCORES = "meridian-scores";

    @Inject
    RetentionService retention;

    @Inject
    PruneRunRepository runs;

    private final String customer = Http.anId("ada");
    private final String product = TestProducts.create(1000, 50);

    private Map<Kind, PruneResult> prune(boolean isDryRun) {
        return prune(Optional.empty(), isDryRun);
    }

    private Map<Kind, PruneResult> prune(Optional<Instant> before, boolean isDryRun) {
        return retention.prune(before, isDryRun, _ -> {}).await().atMost(LIMIT).stream()
                .collect(Collectors.toMap(PruneResult::kind, result -> result));
    }

    private String order(String key) {
        return given().contentType(ContentType.JSON)
                .header("X-Customer-Id", customer)
                .header("Idempotency-Key", key)
                .body("""
                        {"items":[{"productId":"%s","quantity":3}],
                         "shippingAddress":{"firstName":"A","lastName":"B","email":"a@example.com","address1":"1 Quay",
                                            "city":"C","zipCode":"06001","state":"CT"}}""".formatted(product))
                .post("/orders")
                .then()
                .statusCode(200)
                .extract()
                .path("id");
    }

    @Test
    void anOldEntryGoesWhenSqlHasItsOrder() throws Exception {
        var key = Http.anId("key");
        var old = order(key);
        var young = order(Http.anId("key"));
        var lost = order(Http.anId("key"));
        var other = order(Http.anId("key"));
        for (var id : List.of(old, lost, other)) OldItems.settled(id);
        OldItems.run("DELETE FROM orders WHERE id = ?", lost);
        OldItems.run("UPDATE orders SET status = 'CANCELLED' WHERE id = ?", other);

        assertTrue(prune(true).get(Kind.JOURNAL).pruned() >= 1);
        assertFalse(OldItems.journal(old).isEmpty(), "a dry run deletes nothing");
        var result = prune(false).get(Kind.JOURNAL);
        assertTrue(result.seen() >= 3 && result.pruned() >= 1, result::toString);
        assertTrue(OldItems.journal(old).isEmpty());
        for (var id : List.of(young, lost, other))
            assertFalse(OldItems.journal(id).isEmpty(), id);

        // The order is read, ordered again and cancelled as before.
        given().get("/orders/" + old).then().statusCode(200).body("status", equalTo("CONFIRMED"));
        assertEquals(old, order(key));
        given().get("/catalog/products/" + product).then().body("stock", equalTo(50 - 4 * 3));
        given().post("/orders/" + old + "/cancel").then().statusCode(200);
        given().get("/catalog/products/" + product).then().body("stock", equalTo(50 - 3 * 3));
    }

    @Test
    void keysOfRestocksAndImportsAreForgotten() throws Exception {
        var add = "/catalog/products/" + product + "/stock";
        for (var key : List.of("old", "young")) restock(add, key).then().statusCode(200);
        OldItems.run(
                "UPDATE stock_changes SET changed_at = '2020-01-01T00:00:00Z' WHERE product_id = ? AND change_key ="
                        + " (SELECT min(change_key) FROM stock_changes WHERE product_id = ?)",
                product,
                product);
        var old = anImport(Instant.parse("2020-01-01T00:00:00Z"));
        var young = anImport(Instant.now());

        assertTrue(prune(true).get(Kind.STOCK_CHANGES).pruned() >= 1);
        var results = prune(false);
        assertTrue(results.get(Kind.STOCK_CHANGES).pruned() >= 1, results::toString);
        assertTrue(results.get(Kind.IMPORTS).pruned() >= 1, results::toString);
        assertEquals(1L, OldItems.value("SELECT count(*) FROM stock_changes WHERE product_id = ?", product));
        assertTrue(OldItems.get(SCORES, old).isEmpty());
        assertFalse(OldItems.get(SCORES, young).isEmpty());
        given().get("/catalog/products/" + product).then().body("stock", equalTo(54));
    }

    private static io.restassured.response.Response restock(String path, String key) {
        return given().contentType(ContentType.JSON)
                .header("Idempotency-Key", key)
                .body("{\"add\":2}")
                .patch(path);
    }

    private static Map<String, AttributeValue> anImport(Instant startedAt) {
        var key = Map.of("player", AttributeValue.fromS("#imports"), "id", AttributeValue.fromS(Http.anId("i")));
        var item = new HashMap<>(key);
        item.put("startedAt", AttributeValue.fromS(startedAt.toString()));
        item.put("region", AttributeValue.fromS("eu-west-1"));
        OldItems.put(SCORES, item);
        return key;
    }

    private String ticket(String status, String createdOn) {
        return given().contentType(ContentType.JSON)
                .body("""
                        {"description":"The lantern flickers.","assigned":"","priority":"low","status":"%s",
                         "createdBy":"Wren","createdOn":"%s"}""".formatted(status, createdOn))
                .post("/ticket")
                .then()
                .statusCode(200)
                .extract()
                .path("id");
    }

    @Test
    void oldClosedTicketsGoWithTheirChanges() {
        var old = ticket("closed", "2020-01-01 00:00:00");
        var open = ticket("open", "2020-01-01 00:00:00");
        var young = ticket("closed", "");
        // Closed just now.
        var closed = ticket("open", "2020-01-01 00:00:00");
        given().contentType(ContentType.JSON)
                .body("""
                        {"id":"%s","description":"The lantern flickers.","assigned":"","priority":"low",
                         "status":"closed","createdBy":"Wren"}""".formatted(closed))
                .post("/ticket")
                .then()
                .statusCode(200);
        assertTrue(prune(true).get(Kind.TICKETS).pruned() >= 1);
        given().get("/ticket/" + old).then().statusCode(200);
        var result = prune(false).get(Kind.TICKETS);
        assertTrue(result.pruned() >= 1 && result.seen() > result.pruned(), result::toString);
        given().get("/ticket/" + old).then().statusCode(404);
        for (var id : List.of(open, young, closed))
            given().get("/ticket/" + id).then().statusCode(200);
        given().get("/ticket/" + closed + "/changes").then().body("$", hasSize(2));
    }

    @Test
    void aTimeReplacesThoseOfTheConfiguration() {
        var before = Instant.parse("2019-01-01T00:00:00Z");
        var kept = ticket("closed", "2020-01-01 00:00:00");
        var gone = ticket("closed", "2018-01-01 00:00:00");
        var results = prune(Optional.of(before), false);
        assertTrue(results.values().stream().allMatch(result -> result.before().equals(before)), results::toString);
        given().get("/ticket/" + kept).then().statusCode(200);
        given().get("/ticket/" + gone).then().statusCode(404);
    }

    /// Several processes prune while customers cancel the same old orders: each order is cancelled once, and none is
    /// lost.
    @Test
    void pruningAndCancellingAtOnceLoseNothing() throws Exception {
        var orders = new java.util.ArrayList<String>();
        for (int i = 0; i < 8; i++) orders.add(order(Http.anId("key")));
        for (var id : orders) OldItems.settled(id);
        var cancelled = new AtomicLong();
        Race.run(6, 16, i -> () -> {
            if (i % 2 == 0) return prune(false).get(Kind.JOURNAL).pruned();
            var answer = Http.send("POST", "/orders/" + orders.get(i / 2) + "/cancel", null);
            if (answer.statusCode() == 200) cancelled.incrementAndGet();
            return 0L;
        });
        System.out.printf("orders cancelled while pruning=%d%n", cancelled.get());
        prune(false);
        assertTrue(cancelled.get() > 0);
        given().get("/catalog/products/" + product).then().body("stock", equalTo((int)
                (50 - 24 + 3 * cancelled.get())));
        var states = orders.stream()
                .map(id -> given().get("/orders/" + id)
                        .then()
                        .statusCode(200)
                        .extract()
                        .<String>path("status"))
                .filter("CANCELLED"::equals)
                .count();
        assertEquals(cancelled.get(), states);
    }

    @Test
    void ofManyTasksOfARegionOneBeginsARun() throws Exception {
        var now = Instant.now().plus(Duration.ofDays(400));
        var begun = Race.run(
                8,
                16,
                _ -> () ->
                        runs.begin(now, now.minus(Duration.ofDays(1))).await().atMost(LIMIT));
        assertEquals(1, begun.stream().filter(isBegun -> isBegun).count(), begun::toString);
        assertFalse(
                runs.begin(now.plusSeconds(3600), now.minusSeconds(1)).await().atMost(LIMIT));
        assertTrue(runs.begin(now.plusSeconds(90000), now.plusSeconds(3600))
                .await()
                .atMost(LIMIT));
    }
}
