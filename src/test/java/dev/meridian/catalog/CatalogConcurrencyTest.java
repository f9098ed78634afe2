package dev.meridian.catalog;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.meridian.ComponentTest;
import dev.meridian.testing.Http;
import dev.meridian.testing.Race;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

@QuarkusTest
@ComponentTest
class CatalogConcurrencyTest {
    private static final int OK = 200;

    @Test
    void twoHundredConcurrentRestocksAreTwoHundredUnits() throws Exception {
        var id = Products.created("Raced", "3", "5");
        var statuses = Race.run(
                40,
                200,
                _ -> () -> Http.send("PATCH", "/catalog/products/" + id + "/stock", "{\"add\":1}")
                        .statusCode());
        System.out.printf("restocks sent=%d ok=%d%n", statuses.size(), Collections.frequency(statuses, OK));
        assertEquals(200, Collections.frequency(statuses, OK));
        given().get("/catalog/products/" + id).then().body("stock", equalTo(205));
    }

    @Test
    void concurrentTakersNeverBringTheStockBelowZero() throws Exception {
        var id = Products.created("Scarce", "3", "30");
        var statuses = Race.run(
                40,
                100,
                _ -> () -> Http.send("PATCH", "/catalog/products/" + id + "/stock", "{\"add\":-1}")
                        .statusCode());
        assertEquals(30, Collections.frequency(statuses, OK));
        assertEquals(70, Collections.frequency(statuses, 409));
        given().get("/catalog/products/" + id).then().body("stock", equalTo(0));
    }

    @Test
    void oneKeyAddsOnceHoweverOftenItIsSentAtOnce() throws Exception {
        var id = Products.created("Keyed", "3", "10");
        var statuses = Race.run(
                20,
                60,
                _ -> () -> Http.send(
                                "PATCH", "/catalog/products/" + id + "/stock", "{\"add\":7}", "Idempotency-Key", "once")
                        .statusCode());
        assertEquals(60, Collections.frequency(statuses, OK), statuses.toString());
        given().get("/catalog/products/" + id).then().body("stock", equalTo(17));
    }

    @Test
    void concurrentPutsOfOneProductEndAsOneOfThem() throws Exception {
        var id = Http.anId("contended");
        var tags = IntStream.range(0, 6).mapToObj(i -> Http.anId("t" + i)).toList();
        var statuses = Race.run(
                30,
                120,
                i -> () -> Http.send(
                                "PUT",
                                "/catalog/products/" + id,
                                Products.json(
                                        "Version " + i, "", "" + i, "" + i, tags.get(i % 6), tags.get((i + 1) % 6)))
                        .statusCode());
        assertEquals(1, Collections.frequency(statuses, 201), statuses.toString());
        assertEquals(119, Collections.frequency(statuses, OK), statuses.toString());
        var end =
                JsonPath.from(Http.send("GET", "/catalog/products/" + id, null).body());
        int last = end.getInt("stock");
        assertEquals("Version " + last, end.getString("name"));
        assertEquals(last, end.getInt("price"));
        assertEquals(
                List.of(tags.get(last % 6), tags.get((last + 1) % 6)).stream()
                        .sorted()
                        .toList(),
                end.<String>getList("tags.name").stream().sorted().toList());
    }

    @Test
    void concurrentPutsThatNameTheSameTagsNeitherDeadlockNorLoseOne() throws Exception {
        long seed = System.nanoTime();
        System.out.printf("puts with shared tags seed=%d%n", seed);
        var random = new Random(seed);
        var tags = IntStream.range(0, 12).mapToObj(i -> Http.anId("shared" + i)).toList();
        var ids = IntStream.range(0, 150).mapToObj(_ -> Http.anId("many")).toList();
        var bodies = ids.stream()
                .map(_ -> {
                    var mine = new ArrayList<>(tags);
                    Collections.shuffle(mine, random);
                    // Every writer renames every tag, so that all of them want to lock all of them.
                    return Products.json("Many", "", "3", "null", mine.toArray(String[]::new))
                            .replace("The ", "The " + random.nextInt(3) + " ");
                })
                .toList();
        var statuses = Race.run(
                40,
                ids.size(),
                i -> () -> Http.send("PUT", "/catalog/products/" + ids.get(i), bodies.get(i))
                        .statusCode());
        assertEquals(150, Collections.frequency(statuses, 201), statuses.toString());
        given().get("/catalog/size?tags=" + tags.get(7)).then().body("size", equalTo(150));
        var one = JsonPath.from(
                Http.send("GET", "/catalog/products/" + ids.get(3), null).body());
        assertTrue(one.<String>getList("tags.name").containsAll(tags));
    }
}
