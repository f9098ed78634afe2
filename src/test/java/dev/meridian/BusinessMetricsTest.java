package dev.meridian;

import static io.restassured.RestAssured.given;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.meridian.testing.Http;
import dev.meridian.testing.Scrape;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.specification.RequestSpecification;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Each business event is counted once, by Region. docs/observability.md lists the counters.
@QuarkusTest
@ComponentTest
class BusinessMetricsTest {
    private static final String REGION = "region=\"eu-west-1\"";

    @TestHTTPResource(value = "/metrics", management = true)
    URI metrics;

    private double counter(String name, String tag) {
        return new Scrape(metrics).sum(name, tag);
    }

    private static RequestSpecification json(String body) {
        return given().contentType(ContentType.JSON).body(body);
    }

    private static void order(String product, String key, int status) {
        json("""
                {"items":[{"productId":"%s","quantity":1}],
                 "shippingAddress":{"firstName":"A","lastName":"B","email":"a@example.com","address1":"1 Quay",
                                    "city":"C","zipCode":"06001","state":"CT"}}""".formatted(product))
                .header("X-Customer-Id", "metrics")
                .header("Idempotency-Key", key)
                .post("/orders")
                .then()
                .statusCode(status);
    }

    @Test
    void ordersAreCountedByOutcomeAndARepetitionIsNoOrder() {
        var product = Http.anId("lamp");
        json("""
                {"name":"Lamp","description":"Glows.","price":2,"stock":1,"tags":[{"name":"t","displayName":"T"}]}""").put("/catalog/products/" + product).then().statusCode(201);
        double confirmed = counter("meridian_orders_taken_total", "outcome=\"confirmed\"");
        double rejected = counter("meridian_orders_taken_total", "outcome=\"rejected\"");
        var key = Http.anId("key");
        order(product, key, 200);
        order(product, key, 200);
        order(product, Http.anId("key"), 409);
        await().atMost(Duration.ofSeconds(5)).untilAsserted(() -> {
            assertEquals(confirmed + 1, counter("meridian_orders_taken_total", "outcome=\"confirmed\""));
            assertEquals(rejected + 1, counter("meridian_orders_taken_total", "outcome=\"rejected\""));
        });
        assertEquals(
                counter("meridian_orders_taken_total", ""),
                counter("meridian_orders_taken_total", REGION),
                "each has its Region");
    }

    @Test
    void likesScoresAndTicketsAreCountedByRegion() {
        double likes = counter("meridian_likes_total", REGION);
        double scores = counter("meridian_scores_total", REGION);
        double tickets = counter("meridian_tickets_total", REGION);
        for (int i = 0; i < 3; i++) {
            given().post("/mysfits/4e53920c-505a-4a90-a694-b9300791f0ae/like")
                    .then()
                    .statusCode(200);
        }
        json("{\"player\":\"" + Http.anId("p") + "\",\"country\":\"TV\",\"score\":1}")
                .post("/leaderboard")
                .then()
                .statusCode(201);
        given().contentType("text/csv")
                .body("player,country,score,playedAt\np,TV,1,\np,TV,2,\nwrong,TV,-2,\n")
                .post("/leaderboard/import")
                .then()
                .statusCode(200);
        json("""
                {"description":"Is counted.","assigned":"a","priority":"low","status":"open","createdBy":"b"}""").post("/ticket").then().statusCode(200);
        assertEquals(likes + 3, counter("meridian_likes_total", REGION));
        assertEquals(scores + 3, counter("meridian_scores_total", REGION));
        assertEquals(tickets + 1, counter("meridian_tickets_total", REGION));
    }

    /// No request path becomes a time series: their number stays bounded, and customer ids stay out.
    @Test
    void requestsAreCountedByTheTemplateOfTheirPath() {
        for (int i = 0; i < 120; i++) {
            var id = Http.anId("ada");
            given().urlEncodingEnabled(false)
                    .accept("image/png")
                    .get("/carts/" + id)
                    .then()
                    .statusCode(406);
            given().get("/no-such-path/" + id).then().statusCode(404);
            given().patch("/carts/" + id).then().statusCode(405);
            given().contentType("text/plain")
                    .body("x")
                    .post("/carts/" + id + "/items")
                    .then()
                    .statusCode(415);
        }
        given().get("/carts/ada").then().statusCode(200);
        given().get("/mysfits?filter=" + "x".repeat(9000)).then().statusCode(414);
        given().get("/leaderboard").then().statusCode(200);
        var series = new Scrape(metrics)
                .text()
                .lines()
                .filter(line -> line.startsWith("http_server_requests_seconds_count"))
                .toList();
        assertTrue(series.stream().noneMatch(line -> line.contains("ada")), series::toString);
        for (var expected : List.of(
                "status=\"406\",uri=\"/carts/{customerId}\"",
                "status=\"415\",uri=\"/carts/{customerId}/items\"",
                "status=\"200\",uri=\"/carts/{customerId}\"",
                "status=\"414\",uri=\"/mysfits\"",
                "status=\"200\",uri=\"/leaderboard\"")) {
            assertTrue(series.stream().anyMatch(line -> line.contains(expected)), () -> expected + " in " + series);
        }
    }
}
