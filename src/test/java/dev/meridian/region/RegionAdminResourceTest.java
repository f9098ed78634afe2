package dev.meridian.region;

import static io.restassured.RestAssured.given;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.not;

import dev.meridian.ComponentTest;
import dev.meridian.testing.Http;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@QuarkusTest
@ComponentTest
@Tag("dynamodb")
class RegionAdminResourceTest {
    private static ValidatableResponse set(String region, String body) {
        return given().contentType(ContentType.JSON)
                .body(body)
                .put("/admin/regions/" + region)
                .then();
    }

    @AfterEach
    void activeAgain() {
        set("eu-west-1", "{\"state\":\"ACTIVE\"}").statusCode(200);
        await().atMost(Duration.ofSeconds(20))
                .until(() -> given().get("/health").statusCode() == 200);
    }

    @Test
    void aDrainedRegionAsksForNoTrafficAndServesWhatComes() {
        await().atMost(Duration.ofSeconds(30))
                .until(() -> given().get("/health").statusCode() == 200);
        for (int i = 0; i < 2; i++) {
            set("eu-west-1", "{\"state\":\"DRAINED\",\"why\":\"unknown fields do no harm\"}")
                    .statusCode(200)
                    .body("region", equalTo("eu-west-1"))
                    .body("state", equalTo("DRAINED"))
                    .body("changedAt", matchesPattern("20.*Z"));
        }
        await().atMost(Duration.ofSeconds(2))
                .pollInterval(Duration.ofMillis(50))
                .untilAsserted(() -> given().get("/health")
                        .then()
                        .statusCode(503)
                        .body("status", equalTo("DRAINED"))
                        .body("message", equalTo("The Region is drained."))
                        .body("checks.dynamodb.state", equalTo("UP")));
        given().get("/catalog/size").then().statusCode(200);
        given().get("/admin/regions")
                .then()
                .statusCode(200)
                .body("find { it.region == 'eu-west-1' }.state", equalTo("DRAINED"));
        set("eu-west-1", "{\"state\":\"ACTIVE\"}").statusCode(200).body("state", equalTo("ACTIVE"));
        await().atMost(Duration.ofSeconds(2))
                .pollInterval(Duration.ofMillis(50))
                .untilAsserted(
                        () -> given().get("/health").then().statusCode(200).body("status", equalTo("UP")));
    }

    @Test
    void anotherRegionsSwitchIsNotOurs() {
        var other = Http.anId("r");
        set(other + "?force=true", "{\"state\":\"DRAINED\"}").statusCode(200);
        given().get("/admin/regions").then().body("find { it.region == '" + other + "' }.state", equalTo("DRAINED"));
        set(other, "{\"state\":\"ACTIVE\"}").statusCode(200);
    }

    /// A drain of a Region with a mistyped name would be answered 200, and change nothing.
    @Test
    void aRegionThatNobodyKnowsIsNotDrained() {
        var mistyped = Http.anId("eu-wset-1");
        set(mistyped, "{\"state\":\"DRAINED\"}")
                .statusCode(404)
                .contentType("application/problem+json")
                .body("type", equalTo("urn:meridian:problem:unknown-region"));
        given().get("/admin/regions").then().body("region", not(hasItem(mistyped)));
        set(mistyped + "?force=false", "{\"state\":\"ACTIVE\"}").statusCode(404);
        set(mistyped + "?force=true", "{\"state\":\"DRAINED\"}").statusCode(200);
        // It is known now.
        set(mistyped, "{\"state\":\"ACTIVE\"}").statusCode(200).body("state", equalTo("ACTIVE"));
    }

    @Test
    void whatIsNoStateIsRefused() {
        for (var body :
                new String[] {"", "null", "{}", "{\"state\":null}", "{\"state\":\"drained!\"}", "{\"state\":7e9}"}) {
            set("eu-west-1", body).statusCode(400).contentType("application/problem+json");
        }
        set("no%20region%21", "{\"state\":\"ACTIVE\"}").statusCode(400);
        given().delete("/admin/regions/eu-west-1").then().statusCode(405);
    }
}
