package dev.meridian.session;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.meridian.ComponentTest;
import dev.meridian.testing.Http;
import dev.meridian.testing.Race;
import dev.meridian.testing.RawHttp;
import dev.meridian.testing.TestProducts;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.path.json.JsonPath;
import java.net.http.HttpResponse;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// An idempotency key belongs to its caller, and one that is no key is refused.
@QuarkusTest
@ComponentTest
@Tag("dynamodb")
class CallerKeysTest {
    private static final String ORDER = """
            {"items":[{"productId":"%s","quantity":2}],
             "shippingAddress":{"firstName":"Nadia","lastName":"Okafor","email":"%s","address1":"12 Lantern Row",
                                "city":"Port Isle","zipCode":"04521","state":"ME"}}""";

    private static String ticket(String createdBy) {
        return """
                {"description":"The cyclops ate it all.","assigned":"","priority":"low","status":"open",
                 "createdBy":"%s"}""".formatted(createdBy);
    }

    private static String score(String player) {
        return "{\"player\":\"" + player + "\",\"country\":\"NR\",\"score\":7}";
    }

    /// The id in an answer.
    private static String id(String path, String json, String... headers) throws Exception {
        var answer = Http.send("POST", path, json, headers);
        assertTrue(answer.statusCode() / 100 == 2, answer::body);
        return JsonPath.from(answer.body()).getString("id");
    }

    @Test
    void twoCustomersWithOneKeyMakeTwoTickets() throws Exception {
        var key = Http.anId("key");
        var alice = Http.anId("alice");
        var bob = Http.anId("bob");
        var first = id("/ticket", ticket("alice"), "Idempotency-Key", key, "X-Customer-Id", alice);
        assertNotEquals(first, id("/ticket", ticket("alice"), "Idempotency-Key", key, "X-Customer-Id", bob));
        assertEquals(first, id("/ticket", ticket("alice"), "Idempotency-Key", key, "X-Customer-Id", alice));
        // Another text is refused only to the one whose key it is.
        assertEquals(
                422,
                Http.send("POST", "/ticket", ticket("al"), "Idempotency-Key", key, "X-Customer-Id", alice)
                        .statusCode());
        id("/ticket", ticket("carol"), "Idempotency-Key", key, "X-Customer-Id", Http.anId("carol"));
    }

    @Test
    void withoutACustomerTheCookieIsTheCaller() throws Exception {
        var key = Http.anId("key");
        var one = Http.aVisitor();
        var other = Http.aVisitor();
        var first = id("/ticket", ticket("guest"), "Idempotency-Key", key, "Cookie", one);
        assertEquals(first, id("/ticket", ticket("guest"), "Idempotency-Key", key, "Cookie", one));
        assertNotEquals(first, id("/ticket", ticket("guest"), "Idempotency-Key", key, "Cookie", other));
        // What is no cookie of ours is none.
        var nobody = id("/ticket", ticket("guest"), "Idempotency-Key", key, "Cookie", one + "x");
        assertEquals(nobody, id("/ticket", ticket("guest"), "Idempotency-Key", key));
        assertNotEquals(first, nobody);
    }

    @Test
    void withoutBothTheNameInTheTicketIsTheCaller() throws Exception {
        var key = Http.anId("key");
        var first = id("/ticket", ticket("dora"), "Idempotency-Key", key);
        assertEquals(first, id("/ticket", ticket("dora"), "Idempotency-Key", key));
        assertNotEquals(first, id("/ticket", ticket("emil"), "Idempotency-Key", key));
        // Who says to be dora is not the customer dora.
        assertNotEquals(first, id("/ticket", ticket("dora"), "Idempotency-Key", key, "X-Customer-Id", "dora"));
    }

    @Test
    void scoresAreOfTheirCallersToo() throws Exception {
        var key = Http.anId("key");
        var player = Http.anId("p").substring(0, 20);
        for (var path : List.of("/leaderboard", "/LATEST/builder")) {
            var own = id(path, score(player), "Idempotency-Key", key);
            assertEquals(own, id("/leaderboard", score(player), "Idempotency-Key", key));
            var game = id(path, score(player), "Idempotency-Key", key, "X-Customer-Id", "game-1");
            assertNotEquals(own, game);
            assertEquals(game, id(path, score(player), "Idempotency-Key", key, "X-Customer-Id", "game-1"));
        }
        assertEquals(
                2,
                given().get("/leaderboard?country=NR&limit=100")
                        .then()
                        .extract()
                        .<List<Object>>path("scores.findAll { it.player == '" + player + "' }")
                        .size());
    }

    /// The ids of imported scores are derived from the key, so two imports of one file are twice the scores.
    @Test
    void importsAreOfTheirCallersToo() throws Exception {
        var key = Http.anId("key");
        var player = Http.anId("p").substring(0, 20);
        var alice = Http.anId("alice");
        for (var caller : List.of(alice, alice, Http.anId("bob"))) {
            given().contentType("text/csv")
                    .header("Idempotency-Key", key)
                    .header("X-Customer-Id", caller)
                    .body("player,country,score\n" + player + ",NR,7\n")
                    .post("/leaderboard/import")
                    .then()
                    .statusCode(200)
                    .body("imported", equalTo(1));
        }
        assertEquals(
                2,
                given().get("/leaderboard?country=NR&limit=100")
                        .then()
                        .extract()
                        .<List<Object>>path("scores.findAll { it.player == '" + player + "' }")
                        .size());
    }

    @Test
    void ordersAreOfTheirCustomersAndGuests() throws Exception {
        var key = Http.anId("key");
        var order = ORDER.formatted(TestProducts.create(100, null), "guest@example.com");
        var ids = new HashSet<String>();
        for (var caller : List.of(
                new String[] {"X-Customer-Id", Http.anId("c")},
                new String[] {"X-Customer-Id", Http.anId("c")},
                new String[] {"Cookie", Http.aVisitor()},
                new String[] {"Cookie", Http.aVisitor()})) {
            var first = id("/orders", order, "Idempotency-Key", key, caller[0], caller[1]);
            assertEquals(first, id("/orders", order, "Idempotency-Key", key, caller[0], caller[1]));
            ids.add(first);
        }
        assertEquals(4, ids.size());
    }

    /// Many callers, few keys, everything twice and at once: one ticket for each caller and key.
    @Test
    void callersWithTheSameKeysDoNotMeet() throws Exception {
        long seed = System.nanoTime();
        var random = new Random(seed);
        var run = Http.anId("run");
        var calls = random.ints(200, 0, 40).boxed().toList();
        var ids = Race.run(20, calls.size(), i -> () -> {
            int pair = calls.get(i);
            return id("/ticket", ticket("racer"), "Idempotency-Key", run + pair % 5, "X-Customer-Id", run + pair / 5);
        });
        int pairs = new HashSet<>(calls).size();
        System.out.printf(
                "keys of callers seed=%d calls=%d pairs=%d tickets=%d%n",
                seed, calls.size(), pairs, new HashSet<>(ids).size());
        assertEquals(pairs, new HashSet<>(ids).size());
    }

    /// An empty header is what a script with an unset variable sends.
    @Test
    void whatIsNoKeyIsRefusedByEveryEndpointThatTakesOne() throws Exception {
        var product = TestProducts.create(100, 50);
        var mysfit = "/mysfits/4e53920c-505a-4a90-a694-b9300791f0ae";
        var before = given().get(mysfit).then().extract().<Integer>path("likes");
        for (var key : List.of("", "  ", "\"\"", "a b", "\u00e9", "k".repeat(256))) {
            refused("POST /orders", ORDER.formatted(product, "a@example.com"), key);
            refused("POST /ticket", ticket("a"), key);
            refused("POST /ticket", ticket("a").replace("{", "{\"id\":\"no-such-ticket\","), key);
            refused("POST /leaderboard", score("a"), key);
            refused("POST /LATEST/builder", score("a"), key);
            refused("POST /carts/" + Http.anId("c") + "/items", "{\"itemId\":\"" + product + "\",\"quantity\":1}", key);
            refused("PATCH /catalog/products/" + product + "/stock", "{\"add\":3}", key);
            refused("POST " + mysfit + "/like", "", key);
            refused("POST " + mysfit + "/adopt", "", key);
        }
        assertEquals(
                400,
                raw("POST /leaderboard/import", "text/csv", "player,country,score\n", ": ")
                        .status());
        var twice = raw("POST /ticket", "application/json", ticket("a"), ": one\r\nIdempotency-Key: two");
        assertEquals(400, twice.status(), twice.body());
        given().get("/catalog/products/" + product).then().body("stock", equalTo(50));
        given().get(mysfit).then().body("adopted", equalTo(false)).body("likes", equalTo(before));
    }

    private static void refused(String target, String json, String key) throws Exception {
        var answer = raw(target, "application/json", json, ": " + key);
        assertEquals(400, answer.status(), target + " with key <" + key + ">: " + answer.body());
        assertTrue(answer.body().contains("urn:meridian:problem:invalid-request"), answer.body());
        assertTrue(answer.body().contains("Idempotency-Key"), answer.body());
    }

    private static RawHttp.Answer raw(String target, String type, String body, String afterKey) throws Exception {
        return RawHttp.send(target + " HTTP/1.1\r\nHost: store\r\nConnection: close\r\nContent-Type: " + type
                + "\r\nIdempotency-Key" + afterKey + "\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
    }

    @Test
    void aCustomerThatIsNoIdIsRefusedWhereItMatters() throws Exception {
        assertEquals(
                400,
                send("Idempotency-Key", Http.anId("key"), "X-Customer-Id", "a b")
                        .statusCode());
        assertEquals(200, send("X-Customer-Id", "a b").statusCode(), "without a key nobody asks who calls");
    }

    private static HttpResponse<String> send(String... headers) throws Exception {
        return Http.send("POST", "/ticket", ticket("frida"), headers);
    }

    /// The form of a page has its key in a hidden field.
    @Test
    void aFormSentByTwoVisitorsIsTwoTickets() {
        var form = java.util.Map.of(
                "description",
                "The sphinx asks too much.",
                "priority",
                "low",
                "createdBy",
                "gus",
                "key",
                Http.anId("k"));
        var one = Http.aVisitor();
        var locations = new HashSet<String>();
        for (var visitor : List.of(one, one, Http.aVisitor())) {
            locations.add(given().accept("text/html")
                    .contentType(ContentType.URLENC)
                    .header("Cookie", visitor)
                    .redirects()
                    .follow(false)
                    .formParams(form)
                    .post("/tickets")
                    .then()
                    .statusCode(303)
                    .extract()
                    .header("Location"));
        }
        assertEquals(2, locations.size(), locations.toString());
    }
}
