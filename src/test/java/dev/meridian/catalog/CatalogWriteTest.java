package dev.meridian.catalog;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.meridian.ComponentTest;
import dev.meridian.testing.Http;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// The writes of administrators: products and stock.
@QuarkusTest
@ComponentTest
class CatalogWriteTest {
    @Test
    void aPutCreatesAndThenReplaces() {
        var id = Http.anId("p");
        var old = Http.anId("old");
        var kept = Http.anId("kept");
        Products.put(id, """
                {"name":"First","description":"Line\\nand\\ttab","price":19.5,"stock":4,"unknown":{"a":[1]},
                 "imageUrl":"https://pictures.example/first.png",
                 "tags":[{"name":"%s","displayName":"Zed","more":1},{"name":"%s","displayName":"Kept"}]}""".formatted(old, kept))
                .statusCode(201)
                .header("Location", containsString("/catalog/products/" + id))
                .body("name", equalTo("First"))
                .body("description", equalTo("Line\nand\ttab"))
                .body(containsString("\"price\":19.5,"))
                .body("stock", equalTo(4))
                .body("imageUrl", equalTo("https://pictures.example/first.png"))
                .body("tags.name", contains(kept, old));
        var second = """
                {"name":"Second","description":"","price":0,"tags":[{"name":"%s","displayName":"Renamed"}]}""".formatted(kept);
        for (int i = 0; i < 2; i++) {
            Products.put(id, second)
                    .statusCode(200)
                    .header("Location", nullValue())
                    .body("name", equalTo("Second"))
                    .body("price", equalTo(0))
                    .body("stock", equalTo(4))
                    .body("imageUrl", equalTo("https://pictures.example/first.png"))
                    .body("tags", equalTo(List.of(Map.of("name", kept, "displayName", "Renamed"))));
        }
        var written = Products.put(id, second).extract().asString();
        assertEquals(written, given().get("/catalog/products/" + id).asString());
        given().get("/catalog/tags")
                .then()
                .body("find { it.name == '" + kept + "' }.displayName", equalTo("Renamed"))
                .body("name", hasItem(old));
        given().get("/catalog/products?tags=" + old).then().body("", hasSize(0));
    }

    @Test
    void theLargestProductIsTaken() {
        var tags = IntStream.range(0, 20)
                .mapToObj(i -> Http.anId("t" + i) + "x".repeat(20))
                .toArray(String[]::new);
        var id = Http.anId("p") + "x".repeat(88);
        Products.put(id, Products.json("N".repeat(200), "é".repeat(4000), "1000000000", "1000000000", tags))
                .statusCode(201)
                .body("price", equalTo(1_000_000_000))
                .body("stock", equalTo(1_000_000_000))
                .body("tags", hasSize(20));
        Products.put(id, Products.json("🐉", "\\ud83d\\udc09", "0.01", "0"))
                .statusCode(200)
                .body("stock", equalTo(0));
    }

    @Test
    void aProductThatIsNotValidIsRefusedAndNamed() {
        refused("name", Products.json("", "", "3", "null"));
        refused("name", Products.json("  ", "", "3", "null"));
        refused("name", Products.json("N".repeat(201), "", "3", "null"));
        refused("name", Products.json("a\\u0000b", "", "3", "null"));
        refused("name", Products.json("a\\nb", "", "3", "null"));
        refused("name", Products.json("a\\ud800b", "", "3", "null"));
        refused("name", Products.json("N", "", "3", "null").replace("\"N\"", "null"));
        refused("name", Products.json("N", "", "3", "null").replace("\"N\"", "[\"N\"]"));
        refused("description", Products.json("N", "d".repeat(4001), "3", "null"));
        refused("description", Products.json("N", "\\u0000", "3", "null"));
        refused("description", Products.json("N", "\\udc00", "3", "null"));
        refused("description", Products.json("N", "", "3", "null").replace("\"\"", "null"));
        for (var price : List.of(
                "-1",
                "-0.01",
                "1000000000.01",
                "1000000001",
                "0.001",
                "1e400",
                "1e-400",
                "1e999999999",
                "1e9999999999",
                "null",
                "\"NaN\"",
                "\"dear\"",
                "true",
                "[]",
                "{}")) {
            refused("price", Products.json("N", "", price, "null"));
        }
        for (var stock : List.of(
                "-1", "1.5", "1000000001", "2147483648", "99999999999999999999", "\"NaN\"", "\"many\"", "\"\"", "[]")) {
            refused("stock", Products.json("N", "", "3", stock));
        }
        for (var picture : List.of(
                "javascript:alert(1)",
                "http://x.example/a.png",
                "//x.example/a.png",
                "",
                "/a b",
                "/\\\"",
                "/\\u0000")) {
            refused(
                    "imageUrl",
                    Products.json("N", "", "3", "null")
                            .replace("{\"name\"", "{\"imageUrl\":\"" + picture + "\",\"name\""));
        }
        for (var body : List.of("", "null", "{", "[]", "\"x\"", "{}", "{\"name\":\"N\"} x", "{\"name\":NaN}")) {
            given().contentType(ContentType.JSON)
                    .body(body)
                    .put("/catalog/products/p")
                    .then()
                    .statusCode(400)
                    .contentType("application/problem+json")
                    .body("type", equalTo("urn:meridian:problem:invalid-request"));
        }
        Products.put("x".repeat(129), Products.json("N", "", "3", "null")).statusCode(400);
        given().contentType(ContentType.TEXT)
                .body(Products.json("N", "", "3", "null"))
                .put("/catalog/products/p")
                .then()
                .statusCode(415)
                .contentType("application/problem+json");
    }

    @Test
    void tagsThatAreNotValidAreRefused() {
        var many = IntStream.range(0, 21).mapToObj(i -> "t" + i).toArray(String[]::new);
        refused("tags", Products.json("N", "", "3", "null", many));
        refused("tags", Products.json("N", "", "3", "null", "twice", "twice"));
        var json = Products.json("N", "", "3", "null");
        for (var tags : List.of("null", "{}", "\"a\"", "[[]]", "[1]")) {
            assertEquals(400, status(json.replace("[]", tags)), tags);
        }
        for (var tag : List.of(
                "null",
                "{}",
                "{\"name\":\"a\"}",
                "{\"displayName\":\"A\"}",
                tag("", "A"),
                tag("a,b", "A"),
                tag("a b", "A"),
                tag("x".repeat(65), "A"),
                tag("a\\u0000", "A"),
                tag("a", " "),
                tag("a", "A".repeat(101)),
                tag("a", "\\u0000"),
                tag("a", "\\ud83d"))) {
            assertEquals(400, status(json.replace("[]", "[" + tag + "]")), tag);
        }
        assertEquals(201, status(json.replace("[]", "[" + tag("x".repeat(64), "A".repeat(100)) + "]")));
    }

    @Test
    void aStockIsAddedTo() {
        var id = Products.created("Stocked", "225", "5", Http.anId("tag"));
        Products.add(id, "{\"add\":12,\"unknown\":1}")
                .statusCode(200)
                .body("id", equalTo(id))
                .body("price", equalTo(225))
                .body("stock", equalTo(17))
                .body("tags", hasSize(1));
        Products.add(id, "{\"add\":0}").statusCode(200).body("stock", equalTo(17));
        Products.add(id, "{\"add\":-17}").statusCode(200).body("stock", equalTo(0));
        Products.add(id, "{\"add\":-1}")
                .statusCode(409)
                .contentType("application/problem+json")
                .body("type", equalTo("urn:meridian:problem:stock-out-of-bounds"));
        Products.add(id, "{\"add\":1000000000}").statusCode(200).body("stock", equalTo(1_000_000_000));
        Products.add(id, "{\"add\":1}").statusCode(409);
        Products.add(id, "{\"add\":2147483647}").statusCode(409);
        Products.add(id, "{\"add\":-2147483648}").statusCode(409);
        given().get("/catalog/products/" + id).then().body("stock", equalTo(1_000_000_000));
        Products.add(Http.anId("no"), "{\"add\":3}")
                .statusCode(404)
                .body("type", equalTo("urn:meridian:problem:unknown-product"));
    }

    @Test
    void aProductWithoutALimitStaysWithoutOne() {
        var id = Products.created("Endless", "3", "null");
        for (var add : List.of("7", "-7", "2147483647", "-2147483648")) {
            Products.add(id, "{\"add\":" + add + "}").statusCode(200).body("stock", nullValue());
        }
    }

    @Test
    void aRepeatedKeyAddsOnce() throws Exception {
        var id = Products.created("Keyed", "3", "5");
        var path = "/catalog/products/" + id + "/stock";
        for (int i = 0; i < 3; i++) {
            var answer = Http.send("PATCH", path, "{\"add\":6}", "Idempotency-Key", "key-1");
            assertEquals(200, answer.statusCode());
            assertTrue(answer.body().contains("\"stock\":11"), answer.body());
        }
        var other = Http.send("PATCH", path, "{\"add\":7}", "Idempotency-Key", "key-1");
        assertEquals(422, other.statusCode());
        assertTrue(other.body().contains("urn:meridian:problem:idempotency-key-reused"), other.body());
        assertEquals(
                200,
                Http.send("PATCH", path, "{\"add\":7}", "Idempotency-Key", "key-2")
                        .statusCode());
        assertEquals(
                400,
                Http.send("PATCH", path, "{\"add\":7}", "Idempotency-Key", "k k")
                        .statusCode());
        // A refused change is no change: its key is free, and it may be tried again when there is more.
        assertEquals(
                409,
                Http.send("PATCH", path, "{\"add\":-20}", "Idempotency-Key", "key-3")
                        .statusCode());
        assertEquals(
                200,
                Http.send("PATCH", path, "{\"add\":5}", "Idempotency-Key", "key-4")
                        .statusCode());
        assertEquals(
                200,
                Http.send("PATCH", path, "{\"add\":-20}", "Idempotency-Key", "key-3")
                        .statusCode());
        // Below zero by now, were it done again; but it was done.
        assertEquals(
                200,
                Http.send("PATCH", path, "{\"add\":-20}", "Idempotency-Key", "key-3")
                        .statusCode());
        given().get("/catalog/products/" + id).then().body("stock", equalTo(3));
    }

    @Test
    void aKeyBelongsToItsCaller() throws Exception {
        var id = Products.created("Shared", "3", "5");
        var path = "/catalog/products/" + id + "/stock";
        for (var caller : List.of("feed-a", "feed-b", "feed-a")) {
            var answer = Http.send("PATCH", path, "{\"add\":6}", "Idempotency-Key", "1", "X-Customer-Id", caller);
            assertEquals(200, answer.statusCode());
        }
        assertEquals(
                200,
                Http.send("PATCH", path, "{\"add\":7}", "Idempotency-Key", "1").statusCode());
        given().get("/catalog/products/" + id).then().body("stock", equalTo(24));
    }

    @Test
    void aChangeOfStockThatIsNotValidIsRefused() {
        var id = Products.created("Stocked", "3", "5");
        for (var body : List.of(
                "",
                "null",
                "{",
                "[]",
                "{}",
                "{\"add\":null}",
                "{\"add\":1.5}",
                "{\"add\":\"x\"}",
                "{\"add\":NaN}",
                "{\"add\":2147483648}",
                "{\"add\":-2147483649}",
                "{\"add\":1e99}",
                "{\"add\":[1]}",
                "{\"add\":1}}")) {
            given().contentType(ContentType.JSON)
                    .body(body)
                    .patch("/catalog/products/" + id + "/stock")
                    .then()
                    .statusCode(400)
                    .contentType("application/problem+json");
        }
        given().contentType(ContentType.TEXT)
                .body("{\"add\":1}")
                .patch("/catalog/products/" + id + "/stock")
                .then()
                .statusCode(415);
        given().contentType(ContentType.JSON)
                .body("{\"add\":1}")
                .patch("/catalog/products/a b/stock")
                .then()
                .statusCode(400);
        given().get("/catalog/products/" + id).then().body("stock", equalTo(5));
    }

    private static void refused(String field, String json) {
        var answer = Products.put("refused", json).extract();
        assertEquals(400, answer.statusCode(), json);
        assertTrue(
                answer.<List<String>>path("errors.field").stream().anyMatch(at -> at.startsWith(field)),
                json.lines().collect(Collectors.joining()) + answer.asString());
    }

    private static int status(String json) {
        return Products.put(Http.anId("p"), json).extract().statusCode();
    }

    private static String tag(String name, String displayName) {
        return "{\"name\":\"" + name + "\",\"displayName\":\"" + displayName + "\"}";
    }
}
