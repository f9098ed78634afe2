package dev.meridian;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.hasSize;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.meridian.testing.Http;
import dev.meridian.testing.Scrape;
import dev.meridian.testing.fuzz.ApiOperation;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// Safe methods (RFC 9110, section 9.2.1) change nothing: no GET of the OpenAPI document makes a store call
/// that writes. The one that must, for a reference client, does nothing when nobody has asked for it.
@QuarkusTest
@ComponentTest
@Tag("dynamodb")
class SafeMethodsTest {
    private static final String MERGE = "/carts/{customerId}/merge";

    /// The store calls of reads, by their names in the metrics.
    private static final Set<String> READS = Set.of(
            "cart-list",
            "catalog-find",
            "catalog-journal-get",
            "catalog-list",
            "catalog-prices",
            "catalog-search",
            "catalog-size",
            "catalog-tags",
            "checkout-get",
            "customer-get",
            "like-count",
            "like-counts",
            "mysfit-filter",
            "mysfit-flags",
            "mysfit-get",
            "mysfit-list",
            "order-get",
            "order-journal-get",
            "order-journal-open",
            "order-list",
            "recovery-report",
            "recovery-report-again",
            "region-list",
            "score-all-of-player",
            "score-countries",
            "score-country",
            "score-player",
            "score-rank",
            "score-top",
            "stock-changes-count",
            "table-look",
            "ticket-changes",
            "ticket-get",
            "ticket-list",
            "ticket-of-owner",
            "writer-epoch-get");

    /// What the process does by itself, all the time.
    private static final Set<String> BACKGROUND = Set.of(
            "health", "like-registry", "like-register", "region-beat", "task-beat", "settler-count", "settler-open");

    @TestHTTPResource(value = "/metrics", management = true)
    URI metrics;

    @TestFactory
    Stream<DynamicTest> noGetWrites() throws IOException {
        return ApiOperation.all().stream()
                .filter(operation -> operation.method().equals("GET"))
                .filter(operation -> !operation.path().equals(MERGE))
                .map(operation -> DynamicTest.dynamicTest(operation.toString(), () -> {
                    var path = operation.target(_ -> Http.anId("safe")) + "?keyword=a&customerId=safe&limit=1";
                    for (var method : new String[] {"GET", "HEAD"}) {
                        assertEquals(Map.of(), writes(() -> given().request(method, path)), method);
                    }
                }));
    }

    private Map<String, Long> writes(Runnable requests) {
        var before = new Scrape(metrics).storeCalls();
        requests.run();
        return new Scrape(metrics).storeCallsSince(before, name -> READS.contains(name) || BACKGROUND.contains(name));
    }

    @Test
    void aMergeThatNobodyAskedForMovesNothing() {
        var session = Http.anId("s");
        var customer = Http.anId("c");
        given().contentType(ContentType.JSON)
                .body("{\"quantity\":2}")
                .put("/carts/" + session + "/items/hoof-socks")
                .then()
                .statusCode(200);
        var merge = "/carts/" + customer + "/merge?sessionId=" + session;
        given().head(merge).then().statusCode(405);
        for (var header : Map.of(
                        "Sec-Purpose",
                        "prefetch;prerender",
                        "Purpose",
                        "prefetch",
                        "X-Moz",
                        "prefetch",
                        "X-Purpose",
                        "preview")
                .entrySet()) {
            given().header(header.getKey(), header.getValue()).get(merge).then().statusCode(405);
        }
        given().get("/carts/" + session).then().body("items", hasSize(1));
        // As the reference client sends it.
        given().get(merge).then().statusCode(202);
        given().get("/carts/" + session).then().body("items", hasSize(0));
        given().get("/carts/" + customer).then().body("items", hasSize(1));
    }
}
