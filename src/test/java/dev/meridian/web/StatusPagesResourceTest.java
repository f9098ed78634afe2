package dev.meridian.web;

import static io.restassured.RestAssured.given;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.meridian.ComponentTest;
import dev.meridian.testing.Http;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The status page: this Region, and the others from this Region's replica of the table `regions`.
@QuarkusTest
@ComponentTest
@Tag("dynamodb")
class StatusPagesResourceTest {
    private static final Duration SOON = Duration.ofSeconds(10);

    /// The row of a Region: its name, state, switch, age, stores; empty when it is unknown.
    private static List<String> row(String region) {
        var page = given().header("Accept", "text/html").get("/status").asString();
        var row = Pattern.compile("<li [^>]*id=\"region-" + Pattern.quote(region) + "\">(.*?)</li>", Pattern.DOTALL)
                .matcher(page);
        if (!row.find()) return List.of();
        return Pattern.compile("<(h3|span|dd)[^>]*>(.*?)</\\1>", Pattern.DOTALL)
                .matcher(row.group(1))
                .results()
                .map(cell -> cell.group(2).strip())
                .toList();
    }

    private static void assertRow(String region, String... cells) {
        await().atMost(SOON).untilAsserted(() -> {
            var found = row(region);
            assertEquals(cells.length, found.size(), found::toString);
            for (int i = 0; i < cells.length; i++)
                assertTrue(found.get(i).matches(cells[i]), () -> region + " " + found);
        });
    }

    @Test
    void thisRegionIsKnownAtFirstHand() {
        assertRow("eu-west-1", "eu-west-1", "Up", "Active", "here", "[0-9]+ ms", "[0-9]+ ms", "[0-9]+ ms");
        var page = given().header("Accept", "text/html").get("/status").asString();
        assertTrue(page.matches("(?s).*Open orders: <strong>(at least )?[0-9,]+</strong>.*"), page);
    }

    @Test
    void othersAreKnownByTheirHeartbeats() {
        var fine = Http.anId("fine");
        var broken = Http.anId("broken");
        var gone = Http.anId("gone");
        var odd = Http.anId("odd");
        try (var beats = new Beats()) {
            beats.write(fine, Instant.now(), "UP", 7);
            beats.write(broken, Instant.now().minusSeconds(3), "DOWN", 8);
            beats.write(gone, Instant.now().minusSeconds(3 * 3600), "UP", 9);
            beats.writeNonsense(odd);
            assertRow(fine, fine, "Up", "Active", "[0-9] s ago", "7 ms", "8 ms", "87 ms");
            assertRow(broken, broken, "Down", "Active", "[0-9]+ s ago", "8 ms", "9 ms", "88 ms");
            assertRow(gone, gone, "Silent", "Active", "3 h ago", "9 ms", "10 ms", "89 ms");
            assertEquals(List.of(), row(odd));
            List.of(fine, broken, gone, odd).forEach(beats::remove);
        }
        assertRow(fine);
    }

    @Test
    void aDrainedRegionIsShownAsDrainedBeforeItHasHeardOfIt() {
        var region = Http.anId("drained");
        try (var beats = new Beats()) {
            beats.write(region, Instant.now(), "UP", 7);
            drain(region, "DRAINED");
            assertRow(region, region, "Up", "Drained", "[0-9] s ago", "7 ms", "8 ms", "87 ms");
            beats.write(region, Instant.now(), "DRAINED", 7);
            assertRow(region, region, "Drained", "Drained", "[0-9] s ago", "7 ms", "8 ms", "87 ms");
            drain(region, "ACTIVE");
            beats.remove(region);
            assertRow(region, region, "Silent", "Active", "never", "–", "–", "–");
            beats.removeSwitch(region);
        }
        assertRow(region);
    }

    private static void drain(String region, String state) {
        given().contentType(ContentType.JSON)
                .body(Map.of("state", state))
                .put("/admin/regions/" + region)
                .then()
                .statusCode(200);
    }

    @Test
    void heartbeatsAreNoSwitches() {
        var region = Http.anId("beating");
        try (var beats = new Beats()) {
            beats.write(region, Instant.now(), "UP", 7);
            var switches = given().get("/admin/regions")
                    .then()
                    .statusCode(200)
                    .extract()
                    .asString();
            assertTrue(!switches.contains(region), switches);
            beats.remove(region);
        }
    }
}
