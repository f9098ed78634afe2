package dev.meridian.mysfit;

import static dev.meridian.mysfit.Creatures.s;
import static io.restassured.RestAssured.given;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.meridian.ComponentTest;
import dev.meridian.testing.Http;
import dev.meridian.testing.Race;
import dev.meridian.testing.Scrape;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/// The store calls of each request, from the service's own metrics, and the effect of loading the sample data.
/// Only in the test JVM, because it loads the sample data through a bean.
@QuarkusTest
@ComponentTest
@Tag("dynamodb")
class MysfitStoreCallsTest {
    private static final String TANSY = "561987fe-4f26-4087-9b7b-d1784a7f3900";

    @TestHTTPResource(value = "/metrics", management = true)
    URI metrics;

    @Inject
    MysfitSamples samples;

    private final Creatures creatures = new Creatures();

    /// The first calls of a process read and write the registry.
    @BeforeEach
    void warmUp() {
        given().post("/mysfits/" + creatures.any() + "/like").then().statusCode(200);
        given().get("/mysfits").then().statusCode(200);
    }

    @AfterEach
    void cleanUp() {
        creatures.close();
    }

    /// The store calls of a request, without the periodic background reads of the registry and of the writer epoch.
    private Map<String, Long> cost(Runnable request) {
        var scrape = new Scrape(metrics);
        var before = scrape.storeCalls();
        request.run();
        var cost = scrape.storeCallsSince(before, Set.of("like-registry", "health")::contains);
        System.out.println("store calls: " + cost);
        return cost;
    }

    @Test
    void aListOfTwelveWithTheLikesOfTwoRegionsIsThreeCalls() {
        cleanUp();
        var shop = new Creatures();
        try {
            shop.register("eu-central-1", 8);
            Awaitility.await()
                    .atMost(Duration.ofSeconds(30))
                    .pollInterval(Duration.ofMillis(300))
                    .untilAsserted(() -> {
                        int size = given().get("/mysfits").then().extract().<Integer>path("mysfits.size()");
                        assertEquals(12, size, "some other test left mysfits behind");
                        assertEquals(
                                Map.of("mysfit-list", 1L, "like-counts", 2L),
                                cost(() -> given().get("/mysfits").then().statusCode(200)));
                    });
        } finally {
            shop.close();
        }
    }

    @Test
    void aFilterIsOneCallAndTheLikes() {
        var cost = cost(
                () -> given().get("/mysfits?filter=GoodEvil&value=Evil").then().statusCode(200));
        assertEquals(1, cost.get("mysfit-filter"));
        assertEquals(Set.of("mysfit-filter", "like-counts"), cost.keySet());
        assertTrue(cost.get("like-counts") <= 2, cost.toString());
        assertEquals(
                Map.of("mysfit-filter", 1L),
                cost(() -> given().get("/mysfits?filter=GoodEvil&value=none")
                        .then()
                        .statusCode(200)));
    }

    @Test
    void oneMysfitIsTwoCallsSideBySide() {
        assertEquals(
                Map.of("mysfit-get", 1L, "like-count", 1L),
                cost(() -> given().get("/mysfits/" + TANSY).then().statusCode(200)));
    }

    @Test
    void aLikeIsOneWriteBesideOneReadAndTheFirstOfAMysfitLooksItUp() {
        var id = creatures.any();
        Runnable like = () -> given().post("/mysfits/" + id + "/like").then().statusCode(200);
        assertEquals(Map.of("mysfit-get", 1L, "like-add", 1L, "like-count", 1L), cost(like));
        assertEquals(Map.of("like-add", 1L, "like-count", 1L), cost(like));
    }

    @Test
    void likesOfOneMysfitAndListsThatComeTogetherShareCalls() throws Exception {
        var id = creatures.any();
        int clients = 64;
        var likes = cost(() -> together(clients, "POST", "/mysfits/" + id + "/like"));
        assertTrue(likes.get("like-add") <= clients / 2, likes.toString());
        assertEquals(likes.get("like-add"), likes.get("like-count"));
        assertTrue(likes.get("mysfit-get") <= clients / 2, likes.toString());
        var lists = cost(() -> together(clients, "GET", "/mysfits"));
        assertTrue(lists.get("mysfit-list") <= clients / 2, lists.toString());
    }

    private static void together(int clients, String method, String path) {
        try {
            Race.run(clients, clients, _ -> () -> {
                var answer = Http.send(method, path, null);
                assertEquals(200, answer.statusCode(), answer.body());
                return answer;
            });
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void anAdoptionIsOneStatementAndItsProjection() {
        var id = creatures.any();
        assertEquals(
                Map.of("mysfit-get", 1L, "mysfit-adopt", 1L, "mysfit-flag", 1L),
                cost(() -> given().post("/mysfits/" + id + "/adopt").then().statusCode(200)));
        assertEquals(
                Map.of("mysfit-get", 1L),
                cost(() -> given().post("/mysfits/" + id + "/adopt").then().statusCode(409)));
    }

    @Test
    void aKeyAndAnAdopterCostNoCallMore() {
        var id = creatures.any();
        given().get("/mysfits/" + id).then().statusCode(200);
        for (var expected : List.of(
                Map.of("mysfit-get", 1L, "like-add", 1L, "like-count", 1L), Map.of("like-add", 1L, "like-count", 1L))) {
            assertEquals(
                    expected,
                    cost(() -> given().header("Idempotency-Key", "k")
                            .post("/mysfits/" + id + "/like")
                            .then()
                            .statusCode(200)));
        }
        for (var expected :
                List.of(Map.of("mysfit-get", 1L, "mysfit-adopt", 1L, "mysfit-flag", 1L), Map.of("mysfit-get", 1L))) {
            assertEquals(
                    expected,
                    cost(() -> given().header("X-Customer-Id", "ada")
                            .post("/mysfits/" + id + "/adopt")
                            .then()
                            .statusCode(200)));
        }
    }

    @Test
    void loadingAgainBringsBackWhatIsMissingAndChangesNothingElse() {
        var tansy = creatures.item(TANSY);
        try {
            var changed = new HashMap<>(tansy);
            changed.put("Name", s("Renamed"));
            changed.put("Adopted", AttributeValue.fromBool(true));
            creatures.put(Creatures.MYSFITS, changed);
            assertEquals(0, samples.load().await().atMost(Duration.ofSeconds(10)));
            assertEquals(changed, creatures.item(TANSY));
            creatures.delete(Creatures.MYSFITS, Map.of("MysfitId", s(TANSY)));
            assertEquals(1, samples.load().await().atMost(Duration.ofSeconds(10)));
            assertEquals(tansy, creatures.item(TANSY));
        } finally {
            creatures.put(Creatures.MYSFITS, tansy);
        }
    }
}
