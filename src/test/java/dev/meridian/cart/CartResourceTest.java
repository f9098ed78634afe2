package dev.meridian.cart;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.aMapWithSize;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.emptyString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.meridian.ComponentTest;
import dev.meridian.testing.Http;
import dev.meridian.testing.Race;
import dev.meridian.testing.TestProducts;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.path.json.JsonPath;
import io.restassured.response.ValidatableResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
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
class CartResourceTest {
    private static final int QUANTITY_MAX = 1_000;

    private final String cart = Http.anId("c");

    private static String line(String productId, Object quantity) {
        return "{\"itemId\":\"%s\",\"quantity\":%s,\"unitPrice\":1}".formatted(productId, quantity);
    }

    private static ValidatableResponse add(String cart, String productId, Object quantity, String... headers) {
        var request = given().contentType(ContentType.JSON).body(line(productId, quantity));
        for (int i = 0; i < headers.length; i += 2) request.header(headers[i], headers[i + 1]);
        return request.post("/carts/" + cart + "/items").then();
    }

    private static ValidatableResponse problem(ValidatableResponse answer, int status, String type) {
        return answer.statusCode(status)
                .contentType("application/problem+json")
                .body("type", equalTo("urn:meridian:problem:" + type))
                .body("status", equalTo(status))
                .body("code", equalTo(status))
                .body("message", notNullValue())
                .body("traceId", matchesPattern("(?!0{32})[0-9a-f]{32}"));
    }

    private static int quantity(String cart, String productId) {
        var answer = given().get("/carts/" + cart + "/items/" + productId);
        return answer.statusCode() == 404 ? 0 : answer.path("quantity");
    }

    @Test
    void aCartThatNobodyFilledIsEmptyNotNull() {
        given().get("/carts/" + cart)
                .then()
                .statusCode(200)
                .contentType(ContentType.JSON)
                .header("X-Region", "eu-west-1")
                .body("$", aMapWithSize(2))
                .body("customerId", equalTo(cart))
                .body("items", hasSize(0));
        given().contentType(ContentType.JSON)
                .get("/carts/" + cart)
                .then()
                .statusCode(200)
                .body("items", hasSize(0));
        given().get("/carts/" + cart + "/items").then().statusCode(200).body("$", hasSize(0));
        given().contentType(ContentType.JSON)
                .get("/carts/" + cart + "/items")
                .then()
                .statusCode(200)
                .body("$", hasSize(0));
    }

    @Test
    void addsAddUpAtTheCatalogsPrice() {
        var whole = TestProducts.create(22_500);
        var broken = TestProducts.create(1_950);
        add(cart, whole, 3)
                .statusCode(201)
                .contentType(ContentType.JSON)
                .body("$", aMapWithSize(3))
                .body("itemId", equalTo(whole))
                .body("quantity", equalTo(3))
                .body("unitPrice", equalTo(225));
        given().contentType(ContentType.JSON)
                .body("{\"itemId\":\"" + whole + "\",\"quantity\":4,\"colour\":{\"red\":[1]},\"unitPrice\":\"cheap\"}")
                .post("/carts/" + cart + "/items")
                .then()
                .statusCode(201)
                .body("quantity", equalTo(7))
                .body("unitPrice", equalTo(225));
        add(cart, broken, 2).statusCode(201).body("unitPrice", equalTo(19.5f));
        given().get("/carts/" + cart)
                .then()
                .body("items", hasSize(2))
                .body("items.find { it.itemId == '" + whole + "' }.quantity", equalTo(7))
                .body("items.find { it.itemId == '" + broken + "' }.unitPrice", equalTo(19.5f));
        given().contentType(ContentType.JSON)
                .get("/carts/" + cart + "/items/" + whole)
                .then()
                .statusCode(200)
                .body("$", aMapWithSize(3))
                .body("itemId", equalTo(whole))
                .body("quantity", equalTo(7))
                .body("unitPrice", equalTo(225));
    }

    @Test
    void aCartHasThePricesOfToday() {
        var product = TestProducts.create(1_000);
        add(cart, product, 3).statusCode(201).body("unitPrice", equalTo(10));
        given().contentType(ContentType.JSON)
                .body("{\"name\":\"Repriced\",\"description\":\"\",\"price\":12,\"tags\":[],\"stock\":null}")
                .put("/catalog/products/" + product)
                .then()
                .statusCode(200);
        given().get("/carts/" + cart).then().body("items[0].unitPrice", equalTo(12));
        given().get("/carts/" + cart + "/items").then().body("[0].unitPrice", equalTo(12));
        given().get("/carts/" + cart + "/items/" + product).then().body("unitPrice", equalTo(12));
    }

    @Test
    void aPatchSetsALine() {
        var product = TestProducts.create(500);
        add(cart, product, 3);
        for (int i = 0; i < 2; i++) {
            given().contentType(ContentType.JSON)
                    .body(line(product, 5))
                    .patch("/carts/" + cart + "/items")
                    .then()
                    .statusCode(202)
                    .body("itemId", equalTo(product))
                    .body("quantity", equalTo(5))
                    .body("unitPrice", equalTo(5));
            assertEquals(5, quantity(cart, product));
        }
    }

    @Test
    void aPutSetsALineAndBeginsIt() {
        var product = TestProducts.create(500);
        for (int quantity : new int[] {9, 9, 4}) {
            given().contentType(ContentType.JSON)
                    .body("{\"quantity\":%d,\"unitPrice\":1}".formatted(quantity))
                    .put("/carts/" + cart + "/items/" + product)
                    .then()
                    .statusCode(200)
                    .body("itemId", equalTo(product))
                    .body("quantity", equalTo(quantity))
                    .body("unitPrice", equalTo(5));
            assertEquals(quantity, quantity(cart, product));
        }
        add(cart, product, 3).body("quantity", equalTo(7));
    }

    @Test
    void aRemovedLineIsGoneAndMayBeRemovedAgain() {
        var product = TestProducts.create(500);
        var other = TestProducts.create(500);
        add(cart, product, 3);
        add(cart, other, 2);
        given().delete("/carts/" + cart + "/items/" + product)
                .then()
                .statusCode(202)
                .body(emptyString());
        problem(given().get("/carts/" + cart + "/items/" + product).then(), 404, "not-in-cart");
        given().contentType(ContentType.JSON)
                .delete("/carts/" + cart + "/items/" + product)
                .then()
                .statusCode(202);
        given().delete("/carts/" + cart + "/items/no-such-product").then().statusCode(202);
        assertEquals(2, quantity(cart, other));
    }

    /// The lines of a visitor, who is known by a cookie alone, end before those of others. Each edit renews
    /// them, a removal too: what it removed elsewhere must not outlive it.
    @Test
    void linesEndAfterTheirLastEdit() {
        var product = TestProducts.create(500);
        var cookie = Http.aVisitor();
        for (var kept : Map.of(cart, 730, cookie.split("[.]")[1], 90).entrySet()) {
            var path = "/carts/" + kept.getKey() + "/items/" + product;
            given().header("Cookie", cookie)
                    .contentType(ContentType.JSON)
                    .body("{\"itemId\":\"" + product + "\",\"quantity\":1}")
                    .post("/carts/" + kept.getKey() + "/items")
                    .then()
                    .statusCode(201);
            assertEnds(kept.getKey(), product, Duration.ofDays(kept.getValue()));
            given().header("Cookie", cookie).delete(path).then().statusCode(202);
            assertEnds(kept.getKey(), product, Duration.ofDays(kept.getValue() + 7));
            given().header("Cookie", cookie)
                    .delete("/carts/" + kept.getKey())
                    .then()
                    .statusCode(202);
            assertEnds(kept.getKey(), Cart.ALL, Duration.ofDays(kept.getValue() + 7));
        }
    }

    private static void assertEnds(String cart, String productId, Duration kept) {
        var end = Long.parseLong(StoredItem.of(cart, productId).get("expiresAt").n());
        assertTrue(Math.abs(end - Instant.now().plus(kept).getEpochSecond()) < 600, () -> "ends at " + end);
    }

    /// DynamoDB deletes an item up to days after its end, and in any order.
    @Test
    void whatHasEndedIsGone() {
        var product = TestProducts.create(500);
        add(cart, product, 3);
        var item = new HashMap<>(StoredItem.of(cart, product));
        item.put("expiresAt", AttributeValue.fromN("1700000000"));
        StoredItem.put(item);
        assertEquals(0, quantity(cart, product));
        add(cart, product, 2).statusCode(201).body("quantity", equalTo(2));
        assertEnds(cart, product, Duration.ofDays(730));
    }

    @Test
    void aCartTakesAsManyProductsAsAnOrder() {
        var products = TestProducts.createMany(101);
        for (int i = 0; i < 100; i++) add(cart, products[i], 1).statusCode(201);
        problem(add(cart, products[100], 1), 409, "cart-full").body("detail", containsString("100"));
        problem(
                given().contentType(ContentType.JSON)
                        .body("{\"quantity\":1}")
                        .put("/carts/" + cart + "/items/" + products[100])
                        .then(),
                409,
                "cart-full");
        add(cart, products[0], 1).statusCode(201).body("quantity", equalTo(2));
        var session = Http.anId("s");
        add(session, products[100], 1).statusCode(201);
        add(session, products[1], 1).statusCode(201);
        problem(given().post("/carts/" + cart + "/merge?sessionId=" + session).then(), 409, "quantity-too-large")
                .body("detail", allOf(containsString(products[100]), not(containsString(products[1]))));
        assertEquals(2, quantity(cart, products[1]));
        assertEquals(1, quantity(session, products[100]));
        given().delete("/carts/" + cart + "/items/" + products[0]).then().statusCode(202);
        add(cart, products[100], 1).statusCode(201);
    }

    @Test
    void aClearedCartIsEmptyHoweverManyLinesItHad() {
        for (var product : TestProducts.createMany(60)) add(cart, product, 2).statusCode(201);
        given().get("/carts/" + cart).then().body("items", hasSize(60));
        given().contentType(ContentType.JSON)
                .delete("/carts/" + cart)
                .then()
                .statusCode(202)
                .body("$", aMapWithSize(2))
                .body("customerId", equalTo(cart))
                .body("items", hasSize(0));
        given().get("/carts/" + cart).then().body("items", hasSize(0));
        given().delete("/carts/" + cart).then().statusCode(202).body("items", hasSize(0));
    }

    @Test
    void linesComeInAStableOrderPageByPage() {
        var products = TestProducts.createMany(5);
        for (int i : new int[] {3, 0, 4, 1, 2}) add(cart, products[i], i + 1);
        var expected = Arrays.asList(products);
        assertEquals(expected, given().get("/carts/" + cart).path("items.itemId"));
        for (var path : List.of("/carts/" + cart, "/carts/" + cart + "/items")) {
            var seen = new ArrayList<String>();
            var next = path + "?limit=2";
            var pages = 0;
            while (next != null) {
                var answer = given().urlEncodingEnabled(false).get(next);
                assertEquals(200, answer.statusCode());
                seen.addAll(answer.path(path.endsWith("items") ? "itemId" : "items.itemId"));
                var link = answer.header("Link");
                if (link != null) assertTrue(link.endsWith(">; rel=\"next\""), link);
                next = link == null ? null : link.substring(1, link.indexOf('>'));
                pages++;
            }
            assertEquals(expected, seen);
            assertEquals(3, pages);
        }
        given().get("/carts/" + cart).then().header("Link", nullValue());
        given().get("/carts/" + cart + "?limit=500").then().statusCode(200);
        for (var query : List.of(
                "limit=0",
                "limit=-1",
                "limit=501",
                "limit=x",
                "limit=1.5",
                "cursor=abc",
                "cursor=!!",
                "limit=99999999999")) {
            problem(given().get("/carts/" + cart + "?" + query).then(), 400, "invalid-request");
            problem(given().get("/carts/" + cart + "/items?" + query).then(), 400, "invalid-request");
        }
    }

    @Test
    void anUnknownProductIs404() {
        problem(add(cart, "no-such-product", 1), 404, "unknown-product");
        problem(
                given().contentType(ContentType.JSON)
                        .body(line("no-such-product", 1))
                        .patch("/carts/" + cart + "/items")
                        .then(),
                404,
                "unknown-product");
        problem(
                given().contentType(ContentType.JSON)
                        .body("{\"quantity\":1}")
                        .put("/carts/" + cart + "/items/no-such-product")
                        .then(),
                404,
                "unknown-product");
        given().get("/carts/" + cart).then().body("items", hasSize(0));
    }

    @Test
    void quantitiesOutOfBoundsAre400() {
        var product = TestProducts.create(500);
        for (var wrong : List.of(
                "0",
                "-1",
                "1001",
                "2147483648",
                "-9223372036854775809",
                "1e99",
                "1.5",
                "1.0",
                "null",
                "\"three\"",
                "\"NaN\"",
                "\"\"",
                "true",
                "[1]",
                "{}")) {
            problem(add(cart, product, wrong), 400, "invalid-request").body("errors.field", hasItem("quantity"));
            problem(
                            given().contentType(ContentType.JSON)
                                    .body(line(product, wrong))
                                    .patch("/carts/" + cart + "/items")
                                    .then(),
                            400,
                            "invalid-request")
                    .body("errors.field", hasItem("quantity"));
            problem(
                            given().contentType(ContentType.JSON)
                                    .body("{\"quantity\":" + wrong + "}")
                                    .put("/carts/" + cart + "/items/" + product)
                                    .then(),
                            400,
                            "invalid-request")
                    .body("errors.field", hasItem("quantity"));
        }
        given().get("/carts/" + cart).then().body("items", hasSize(0));
    }

    @Test
    void aSumOutOfBoundsIs400AndChangesNothing() {
        var product = TestProducts.create(500);
        add(cart, product, QUANTITY_MAX - 1).statusCode(201);
        problem(add(cart, product, 2), 400, "invalid-request").body("errors.field", hasItem("quantity"));
        problem(add(cart, product, 2, "Idempotency-Key", "k"), 400, "invalid-request");
        assertEquals(QUANTITY_MAX - 1, quantity(cart, product));
        add(cart, product, 1).statusCode(201).body("quantity", equalTo(QUANTITY_MAX));
        problem(add(cart, product, 1), 400, "invalid-request");
        problem(add(cart, product, QUANTITY_MAX), 400, "invalid-request");
        assertEquals(QUANTITY_MAX, quantity(cart, product));
    }

    @Test
    void aBodyThatIsNoLineIs400() {
        for (var body : List.of(
                "{",
                "",
                "null",
                "[]",
                "7",
                "\"x\"",
                "{}",
                "{\"quantity\":1}",
                "{\"itemId\":null,\"quantity\":1}",
                "{\"itemId\":\"\",\"quantity\":1}",
                "{\"itemId\":\"a b\",\"quantity\":1}",
                "{\"itemId\":\"\\u0000\",\"quantity\":1}",
                "{\"itemId\":\"\\ud800\",\"quantity\":1}",
                "{\"itemId\":\"" + "x".repeat(129) + "\",\"quantity\":1}",
                "{\"itemId\":[],\"quantity\":1}",
                "{\"itemId\":\"x\",\"quantity\":1}}")) {
            problem(
                    given().contentType(ContentType.JSON)
                            .body(body)
                            .post("/carts/" + cart + "/items")
                            .then(),
                    400,
                    "invalid-request");
            problem(
                    given().contentType(ContentType.JSON)
                            .body(body)
                            .patch("/carts/" + cart + "/items")
                            .then(),
                    400,
                    "invalid-request");
        }
        problem(
                given().contentType(ContentType.JSON)
                        .body("null")
                        .put("/carts/" + cart + "/items/x")
                        .then(),
                400,
                "invalid-request");
    }

    @Test
    void otherContentTypesMethodsAndPathsAreRefused() {
        problem(
                given().contentType(ContentType.TEXT)
                        .body(line("x", 1))
                        .post("/carts/" + cart + "/items")
                        .then(),
                415,
                "unsupported-media-type");
        problem(
                given().contentType(ContentType.XML)
                        .body("<a/>")
                        .patch("/carts/" + cart + "/items")
                        .then(),
                415,
                "unsupported-media-type");
        problem(given().accept("text/csv").get("/carts/" + cart).then(), 406, "not-acceptable");
        problem(given().post("/carts/" + cart).then(), 405, "method-not-allowed");
        problem(given().delete("/carts/" + cart + "/items").then(), 405, "method-not-allowed");
        problem(given().get("/carts/" + cart + "/nothing").then(), 404, "not-found");
        for (var id : List.of("a%20b", "%00", "%C3%A9", "x".repeat(129))) {
            problem(given().urlEncodingEnabled(false).get("/carts/" + id).then(), 400, "invalid-request");
            problem(
                    given().urlEncodingEnabled(false)
                            .get("/carts/c/items/" + id)
                            .then(),
                    400,
                    "invalid-request");
            problem(
                    given().urlEncodingEnabled(false)
                            .delete("/carts/c/items/" + id)
                            .then(),
                    400,
                    "invalid-request");
        }
        given().get("/carts/" + "x".repeat(128)).then().statusCode(200);
        given().get("/carts/A-z.0_9:@").then().statusCode(200).body("customerId", equalTo("A-z.0_9:@"));
    }

    @Test
    void aRepeatedKeyAddsOnce() {
        var product = TestProducts.create(500);
        var key = Http.anId("key");
        add(cart, product, 2).statusCode(201);
        for (int i = 0; i < 3; i++) {
            add(cart, product, 3, "Idempotency-Key", key).statusCode(201).body("quantity", equalTo(5));
        }
        add(cart, product, 3, "Idempotency-Key", "\"" + key + "\"")
                .statusCode(201)
                .body("quantity", equalTo(5));
        problem(add(cart, product, 4, "Idempotency-Key", key), 422, "idempotency-key-reused");
        add(cart, product, 1, "Idempotency-Key", Http.anId("key")).body("quantity", equalTo(6));
        add(cart, product, 3, "Idempotency-Key", key).statusCode(201).body("quantity", equalTo(6));
        add(Http.anId("c"), product, 3, "Idempotency-Key", key).body("quantity", equalTo(3));
        for (var wrong : List.of("a b", "x".repeat(256))) {
            problem(add(cart, product, 3, "Idempotency-Key", wrong), 400, "invalid-request");
        }
        add(cart, product, 1, "Idempotency-Key", "x".repeat(255)).statusCode(201);
        assertEquals(7, quantity(cart, product));
    }

    @Test
    void aLineRemembersItsLastTwoHundredKeys() throws Exception {
        var product = TestProducts.create(500);
        for (int i = 0; i < 330; i++) {
            assertEquals(2 * i + 2, addWithKey(product, "key-" + i));
        }
        // A hundred are edits, and a hundred are remembered besides.
        var repeated = Race.run(10, 200, i -> () -> addWithKey(product, "key-" + (329 - i)));
        assertEquals(Set.of(660), Set.copyOf(repeated));
    }

    private int addWithKey(String product, String key) throws Exception {
        var answer = Http.send("POST", "/carts/" + cart + "/items", line(product, 2), "Idempotency-Key", key);
        assertEquals(201, answer.statusCode(), answer.body());
        return JsonPath.from(answer.body()).getInt("quantity");
    }

    /// The item of another Region, as replication brings it.
    @Test
    void whatAnotherRegionAddedCountsToo() {
        var product = TestProducts.create(500);
        add(cart, product, 2);
        var other = new HashMap<>(StoredItem.of(cart, product));
        other.put("productRegion", AttributeValue.fromS(product + "#us-east-1"));
        other.put("line", AttributeValue.fromS("E 1700000000000000 3 0THERKEY00001"));
        StoredItem.put(other);
        assertEquals(5, quantity(cart, product));
        add(cart, product, 4).statusCode(201).body("quantity", equalTo(9));
        problem(add(cart, product, QUANTITY_MAX - 8), 400, "invalid-request");
        given().delete("/carts/" + cart).then().statusCode(202);
        assertEquals(0, quantity(cart, product));
        // It comes again, with an edit from before the cart was emptied, and one of a clock that is a day ahead.
        long tomorrow = Instant.now().plus(Duration.ofDays(1)).toEpochMilli() * 1000;
        other.put("line", AttributeValue.fromS("""
                E 1700000000000000 3 0THERKEY00001
                E 1700000000000001 5 0THERKEY00002
                E %d 7 0THERKEY00003""".formatted(tomorrow)));
        StoredItem.put(other);
        assertEquals(7, quantity(cart, product));
        add(cart, product, 1).statusCode(201).body("quantity", equalTo(8));
        given().contentType(ContentType.JSON)
                .body("{\"quantity\":4}")
                .put("/carts/" + cart + "/items/" + product)
                .then()
                .statusCode(200)
                .body("quantity", equalTo(4));
        given().delete("/carts/" + cart).then().statusCode(202);
        given().get("/carts/" + cart).then().body("items", hasSize(0));
    }

    /// The retry comes late: it must not bring the line back.
    @Test
    void aRepeatedKeyDoesNotBringARemovedLineBack() {
        var product = TestProducts.create(500);
        var key = Http.anId("key");
        add(cart, product, 3, "Idempotency-Key", key).statusCode(201);
        given().delete("/carts/" + cart + "/items/" + product).then().statusCode(202);
        add(cart, product, 3, "Idempotency-Key", key).statusCode(201).body("quantity", equalTo(3));
        assertEquals(0, quantity(cart, product));
    }

    @Test
    void aMergeMovesEveryLineOnce() {
        var both = TestProducts.create(500);
        var onlySession = TestProducts.create(1_950);
        var onlyCustomer = TestProducts.create(700);
        for (var method : List.of("POST", "GET")) {
            var customer = Http.anId("c");
            var session = Http.anId("s");
            add(session, both, 3);
            add(session, onlySession, 2);
            add(customer, both, 4);
            add(customer, onlyCustomer, 1);
            for (int i = 0; i < 2; i++) {
                given().contentType(ContentType.JSON)
                        .request(method, "/carts/" + customer + "/merge?sessionId=" + session)
                        .then()
                        .statusCode(202)
                        .body(emptyString());
                assertEquals(7, quantity(customer, both));
                assertEquals(2, quantity(customer, onlySession));
                assertEquals(1, quantity(customer, onlyCustomer));
                given().get("/carts/" + customer)
                        .then()
                        .body("items", hasSize(3))
                        .body("items.find { it.itemId == '" + onlySession + "' }.unitPrice", equalTo(19.5f));
                given().get("/carts/" + session).then().body("items", hasSize(0));
            }
        }
    }

    @Test
    void aMergeOfManyLinesMovesThemAll() {
        var session = Http.anId("s");
        var products = TestProducts.createMany(40);
        for (var product : products) add(session, product, 2);
        given().post("/carts/" + cart + "/merge?sessionId=" + session).then().statusCode(202);
        assertEquals(Arrays.asList(products), given().get("/carts/" + cart).path("items.itemId"));
        given().get("/carts/" + session).then().body("items", hasSize(0));
    }

    @Test
    void aMergeWithNothingToMoveChangesNothing() {
        var product = TestProducts.create(500);
        add(cart, product, 3);
        given().post("/carts/" + cart + "/merge?sessionId=" + Http.anId("s"))
                .then()
                .statusCode(202);
        given().post("/carts/" + cart + "/merge?sessionId=" + cart).then().statusCode(202);
        given().get("/carts/" + cart + "/merge?sessionId=" + cart).then().statusCode(202);
        assertEquals(3, quantity(cart, product));
    }

    @Test
    void aMergeNeedsASession() {
        for (var query : List.of("", "?sessionId=", "?sessionId=a%20b", "?session=x")) {
            for (var method : List.of("POST", "GET")) {
                problem(
                                given().urlEncodingEnabled(false)
                                        .request(method, "/carts/" + cart + "/merge" + query)
                                        .then(),
                                400,
                                "invalid-request")
                        .body("errors.field", hasItem("sessionId"));
            }
        }
    }

    @Test
    void aMergeLeavesTheLineThatWouldBeTooLarge() {
        var large = TestProducts.create(500);
        var small = TestProducts.create(500);
        var session = Http.anId("s");
        add(cart, large, QUANTITY_MAX - 2);
        add(session, large, 3);
        add(session, small, 4);
        for (int i = 0; i < 2; i++) {
            problem(
                            given().post("/carts/" + cart + "/merge?sessionId=" + session)
                                    .then(),
                            409,
                            "quantity-too-large")
                    .body("detail", allOf(containsString(large), not(containsString(small))));
            assertEquals(QUANTITY_MAX - 2, quantity(cart, large));
            assertEquals(3, quantity(session, large));
            assertEquals(4, quantity(cart, small));
            assertEquals(0, quantity(session, small));
        }
        given().contentType(ContentType.JSON)
                .body("{\"quantity\":2}")
                .put("/carts/" + session + "/items/" + large)
                .then()
                .statusCode(200);
        given().post("/carts/" + cart + "/merge?sessionId=" + session).then().statusCode(202);
        assertEquals(QUANTITY_MAX, quantity(cart, large));
        assertEquals(0, quantity(session, large));
    }

    @Test
    void problemsNameTheirField() {
        problem(add(cart, "x", 0), 400, "invalid-request").body("detail", startsWith("quantity: "));
    }
}
