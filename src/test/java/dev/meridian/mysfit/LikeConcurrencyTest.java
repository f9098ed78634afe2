package dev.meridian.mysfit;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.meridian.ComponentTest;
import dev.meridian.testing.Http;
import dev.meridian.testing.Race;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@QuarkusTest
@ComponentTest
@Tag("dynamodb")
class LikeConcurrencyTest {
    private static final int SHARDS = 8;
    private static final int LIKES = 1_000;
    private static final int CLIENTS = 50;

    private final Creatures creatures = new Creatures();

    @AfterEach
    void cleanUp() {
        creatures.close();
    }

    private static long like(String id) throws Exception {
        var answer = Http.send("POST", "/mysfits/" + id + "/like", null);
        assertEquals(200, answer.statusCode(), answer.body());
        return JsonPath.from(answer.body()).getLong("likes");
    }

    private static int listed(String id) {
        return given().get("/mysfits").then().extract().path("mysfits.find { it.mysfitId == '" + id + "' }.likes");
    }

    private static long single(String id) {
        return given().get("/mysfits/" + id).then().statusCode(200).extract().<Integer>path("likes");
    }

    @Test
    void aThousandLikesOfOneMysfitAreAThousand() throws Exception {
        var id = creatures.any();
        var answers = Race.run(CLIENTS, LIKES, _ -> () -> like(id));
        var counters = creatures.likeItems(id, "n");
        System.out.printf(
                "likes sent=%d highest answer=%d counters=%s%n",
                LIKES, answers.stream().max(Long::compare).orElse(0L), counters);
        assertEquals(LIKES, single(id));
        assertEquals(LIKES, listed(id));
        assertEquals(LIKES, counters.values().stream().mapToLong(n -> n).sum());
        var shards = IntStream.range(0, SHARDS)
                .mapToObj(shard -> "eu-west-1#" + shard)
                .collect(Collectors.toSet());
        assertTrue(shards.containsAll(counters.keySet()), counters.toString());
        assertEquals(LIKES, answers.stream().max(Long::compare).orElse(0L));
        assertTrue(answers.stream().allMatch(n -> n >= 1));
    }

    @Test
    void likesOneByOneGoToAllShards() throws Exception {
        var id = creatures.any();
        // One of 8 shards stays empty less than once in 10^8 runs.
        for (int i = 0; i < 160; i++) assertEquals(i + 1, like(id));
        assertEquals(SHARDS, creatures.likeItems(id, "n").size());
    }

    /// However likes are batched, each response counts at least its own like and those acknowledged before it
    /// was sent.
    @Test
    void aLikeReadsItsOwnWriteAndAllThatWereAnsweredBefore() throws Exception {
        var id = creatures.any();
        var answered = new AtomicLong();
        var sent = new AtomicLong();
        Race.run(CLIENTS, LIKES, _ -> () -> {
            long before = answered.get();
            sent.incrementAndGet();
            long count = like(id);
            assertTrue(count > before, count + " after " + before + " were answered");
            assertTrue(count <= sent.get(), count + " when only " + sent.get() + " were sent");
            return answered.incrementAndGet();
        });
        assertEquals(LIKES, single(id));
    }

    @Test
    void aListReadsLikesThatWereAnsweredBefore() throws Exception {
        var id = creatures.any();
        var answered = new AtomicLong();
        Race.run(CLIENTS, 300, i -> () -> {
            long before = answered.get();
            if (i % 3 == 0) {
                assertTrue(listed(id) >= before);
            } else {
                like(id);
                answered.incrementAndGet();
            }
            return i;
        });
        assertEquals(200, listed(id));
    }

    @Test
    void aThousandLikesOfTwelveMysfitsAreAThousand() throws Exception {
        long seed = System.nanoTime();
        var random = new Random(seed);
        var ids = Stream.generate(creatures::any).limit(12).toList();
        var targets = Stream.generate(() -> ids.get(random.nextInt(ids.size())))
                .limit(LIKES)
                .toList();
        Race.run(CLIENTS, LIKES, i -> () -> like(targets.get(i)));
        var expected = new HashMap<String, Long>();
        targets.forEach(id -> expected.merge(id, 1L, Long::sum));
        List<Map<String, Object>> mysfits =
                given().get("/mysfits").then().extract().path("mysfits");
        var counted = mysfits.stream()
                .filter(mysfit -> ids.contains(mysfit.get("mysfitId")))
                .collect(Collectors.toMap(
                        mysfit -> (String) mysfit.get("mysfitId"),
                        mysfit -> ((Number) mysfit.get("likes")).longValue()));
        System.out.printf("likes seed=%d sent=%d counted=%s%n", seed, LIKES, counted.values());
        assertEquals(expected, counted);
        for (var id : ids) assertEquals(expected.get(id), single(id));
    }

    @Test
    void likesOfAnotherRegionAreCounted() throws Exception {
        var id = creatures.any();
        like(id);
        creatures.likes(id, "eu-central-1", 0, 5);
        creatures.likes(id, "eu-central-1", 11, 70);
        creatures.likes(id, "us-east-1", 2, 300);
        assertEquals(376, single(id));
        // A list learns of a Region from the registry.
        creatures.register("eu-central-1", 12);
        creatures.register("us-east-1", 3);
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> listed(id), is(376));
        assertEquals(377, like(id));
        assertEquals(377, listed(id));
        assertEquals(5, creatures.likeItems(id, "n").get("eu-central-1#0"), "another Region's counter was touched");
    }

    @Test
    void aRegionRegistersItsShardsBeforeItsFirstLike() throws Exception {
        like(creatures.any());
        assertEquals(SHARDS, creatures.likeItems("#regions", "shards").get("eu-west-1"));
    }
}
