package dev.meridian.region;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.meridian.ComponentTest;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URL;
import org.junit.jupiter.api.Test;

/// The management port, whose root path is `/q`: readiness, liveness, metrics. ProductionModeIT tests that of
/// the packaged artifact.
@QuarkusTest
@ComponentTest
class ManagementTest {
    @TestHTTPResource(value = "/health/ready", management = true)
    URL ready;

    @TestHTTPResource(value = "/health/live", management = true)
    URL live;

    @TestHTTPResource(value = "/metrics", management = true)
    URL metrics;

    @TestHTTPResource(value = "/region/health", management = true)
    URL health;

    @TestHTTPResource(value = "/region/topology", management = true)
    URL topology;

    @Test
    void readinessTellsRegionVersionAndStart() {
        given().get(ready)
                .then()
                .statusCode(200)
                .body("status", equalTo("UP"))
                .body("checks.name", hasItem("meridian"))
                .body("checks.find { it.name == 'meridian' }.data.region", equalTo("eu-west-1"))
                .body("checks.find { it.name == 'meridian' }.data.version", matchesPattern("\\d+\\.\\d+.*"))
                .body("checks.find { it.name == 'meridian' }.data.started", matchesPattern("20\\d\\d-.*Z"));
    }

    @Test
    void livenessIsUp() {
        given().get(live).then().statusCode(200).body("status", equalTo("UP"));
    }

    @Test
    void itTellsWhatTheRegionIsMadeOf() {
        given().get(topology)
                .then()
                .statusCode(200)
                .contentType("application/json")
                .header("X-Content-Type-Options", equalTo("nosniff"))
                .header("Cache-Control", equalTo("no-store"))
                .body("region", equalTo("eu-west-1"))
                .body("sqlWriter", startsWith("postgresql://localhost:"));
        given().get(health)
                .then()
                .statusCode(200)
                .body("region", equalTo("eu-west-1"))
                .body("checks.size()", equalTo(3));
    }

    @Test
    void healthAndMetricsAreNotOnThePublicPort() {
        given().get("/q/region/health").then().statusCode(404);
        given().get("/q/region/topology").then().statusCode(404);
        given().get("/q/metrics").then().statusCode(404);
        given().get("/q/health").then().statusCode(404);
    }

    @Test
    void everyMetricCarriesTheRegion() {
        given().get("/ticket").then().statusCode(200);
        given().get("/health");
        var text = given().get(metrics)
                .then()
                .statusCode(200)
                .body(containsString("meridian_store_calls_seconds_count"))
                .body(containsString("meridian_health_up"))
                .body(containsString("http_server_requests_seconds_count"))
                .extract()
                .asString();
        var without = text.lines()
                .filter(line -> !line.startsWith("#") && !line.contains("region=\"eu-west-1\""))
                .toList();
        assertTrue(without.isEmpty(), () -> "without a region tag: " + without);
    }
}
