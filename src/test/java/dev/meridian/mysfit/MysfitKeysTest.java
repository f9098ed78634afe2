package dev.meridian.mysfit;

import static dev.meridian.mysfit.Creatures.n;
import static dev.meridian.mysfit.Creatures.s;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.meridian.ComponentTest;
import dev.meridian.testing.Http;
import dev.meridian.testing.Race;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.path.json.JsonPath;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/// Likes and adoptions that are asked for again.
@QuarkusTest
@ComponentTest
@Tag("dynamodb")
class MysfitKeysTest {
    private final Creatures creatures = new Creatures();

    @AfterEach
    void cleanUp() {
        creatures.close();
    }

    private static long like(String id, String... headers) throws Exception {
        var answer = Http.send("POST", "/mysfits/" + id + "/like", null, headers);
        assertEquals(200, answer.statusCode(), answer.body());
        return JsonPath.from(answer.body()).getLong("likes");
    }

    private static int adopt(String id, String... headers) throws Exception {
        return Http.send("POST", "/mysfits/" + id + "/adopt", null, headers).statusCode();
    }

    private static int likes(String id) {
        int one = given().get("/mysfits/" + id).then().statusCode(200).extract().<Integer>path("likes");
        given().get("/mysfits").then().body("mysfits.find { it.mysfitId == '" + id + "' }.likes", is(one));
        return one;
    }

    @Test
    void aLikeWithAKeyCountsOnce() throws Exception {
        var id = creatures.any();
        var other = creatures.any();
        assertEquals(1, like(id, "Idempotency-Key", "k-1"));
        assertEquals(1, like(id, "Idempotency-Key", "k-1"));
        assertEquals(1, like(id, "Idempotency-Key", "\"k-1\""));
        assertEquals(2, like(id, "Idempotency-Key", "k-2"));
        assertEquals(3, like(id));
        assertEquals(4, like(id));
        // The key is of one caller, and for one mysfit.
        assertEquals(5, like(id, "Idempotency-Key", "k-1", "X-Customer-Id", "ada"));
        assertEquals(5, like(id, "Idempotency-Key", "k-1", "X-Customer-Id", "ada"));
        assertEquals(6, like(id, "Idempotency-Key", "k-1", "Cookie", Http.aVisitor()));
        assertEquals(1, like(other, "Idempotency-Key", "k-1"));
        assertEquals(6, likes(id));
        assertEquals(1, likes(other));
    }

    /// Another Region took the same like: the client went there when no answer came, or the other way round.
    @Test
    void aLikeThatTwoRegionsTookCountsOnceWhenTheyHaveReplicated() throws Exception {
        var id = creatures.any();
        like(id, "Idempotency-Key", "k-1");
        like(id, "Idempotency-Key", "k-2");
        assertEquals(2, likes(id));
        creatures.register("us-east-1", 8);
        var counters = counters(id);
        for (var counter : counters) {
            // As that Region would have counted it, and one like of its own without a key.
            var there = new HashMap<>(counter);
            there.put("regionShard", s(counter.get("regionShard").s().replace("eu-west-1", "us-east-1")));
            there.put("n", n(Long.parseLong(counter.get("n").n()) + 1));
            creatures.put(Creatures.LIKES, there);
        }
        int more = counters.size();
        org.awaitility.Awaitility.await()
                .atMost(java.time.Duration.ofSeconds(30))
                .until(() -> given().get("/mysfits")
                                .then()
                                .extract()
                                .<Integer>path("mysfits.find { it.mysfitId == '" + id + "' }.likes")
                        == 2 + more);
        assertEquals(2 + more, likes(id));
        assertEquals(2 + more, like(id, "Idempotency-Key", "k-1"));
        assertEquals(3 + more, like(id, "Idempotency-Key", "k-3"));
        assertEquals(4 + more, like(id));
        assertEquals(4 + more, likes(id));
    }

    private List<Map<String, AttributeValue>> counters(String id) {
        return creatures.likeItems(id);
    }

    /// More keys than the counters remember: each is sent twice within the time that they do.
    @Test
    void keysAreRememberedLongEnoughAndNotForEver() throws Exception {
        long seed = System.nanoTime();
        var random = new Random(seed);
        var id = creatures.any();
        int keys = 1_800;
        var calls = new ArrayList<Integer>();
        for (int from = 0; from < keys; from += 200) {
            var batch = new ArrayList<Integer>();
            for (int key = from; key < from + 200; key++) batch.addAll(List.of(key, key));
            Collections.shuffle(batch, random);
            calls.addAll(batch);
        }
        for (int from = 0; from < calls.size(); from += 400) {
            var batch = calls.subList(from, from + 400);
            Race.run(30, 400, i -> () -> like(id, "Idempotency-Key", "key-" + batch.get(i)));
        }
        var counters = counters(id);
        int kept = counters.stream().mapToInt(MysfitKeysTest::keys).sum();
        System.out.printf("keyed likes seed=%d sent=%d keys=%d remembered=%d%n", seed, calls.size(), keys, kept);
        assertEquals(keys, likes(id));
        assertTrue(kept >= 8 * 100 && kept <= 8 * 200, "remembered " + kept);
        assertEquals(keys, like(id, "Idempotency-Key", "key-" + (keys - 1)));
    }

    private static int keys(Map<String, AttributeValue> counter) {
        int keys = 0;
        for (var name : List.of("recentKeys", "formerKeys")) {
            if (counter.containsKey(name)) keys += counter.get(name).ss().size();
        }
        return keys;
    }

    @Test
    void likesWithAndWithoutKeysAtOnceAllCount() throws Exception {
        long seed = System.nanoTime();
        var random = new Random(seed);
        var id = creatures.any();
        // -1: without a key.
        var keys = random.ints(600, -1, 60).boxed().toList();
        Race.run(
                40,
                keys.size(),
                i -> () -> keys.get(i) < 0 ? like(id) : like(id, "Idempotency-Key", "key-" + keys.get(i)));
        long distinct = keys.stream().filter(key -> key >= 0).distinct().count();
        int plain = Collections.frequency(keys, -1);
        System.out.printf("likes at once seed=%d sent=%d keys=%d plain=%d%n", seed, keys.size(), distinct, plain);
        assertEquals(distinct + plain, likes(id));
    }

    @Test
    void whoHasAdoptedItMayAskAgain() throws Exception {
        var byCustomer = creatures.any();
        assertEquals(200, adopt(byCustomer, "X-Customer-Id", "ada"));
        assertEquals(200, adopt(byCustomer, "X-Customer-Id", "ada"));
        assertEquals(200, adopt(byCustomer, "X-Customer-Id", "ada", "Idempotency-Key", "any"));
        assertEquals(409, adopt(byCustomer, "X-Customer-Id", "bob"));
        assertEquals(409, adopt(byCustomer));
        assertEquals(409, adopt(byCustomer, "Cookie", Http.aVisitor()));
        var byVisitor = creatures.any();
        var visitor = Http.aVisitor();
        assertEquals(200, adopt(byVisitor, "Cookie", visitor));
        assertEquals(200, adopt(byVisitor, "Cookie", visitor));
        assertEquals(409, adopt(byVisitor, "Cookie", Http.aVisitor()));
        var byKey = creatures.any();
        assertEquals(200, adopt(byKey, "Idempotency-Key", "k-1"));
        assertEquals(200, adopt(byKey, "Idempotency-Key", "k-1"));
        assertEquals(409, adopt(byKey, "Idempotency-Key", "k-2"));
        assertEquals(409, adopt(byKey, "Idempotency-Key", "k-1", "X-Customer-Id", "ada"));
        var byNobody = creatures.any();
        assertEquals(200, adopt(byNobody));
        assertEquals(409, adopt(byNobody));
        for (var id : List.of(byCustomer, byVisitor, byKey, byNobody)) {
            assertEquals(1, Creatures.sql("SELECT count(*) FROM adoptions WHERE mysfit_id = '" + id + "'"));
        }
    }

    /// A double click on the button: the browser shows the second answer.
    @Test
    void aDoubleClickLeadsBackToTheMysfit() {
        var id = creatures.any();
        var visitor = Http.aVisitor();
        for (int i = 0; i < 2; i++) assertEquals(303, click(id, visitor));
        assertEquals(409, click(id, Http.aVisitor()));
    }

    private static int click(String id, String cookie) {
        return given().accept("text/html")
                .contentType(ContentType.URLENC)
                .header("Cookie", cookie)
                .redirects()
                .follow(false)
                .post("/mysfits/" + id + "/adopt")
                .statusCode();
    }

    /// The flag, which says whose it is, could not be written after the row.
    @Test
    void theAdopterIsKnownByTheRowToo() throws Exception {
        var id = creatures.any();
        assertEquals(200, adopt(id, "X-Customer-Id", "ada"));
        var item = new HashMap<>(creatures.item(id));
        var whose = item.remove("AdoptedBy");
        item.put("Adopted", AttributeValue.fromBool(false));
        creatures.put(Creatures.MYSFITS, item);
        assertEquals(409, adopt(id, "X-Customer-Id", "bob"));
        assertEquals(whose, creatures.item(id).get("AdoptedBy"), "the next one to ask repairs it");
        assertEquals(200, adopt(id, "X-Customer-Id", "ada"));
        creatures.put(Creatures.MYSFITS, item);
        assertEquals(200, adopt(id, "X-Customer-Id", "ada"));
        assertEquals(whose, creatures.item(id).get("AdoptedBy"));
    }

    /// The row was lost in a failover: the flag still knows whose it is, and nobody else gets it.
    @Test
    void theAdopterIsKnownByTheFlagAlone() throws Exception {
        var id = creatures.any();
        assertEquals(200, adopt(id, "X-Customer-Id", "ada"));
        Creatures.sql("DELETE FROM adoptions WHERE mysfit_id = '" + id + "'");
        assertEquals(200, adopt(id, "X-Customer-Id", "ada"));
        assertEquals(409, adopt(id, "X-Customer-Id", "bob"));
    }

    @Test
    void ofThreeWhoClickTenTimesOneAdopts() throws Exception {
        long seed = System.nanoTime();
        var random = new Random(seed);
        var id = creatures.any();
        var who = random.ints(30, 0, 3).boxed().toList();
        var statuses = Race.run(30, 30, i -> () -> adopt(id, "X-Customer-Id", "racer-" + who.get(i)));
        var winners = new java.util.HashSet<Integer>();
        for (int i = 0; i < 30; i++) if (statuses.get(i) == 200) winners.add(who.get(i));
        System.out.printf("adoptions seed=%d statuses=%s winners=%s%n", seed, statuses, winners);
        assertEquals(1, winners.size());
        int winner = winners.iterator().next();
        for (int i = 0; i < 30; i++) assertEquals(who.get(i) == winner ? 200 : 409, statuses.get(i));
    }
}
