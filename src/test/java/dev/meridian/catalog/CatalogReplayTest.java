package dev.meridian.catalog;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.meridian.ComponentTest;
import dev.meridian.testing.Http;
import dev.meridian.testing.Race;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/// Changes of products that a new SQL writer lacks. Only in the test JVM, because it compares through a bean.
@QuarkusTest
@ComponentTest
@Tag("dynamodb")
class CatalogReplayTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final String UNNAMED = """
            {"name":"%s","description":"Long.","price":%s,"tags":[]}""";

    @Inject
    CatalogRecoveryService recovery;

    private final Instant since = Instant.now().minus(5, ChronoUnit.MINUTES);
    private CatalogStores stores;

    @BeforeEach
    void open() throws SQLException {
        stores = new CatalogStores();
    }

    @AfterEach
    void close() throws SQLException {
        stores.close();
    }

    private CatalogRecoveryService.Replay replay() {
        return recovery.replay(since, 7, () -> false).await().atMost(LIMIT);
    }

    /// The product, and its entity tag.
    private static String read(String id) throws Exception {
        var answer = Http.send("GET", "/catalog/products/" + id, null);
        return answer.body() + answer.headers().firstValue("ETag").orElse("");
    }

    private static int add(String id, int units, String... headers) throws Exception {
        return Http.send("PATCH", "/catalog/products/" + id + "/stock", "{\"add\":" + units + "}", headers)
                .statusCode();
    }

    private static int put(String id, String json, String... headers) throws Exception {
        return Http.send("PUT", "/catalog/products/" + id, json, headers).statusCode();
    }

    @Test
    void lostChangesAreThereAgainOnce() throws Exception {
        var tag = Http.anId("tag");
        var id = Products.created("Kept", "3", "5", tag);
        var before = read(id);
        stores.keep(id);
        assertEquals(200, add(id, 7, "Idempotency-Key", "delivery"));
        assertEquals(200, put(id, Products.json("Lost", "new", "4", "20", tag, "b-" + tag)));
        assertEquals(200, add(id, -3));
        assertEquals(200, put(id, UNNAMED.formatted("Last", "7")));
        var after = read(id);
        stores.lose(id);
        assertEquals(before, read(id));
        assertTrue(replay().replayed() >= 4);
        assertEquals(after, read(id));
        assertEquals(0, replay().replayed());
        assertEquals(after, read(id));
        // The operator repeats the delivery: the key was used.
        assertEquals(200, add(id, 7, "Idempotency-Key", "delivery"));
        given().get("/catalog/products/" + id).then().body("stock", equalTo(17));
    }

    @Test
    void aLostProductIsMadeAgainWithItsTags() throws Exception {
        var id = Http.anId("p");
        stores.keep(id);
        assertEquals(201, put(id, Products.json("Born", "", "3", "6", Http.anId("tag"))));
        assertEquals(200, add(id, 5));
        var after = read(id);
        stores.lose(id);
        stores.run("DELETE FROM tags WHERE name LIKE 'tag-%' AND NOT EXISTS"
                + " (SELECT FROM products WHERE tags.name = ANY (products.tags))");
        given().get("/catalog/products/" + id).then().statusCode(404);
        replay();
        assertEquals(after, read(id));
    }

    /// The stock is moved by what a change made of it: a sale that is lost too is replayed as an order.
    @Test
    void salesBeforeAndAfterALostChangeCount() throws Exception {
        var id = Products.created("Sold", "3", "10");
        stores.keep(id);
        stores.sell(id, 2);
        assertEquals(200, put(id, Products.json("Sold", "", "3", "20")));
        stores.lose(id);
        stores.sell(id, 1);
        replay();
        given().get("/catalog/products/" + id).then().body("stock", equalTo(10 - 1 + 12));
    }

    @Test
    void whatAnAdministratorDidSinceTheFailoverStands() throws Exception {
        var id = Products.created("Kept", "3", "10");
        stores.keep(id);
        assertEquals(200, put(id, Products.json("Lost", "", "4", "20")));
        assertEquals(200, add(id, 5));
        stores.lose(id);
        assertEquals(200, put(id, Products.json("By hand", "", "5", "8")));
        replay();
        given().get("/catalog/products/" + id)
                .then()
                .body("name", equalTo("By hand"))
                .body("price", equalTo(5))
                .body("stock", equalTo(8));
        // A text alone does not replace a lost restock.
        stores.keep(id);
        assertEquals(200, add(id, 5));
        assertEquals(200, put(id, UNNAMED.formatted("Lost again", "6")));
        stores.lose(id);
        assertEquals(200, put(id, UNNAMED.formatted("By hand again", "7")));
        replay();
        given().get("/catalog/products/" + id)
                .then()
                .body("name", equalTo("By hand again"))
                .body("price", equalTo(7))
                .body("stock", equalTo(13));
    }

    @Test
    void aLostLimitBeginsAndEndsAgain() throws Exception {
        var id = Products.created("Endless", "3", "null");
        stores.keep(id);
        assertEquals(200, put(id, Products.json("Endless", "", "3", "10")));
        assertEquals(200, add(id, 5));
        stores.lose(id);
        replay();
        given().get("/catalog/products/" + id).then().body("stock", equalTo(15));
        stores.keep(id);
        assertEquals(200, add(id, 5));
        assertEquals(200, put(id, Products.json("Endless", "", "3", "null")));
        assertEquals(200, add(id, -2));
        stores.lose(id);
        replay();
        given().get("/catalog/products/" + id).then().body("stock", nullValue());
    }

    @Test
    void aRefusedChangeLeavesNoEntry() throws Exception {
        var id = Products.created("Refused", "3", "5");
        assertEquals(200, add(id, 2, "Idempotency-Key", "k"));
        assertEquals(List.of("APPLIED", "APPLIED"), stores.states(id));
        assertEquals(412, put(id, Products.json("No", "", "3", "5"), "If-Match", "\"x\""));
        assertEquals(412, add(id, 1, "If-Match", "\"x\""));
        assertEquals(409, add(id, -8));
        assertEquals(422, add(id, 3, "Idempotency-Key", "k"));
        assertEquals(200, add(id, 2, "Idempotency-Key", "k"));
        assertEquals(List.of("APPLIED", "APPLIED"), stores.states(id));
        var unknown = Http.anId("p");
        assertEquals(404, add(unknown, 1));
        assertEquals(412, put(unknown, Products.json("No", "", "3", "5"), "If-Match", "*"));
        assertEquals(List.of(), stores.states(unknown));
    }

    /// A call that fell back to another Region's replica, which had not yet received the entry, has written an open
    /// one over it.
    @Test
    void aKeyThatIsUsedForAnotherChangeDoesNotTakeItsEntryAway() throws Exception {
        var id = Products.created("Kept", "3", "5");
        stores.keep(id);
        assertEquals(200, add(id, 7, "Idempotency-Key", "delivery"));
        var decided = stores.entries(id).stream()
                .filter(entry -> entry.get("changeKey").s().startsWith("delivery~"))
                .findFirst()
                .orElseThrow();
        stores.reopen(decided, Instant.now());
        assertEquals(422, add(id, 3, "Idempotency-Key", "delivery"));
        stores.lose(id);
        replay();
        given().get("/catalog/products/" + id).then().body("stock", equalTo(12));
    }

    private Set<AttributeValue> attribute(String id, String key, String name) {
        return stores.entries(id).stream()
                .filter(entry -> entry.get("changeKey").s().equals(key))
                .map(entry -> entry.get(name))
                .collect(Collectors.toSet());
    }

    /// The process died after SQL, or before it.
    @Test
    void anOpenEntryIsClosedOrRemovedAndNeverCarriedOut() throws Exception {
        var id = Products.created("Open", "3", "5");
        assertEquals(200, add(id, 2, "Idempotency-Key", "done"));
        var done = stores.entries(id).stream()
                .filter(entry -> entry.get("changeKey").s().equals("done~eu-west-1"))
                .findFirst()
                .orElseThrow();
        var never = new HashMap<>(done);
        never.put(
                "changeKey",
                done.get("changeKey").toBuilder().s("never~eu-west-1").build());
        var elsewhere = new HashMap<>(never);
        elsewhere.put(
                "changeKey",
                done.get("changeKey").toBuilder().s("never~eu-north-1").build());
        var longAgo = Instant.now().minus(2, ChronoUnit.MINUTES).truncatedTo(ChronoUnit.MICROS);
        stores.reopen(done, longAgo);
        stores.reopen(never, longAgo);
        // The other Region may have decided it, and its replica is late.
        stores.reopen(elsewhere, longAgo);
        replay();
        assertEquals(2, Collections.frequency(stores.states(id), "APPLIED"));
        assertEquals(List.of("never~eu-north-1"), stores.open(id));
        // It has what SQL decided, as it had.
        assertEquals(Set.of(done.get("changedAt")), attribute(id, "done~eu-west-1", "changedAt"));
        given().get("/catalog/products/" + id).then().body("stock", equalTo(7));
        // One that is young belongs to a request.
        stores.reopen(never, Instant.now().truncatedTo(ChronoUnit.MICROS));
        replay();
        assertEquals(2, Collections.frequency(stores.states(id), "OPEN"));
    }

    /// Any tail of any changes, in one product.
    @Test
    void anyLostTailIsThereAgain() throws Exception {
        long seed = System.nanoTime();
        System.out.printf("lost tails seed=%d%n", seed);
        var random = new Random(seed);
        var tag = Http.anId("tag");
        for (int round = 0; round < 6; round++) {
            var id = Products.created("Round " + round, "3", "50");
            int kept = random.nextInt(8);
            for (int i = 0; i < 12; i++) {
                if (i == kept) stores.keep(id);
                int number = random.nextInt(1, 40);
                var status = switch (random.nextInt(4)) {
                    case 0 -> add(id, number);
                    case 1 -> add(id, -random.nextInt(5), "Idempotency-Key", "key-" + number);
                    case 2 -> put(id, Products.json("Name " + number, "", "" + number, "" + number, tag));
                    default -> put(id, UNNAMED.formatted("Name " + number, "" + number));
                };
                assertTrue(status == 200 || status == 409 || status == 422, () -> "seed " + seed + ": " + status);
            }
            var after = read(id);
            stores.lose(id);
            replay();
            assertEquals(after, read(id), "seed " + seed + " round " + round);
        }
    }

    @Test
    void manyProcessesAtOnceApplyEachChangeOnceWhileOthersGoOn() throws Exception {
        var id = Products.created("Raced", "3", "100");
        stores.keep(id);
        for (int i = 0; i < 20; i++) assertEquals(200, add(id, 10));
        assertEquals(200, put(id, UNNAMED.formatted("Renamed", "4")));
        stores.lose(id);
        given().get("/catalog/products/" + id).then().body("stock", equalTo(100));
        var results = Race.run(12, 24, i -> () -> i % 2 == 0 ? add(id, 1) : 1000 + replay().replayed());
        given().get("/catalog/products/" + id)
                .then()
                .body("stock", equalTo(100 + 200 + 12))
                .body("name", equalTo("Renamed"));
        System.out.printf("replays %s%n", results);
        assertEquals(12, Collections.frequency(results, 200), results.toString());
        assertTrue(
                results.stream().filter(n -> n >= 1000).mapToInt(n -> n - 1000).sum() >= 21, results.toString());
    }
}
