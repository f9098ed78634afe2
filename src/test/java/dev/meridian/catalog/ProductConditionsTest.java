package dev.meridian.catalog;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.meridian.ComponentTest;
import dev.meridian.testing.Http;
import dev.meridian.testing.Race;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// Entity tags of the catalog: a change of a product does not undo what the administrator has not seen, and
/// a read of what the client has is 304.
@QuarkusTest
@ComponentTest
class ProductConditionsTest {
    private static String path(String id) {
        return "/catalog/products/" + id;
    }

    private static String etag(HttpResponse<String> answer) {
        return answer.headers().firstValue("ETag").orElseThrow();
    }

    private static String etag(String id) throws Exception {
        return etag(Http.send("GET", path(id), null));
    }

    private static HttpResponse<String> put(String id, String json, String... headers) throws Exception {
        return Http.send("PUT", path(id), json, headers);
    }

    private static HttpResponse<String> add(String id, int units, String... headers) throws Exception {
        return Http.send("PATCH", path(id) + "/stock", "{\"add\":" + units + "}", headers);
    }

    private static int status(String target, String... headers) throws Exception {
        return Http.send("GET", target, null, headers).statusCode();
    }

    private static void isRefused(HttpResponse<String> answer) {
        assertEquals(412, answer.statusCode(), answer.body());
        assertTrue(answer.body().contains("urn:meridian:problem:precondition-failed"), answer.body());
        assertEquals(
                "application/problem+json",
                answer.headers().firstValue("Content-Type").orElseThrow().split(";")[0]);
    }

    /// A sale between an administrator's read and write, as orders make them.
    @Test
    void aPutDoesNotUndoASale() throws Exception {
        var id = Products.created("Sold", "3", "10");
        var tag = etag(id);
        assertEquals(200, add(id, -4).statusCode());
        isRefused(put(id, Products.json("Renamed", "", "3", "10"), "If-Match", tag));
        given().get(path(id)).then().body("stock", equalTo(6)).body("name", equalTo("Sold"));
        // Without a stock it stays what sales have left.
        var json = """
                {"name":"Renamed","description":"","price":3,"tags":[]}""";
        var answer = put(id, json);
        assertEquals(200, answer.statusCode());
        assertEquals(6, JsonPath.from(answer.body()).getInt("stock"));
        assertEquals(etag(answer), etag(id));
        // An explicit null is no limit, and stays so when it is absent.
        Products.put(id, Products.json("Renamed", "", "3", "null")).body("stock", nullValue());
        Products.put(id, json).statusCode(200).body("stock", nullValue());
        Products.put(Http.anId("p"), json).statusCode(201).body("stock", nullValue());
    }

    @Test
    void anEntityTagIsOfAllThatIsRead() throws Exception {
        var tag = Http.anId("tag");
        var id = Products.created("Seen", "3", "5", tag);
        var tags = new HashSet<>(List.of(etag(id)));
        assertEquals(etag(id), etag(id));
        assertTrue(etag(id).matches("\"[0-9a-f]{32}\""), etag(id));
        tags.add(etag(put(id, Products.json("Other", "", "3", "5", tag))));
        tags.add(etag(put(id, Products.json("Other", "d", "3", "5", tag))));
        tags.add(etag(put(id, Products.json("Other", "d", "4", "5", tag))));
        tags.add(etag(put(id, Products.json("Other", "d", "4", "null", tag))));
        tags.add(etag(put(id, Products.json("Other", "d", "4", "0", tag))));
        tags.add(etag(put(id, Products.json("Other", "d", "4", "0"))));
        tags.add(etag(put(id, Products.json("Other", "d", "4", "0", tag, "a-" + tag))));
        assertEquals(8, tags.size());
        // A tag that is renamed with another product is shown with this one too.
        Products.put(Http.anId("p"), Products.json("Third", "", "3", "5", tag).replace("The ", "That "))
                .statusCode(201);
        assertTrue(tags.add(etag(id)));
        var picture = Products.json("Other", "d", "4", "0", tag)
                .replace("{\"name\":\"Other\"", "{\"imageUrl\":\"/x.png\",\"name\":\"Other\"");
        assertTrue(tags.add(etag(put(id, picture))));
        // The same state has the same tag: a hash, no counter, which a lost tail could give out twice.
        var before = etag(id);
        add(id, 3);
        assertNotEquals(before, etag(id));
        assertEquals(before, etag(add(id, -3)));
    }

    @Test
    void aPutOfWhatWasReadIsDone() throws Exception {
        var tag = Http.anId("tag");
        var id = Products.created("First", "3", "5", tag, Http.anId("a"));
        var second = put(id, Products.json("Second", "", "3", "5", tag), "If-Match", etag(id));
        assertEquals(200, second.statusCode(), second.body());
        assertEquals(etag(second), etag(id));
        var third = put(id, Products.json("Third", "", "3", "5"), "If-Match", "\"none\", " + etag(second));
        assertEquals(200, third.statusCode());
        assertEquals(
                200,
                put(id, Products.json("Fourth", "", "3", "5"), "If-Match", "*").statusCode());
        // A weak tag is not that of a state.
        isRefused(put(id, Products.json("Fifth", "", "3", "5"), "If-Match", "W/" + etag(id)));
    }

    /// What is refused leaves nothing behind, not even a renamed tag.
    @Test
    void aRefusedPutChangesNothing() throws Exception {
        var tag = Http.anId("tag");
        var id = Products.created("Kept", "3", "5", tag);
        var renamed = Products.json("Lost", "", "3", "5", tag, "new-" + tag).replace("The ", "That ");
        isRefused(put(id, renamed, "If-Match", "\"0123456789abcdef0123456789abcdef\""));
        isRefused(put(id, renamed, "If-None-Match", "*"));
        given().get(path(id)).then().body("name", equalTo("Kept")).body("tags[0].displayName", equalTo("The " + tag));
        given().get("/catalog/tags").then().body("findAll { it.name == 'new-" + tag + "' }.size()", equalTo(0));
        isRefused(put(id, renamed, "If-Match", etag(id), "If-None-Match", "*"));
        var unknown = Http.anId("p");
        isRefused(put(unknown, renamed, "If-Match", "*"));
        isRefused(put(unknown, renamed, "If-Match", etag(id)));
        assertEquals(404, status(path(unknown)));
        given().get("/catalog/tags")
                .then()
                .body("find { it.name == '" + tag + "' }.displayName", equalTo("The " + tag));
        assertEquals(201, put(unknown, renamed, "If-None-Match", "*").statusCode());
        for (var header : List.of("", "x", "\"x", "\"a\" \"b\"")) {
            assertEquals(400, put(id, renamed, "If-Match", header).statusCode(), header);
        }
    }

    /// The answer was lost: the product is as the request wants it to be.
    @Test
    void aRepeatedPutIsDone() throws Exception {
        var tag = Http.anId("tag");
        var id = Products.created("First", "3", "5", tag);
        var read = etag(id);
        var json = Products.json("Second", "", "4", "9", tag, "b-" + tag);
        var first = put(id, json, "If-Match", read);
        assertEquals(200, first.statusCode());
        var again = put(id, json, "If-Match", read);
        assertEquals(200, again.statusCode(), again.body());
        assertEquals(first.body(), again.body());
        // Not when it was sold meanwhile: the repetition would undo that.
        add(id, -1);
        isRefused(put(id, json, "If-Match", read));
        var created = Http.anId("p");
        assertEquals(201, put(created, json, "If-None-Match", "*").statusCode());
        assertEquals(200, put(created, json, "If-None-Match", "*").statusCode());
    }

    /// After a failover somebody repeats a change by hand, under another key.
    @Test
    void aRestockByHandIsNotDoneTwice() throws Exception {
        var id = Products.created("Stocked", "3", "5");
        var read = etag(id);
        var first = add(id, 7, "If-Match", read, "Idempotency-Key", "first");
        assertEquals(200, first.statusCode());
        assertEquals(etag(first), etag(id));
        isRefused(add(id, 7, "If-Match", read, "Idempotency-Key", "by-hand"));
        isRefused(add(id, 7, "If-Match", read));
        // The same key was done, whatever happened since.
        assertEquals(
                200, add(id, 7, "If-Match", read, "Idempotency-Key", "first").statusCode());
        assertEquals(
                422, add(id, 8, "If-Match", read, "Idempotency-Key", "first").statusCode());
        given().get(path(id)).then().body("stock", equalTo(12));
        assertEquals(409, add(id, -13, "If-Match", etag(id)).statusCode());
        assertEquals(404, add(Http.anId("no"), 1, "If-Match", "*").statusCode());
        assertEquals(400, add(id, 1, "If-Match", "x").statusCode());
        isRefused(add(id, 1, "If-None-Match", "*"));
        assertEquals(200, add(id, 1, "If-Match", "*").statusCode());
    }

    @Test
    void whatTheClientHasIsNotSentAgain() throws Exception {
        var tag = Http.anId("tag");
        var id = Products.created("Cached", "3", "5", tag);
        var targets = List.of(
                path(id),
                "/catalogue/product/" + id,
                "/catalog/products?tags=" + tag,
                "/catalogue?tags=" + tag,
                "/catalog/search?keyword=" + id.substring(2),
                "/catalog/size?tags=" + tag,
                "/catalogue/size?tags=" + tag,
                "/catalog/tags",
                "/catalogue/tags");
        var tags = new ArrayList<String>();
        for (var target : targets) {
            var full = Http.send("GET", target, null);
            assertEquals(200, full.statusCode(), target);
            tags.add(etag(full));
            for (var known : List.of(etag(full), "W/" + etag(full), "\"x\", " + etag(full), "*")) {
                var unchanged = Http.send("GET", target, null, "If-None-Match", known);
                assertEquals(304, unchanged.statusCode(), target);
                assertEquals("", unchanged.body());
                assertEquals(etag(full), etag(unchanged));
                assertEquals(
                        "eu-west-1", unchanged.headers().firstValue("X-Region").orElseThrow());
            }
            // What cannot be read matches nothing.
            for (var known : List.of("\"x\"", "x", ""))
                assertEquals(200, status(target, "If-None-Match", known), target);
        }
        assertEquals(404, status(path(Http.anId("no")), "If-None-Match", "*"));
        Products.put(id, Products.json("Cached", "more", "3", "5", tag, Http.anId("zz")))
                .statusCode(200);
        for (int i = 0; i < 4; i++) {
            assertEquals(200, status(targets.get(i), "If-None-Match", tags.get(i)), targets.get(i));
        }
        assertEquals(304, status("/catalog/size?tags=" + tag, "If-None-Match", tags.get(5)));
        assertEquals(200, status("/catalog/tags", "If-None-Match", tags.get(7)));
    }

    @Test
    void browsersMaySendAndReadTheHeaders() {
        given().header("Origin", "https://shop.example.com")
                .header("Access-Control-Request-Method", "PUT")
                .header("Access-Control-Request-Headers", "content-type,if-match,if-none-match")
                .options("/catalog/products/x")
                .then()
                .statusCode(200)
                .header("Access-Control-Allow-Headers", containsString("If-Match"));
        given().header("Origin", "https://shop.example.com")
                .get("/catalog/size")
                .then()
                .header("Access-Control-Expose-Headers", containsString("ETag"));
    }

    /// Administrators and sales at once: each change is one of what was read, so none undoes another.
    @Test
    void concurrentChangesOfWhatWasReadLoseNothing() throws Exception {
        long seed = System.nanoTime();
        var id = Products.created("Raced", "3", "1000");
        var random = new Random(seed);
        var changes = random.ints(120, 0, 3).boxed().toList();
        var sold = new AtomicInteger();
        var moved = new AtomicInteger();
        var statuses = Race.run(12, changes.size(), i -> () -> {
            if (changes.get(i) == 0) {
                sold.incrementAndGet();
                return add(id, -1).statusCode();
            }
            // An administrator takes ten units away by hand: reads, and writes what was read less ten.
            var read = Http.send("GET", path(id), null);
            int stock = JsonPath.from(read.body()).getInt("stock") - 10;
            int status = put(id, Products.json("Raced", "by " + i, "3", "" + stock), "If-Match", etag(read))
                    .statusCode();
            if (status == 200) moved.incrementAndGet();
            return status;
        });
        System.out.printf(
                "changes seed=%d sold=%d put=%d refused=%d%n",
                seed, sold.get(), moved.get(), Collections.frequency(statuses, 412));
        assertTrue(moved.get() > 0 && statuses.stream().allMatch(s -> s == 200 || s == 412), statuses.toString());
        given().get(path(id)).then().body("stock", equalTo(1000 - sold.get() - 10 * moved.get()));
    }

    /// Of those who read the same state one changes it; a request that is sent twice at once is done once,
    /// and told so.
    @Test
    void ofManyWhoReadTheSameOneChangesIt() throws Exception {
        var id = Products.created("Read", "3", "50");
        for (int round = 0; round < 5; round++) {
            var read = etag(id);
            int now = round;
            var statuses = Race.run(
                    10,
                    10,
                    i -> () -> put(id, Products.json("By " + i / 2 + " " + now, "", "3", "50"), "If-Match", read)
                            .statusCode());
            assertEquals(2, Collections.frequency(statuses, 200), statuses.toString());
            assertEquals(8, Collections.frequency(statuses, 412), statuses.toString());
            var before = etag(id);
            var restocks = Race.run(
                    10,
                    10,
                    i -> () -> add(id, 1, "If-Match", before, "Idempotency-Key", "k" + i / 2 + now)
                            .statusCode());
            assertEquals(2, Collections.frequency(restocks, 200), restocks.toString());
            given().get(path(id)).then().body("stock", equalTo(51));
            add(id, -1);
        }
    }
}
