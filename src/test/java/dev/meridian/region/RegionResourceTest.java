package dev.meridian.region;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.emptyString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.instanceOf;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.meridian.ComponentTest;
import dev.meridian.testing.Http;
import dev.meridian.testing.Race;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@QuarkusTest
@ComponentTest
@Tag("dynamodb")
class RegionResourceTest {
    /// A cold process may exceed the time limit at first; the test is about a warm one.
    private static void awaitUp() {
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> given().get("/health").statusCode() == 200);
    }

    @Test
    void healthNamesTheRegionAndEachStore() {
        awaitUp();
        given().contentType(ContentType.JSON)
                .get("/health")
                .then()
                .statusCode(200)
                .contentType(ContentType.JSON)
                .header("X-Region", "eu-west-1")
                .header("Cache-Control", "no-store")
                .time(lessThan(2000L))
                .body("region", equalTo("eu-west-1"))
                .body("message", equalTo("Successful response reading from DynamoDB table."))
                .body("status", equalTo("UP"))
                .body("checks.size()", equalTo(3))
                .body("checks.dynamodb.state", equalTo("UP"))
                .body("checks.sql-reader.state", equalTo("UP"))
                .body("checks.sql-writer.state", equalTo("UP"))
                .body("checks.dynamodb.latencyMs", instanceOf(Integer.class))
                .body("checks.sql-reader.latencyMs", greaterThanOrEqualTo(0))
                .body("checks.sql-writer.latencyMs", greaterThanOrEqualTo(0));
    }

    @Test
    void healthAnswersHeadToo() {
        awaitUp();
        given().head("/health")
                .then()
                .statusCode(200)
                .header("X-Region", "eu-west-1")
                .body(emptyString());
    }

    @Test
    void manyWhoAskAtOnceShareAProbe() throws InterruptedException {
        awaitUp();
        var answers =
                Race.run(50, 200, i -> () -> Http.send("GET", "/health", null).body());
        long different = answers.stream().distinct().count();
        System.out.printf("200 health calls at once: %d different answers%n", different);
        assertEquals(200, answers.size());
        // Latencies differ from probe to probe, so each different answer is one probe: at most one for each
        // second.
        assertEquals(true, different <= 10, () -> different + " probes");
    }

    @Test
    void healthIsForReadingOnly() {
        given().post("/health").then().statusCode(405).contentType("application/problem+json");
        given().accept("image/png").get("/health").then().statusCode(406).contentType("application/problem+json");
    }

    @Test
    void topologyIsAnObjectOfStringsWithoutCredentials() {
        given().get("/topology")
                .then()
                .statusCode(200)
                .contentType(ContentType.JSON)
                .header("X-Region", "eu-west-1")
                .body("region", equalTo("eu-west-1"))
                .body("dynamodb", startsWith("http://localhost:"))
                .body("tablePrefix", equalTo("meridian-"))
                .body("sqlReader", startsWith("postgresql://localhost:"))
                .body("sqlWriter", startsWith("postgresql://localhost:"))
                .body("version", not(emptyString()))
                .body("values()", everyItem(instanceOf(String.class)));
    }
}
