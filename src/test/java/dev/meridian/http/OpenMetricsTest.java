package dev.meridian.http;

import static io.restassured.RestAssured.given;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.meridian.ComponentTest;
import dev.meridian.testing.OpenMetrics;
import dev.meridian.testing.Scrape;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// The metrics as OpenMetrics, which strict readers must accept, and their buckets.
@QuarkusTest
@ComponentTest
class OpenMetricsTest {
    private static final String TYPE = "application/openmetrics-text; version=1.0.0; charset=utf-8";

    @TestHTTPResource(value = "/metrics", management = true)
    URI metrics;

    private static void use() {
        given().get("/ticket?limit=1").then().statusCode(200);
        given().get("/catalog/size").then().statusCode(200);
        given().get("/ticket/none").then().statusCode(404);
        given().get("/health");
    }

    @Test
    void aStrictReaderAcceptsTheMetrics() {
        use();
        for (var accept : List.of(TYPE, "application/openmetrics-text")) {
            var answer =
                    given().accept(accept).get(metrics).then().statusCode(200).extract();
            assertTrue(answer.contentType().startsWith("application/openmetrics-text"), answer::contentType);
            assertEquals(List.of(), OpenMetrics.faults(answer.asString()));
        }
    }

    private static TreeSet<Double> bounds(String text, String name) {
        return Pattern.compile("^" + name + "_bucket\\{.*?le=\"([\\d.]+)\"", Pattern.MULTILINE)
                .matcher(text)
                .results()
                .map((MatchResult found) -> Double.valueOf(found.group(1)))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void requestsAndStoreCallsHaveFewBuckets() {
        use();
        assertBuckets(new Scrape(metrics).text());
    }

    static void assertBuckets(String text) {
        assertEquals(
                List.of(0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5),
                List.copyOf(bounds(text, "http_server_requests_seconds")));
        assertEquals(
                List.of(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0),
                List.copyOf(bounds(text, "meridian_store_calls_seconds")));
        var others = text.lines()
                .filter(line -> line.contains("_bucket{"))
                .filter(line -> !line.matches("(http_server_requests|meridian_store_calls)_seconds_bucket.*"))
                .toList();
        assertEquals(List.of(), others);
    }
}
