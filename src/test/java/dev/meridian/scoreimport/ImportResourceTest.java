package dev.meridian.scoreimport;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.instanceOf;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.meridian.ComponentTest;
import dev.meridian.testing.Http;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@QuarkusTest
@ComponentTest
@Tag("dynamodb")
class ImportResourceTest {
    private static final String HEADER = "player,country,score,playedAt\n";

    private static Response send(String csv, String... headers) {
        var request = given().contentType("text/csv; charset=utf-8").body(csv.getBytes(StandardCharsets.UTF_8));
        for (int i = 0; i < headers.length; i += 2) request.header(headers[i], headers[i + 1]);
        return request.post("/leaderboard/import");
    }

    private static String rows(String prefix, String country, int count) {
        var csv = new StringBuilder(HEADER);
        for (int i = 0; i < count; i++) {
            csv.append("%s-%d,%s,%d,2026-03-01T10:00:00Z%n".formatted(prefix, i, country, i));
        }
        return csv.toString();
    }

    @Test
    void fiveHundredRowsAreImportedFast() {
        var result = send(rows(Http.anId("fast"), "EE", 500))
                .then()
                .statusCode(200)
                .extract()
                .jsonPath();
        System.out.printf("import rows=500 seconds=%s%n", result.getString("seconds"));
        assertEquals(500, result.getInt("imported"));
        assertEquals(List.of(), result.getList("rejected"));
        assertTrue(result.get("seconds") instanceof Number);
        assertTrue(result.getDouble("seconds") < 10, "the original took 15.5 s");
        given().get("/leaderboard?country=EE&limit=3").then().body("scores.score", contains(499, 498, 497));
    }

    @Test
    void progressIsALineForEachHundredRows() {
        var answer = send(rows(Http.anId("progress"), "LV", 250), "Accept", "application/x-ndjson");
        answer.then().statusCode(200).contentType(startsWith("application/x-ndjson"));
        var lines = answer.asString().split("\n");
        assertEquals(3, lines.length, answer.asString());
        assertTrue(lines[0].matches("row: 100 in \\d+\\.\\d\\d"), lines[0]);
        assertTrue(lines[1].matches("row: 200 in \\d+\\.\\d\\d"), lines[1]);
        var result = JsonPath.from(lines[2]);
        assertEquals(250, result.getInt("imported"));
        assertTrue(result.get("seconds") instanceof Number);
    }

    @Test
    void badLinesAreReportedAndTheOthersImported() {
        var csv = "\uFEFFplayer,country,score,playedAt\r\n"
                + "\"quoted, \"\"name\"\"\",by,5,2026-03-01T10:00:00+01:00\r\n" // 2
                + "\r\n" // 3: blank
                + "p,XX,5,\r\n" // 4
                + "p,BY,-5,\r\n" // 5
                + "p,BY,1.5,\r\n" // 6
                + "p,BY,1000000000001,\r\n" // 7
                + "#p,BY,5,\r\n" // 8
                + "p,BY\r\n" // 9: the score is missing
                + "p,BY,5,,x\r\n" // 10: a field too many
                + "p,BY,5,yesterday\r\n" // 11
                + "p,BY,5,2999-01-01T00:00:00Z\r\n" // 12
                + "p\"q,BY,5,\r\n" // 13
                + ",BY,5,\r\n" // 14
                + "now,BY,1000000000000,"; // 15, no line end
        send(csv)
                .then()
                .statusCode(200)
                .body("imported", equalTo(2))
                .body("rejected.line", contains(4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14))
                .body("rejected[0].reason", startsWith("country"))
                .body("rejected[1].reason", startsWith("score"))
                .body("rejected.reason", hasItem("has 5 fields instead of 4"))
                .body("rejected.reason", hasItem("has a quote inside an unquoted field"))
                .body("rejectedNotListed", equalTo(0))
                .body("seconds", instanceOf(Number.class));
        given().get("/leaderboard?country=BY")
                .then()
                .body("scores.player", contains("now", "quoted, \"name\""))
                .body("scores[0].playedAt", notNullValue())
                .body("scores[1].playedAt", equalTo("2026-03-01T09:00:00Z"))
                .body("scores[1].region", equalTo("eu-west-1"))
                .body("scores[1].id", matchesPattern("[0-9A-HJKMNP-TV-Z]{26}"));
    }

    @Test
    void aHundredRejectedLinesAreListedAndTheOthersCounted() {
        send(HEADER + "x,XX,1,\n".repeat(130))
                .then()
                .statusCode(200)
                .body("imported", equalTo(0))
                .body("rejected", hasSize(100))
                .body("rejectedNotListed", equalTo(30));
    }

    @Test
    void theHeaderMustBeRight() {
        for (var csv :
                List.of("", "\n", "a,b,c\n", "player,country\nx,NL\n", "x,NL,5\n", "player,country,score,Score\n")) {
            send(csv)
                    .then()
                    .statusCode(400)
                    .contentType("application/problem+json")
                    .body("errors.field", hasItem("header"));
        }
        send("a,b,c\n", "Accept", "application/x-ndjson")
                .then()
                .statusCode(400)
                .contentType("application/problem+json");
        send("Player , COUNTRY,score\nshort,LB,5\n").then().statusCode(200).body("imported", equalTo(1));
        send("player,country,score").then().statusCode(200).body("imported", equalTo(0));
        send(HEADER + "x,NL,5,\n", "Idempotency-Key", "x".repeat(256)).then().statusCode(400);
    }

    private static void isImported(int rows, String type, byte[] csv) {
        given().contentType(type)
                .body(csv)
                .post("/leaderboard/import")
                .then()
                .statusCode(200)
                .body("rejected", hasSize(0))
                .body("imported", equalTo(rows));
    }

    /// As spreadsheets and people write them.
    @Test
    void filesAreTakenAsPeopleHaveThem() {
        for (var csv : List.of(
                "player;country;score\nsheet;IS;1\n",
                "player\tcountry\tscore\nsheet\tIS\t1\n",
                "sep=;\nplayer;country;score\nsheet;IS;1\n",
                "player,country,score,,\nsheet,IS,1,,\n,,,,\n",
                "Score;Team;Country;Player;Played at\n1;red;IS;sheet;\n",
                "player,country,score,played_at\nsheet,IS,1\n",
                "player,country,score\nsheet,IS,1.0\n",
                "player,country,score\nsheet,IS,1E+6\n",
                "player;country;score\nsheet;IS;1,0E+6\n",
                "player;country;score\nsheet;IS;100,0\n",
                "player,country,score\nsheet,IS,1E+12\n")) {
            isImported(1, "text/csv", csv.getBytes(StandardCharsets.UTF_8));
        }
        var name = "player;country;score\nPé\u20acter;IS;77\n";
        isImported(1, "text/csv", ("\uFEFF" + name).getBytes(StandardCharsets.UTF_16LE));
        isImported(1, "text/csv; charset=utf-16be", name.getBytes(StandardCharsets.UTF_16BE));
        isImported(
                1,
                "text/csv; charset=\"Windows-1252\"",
                name.replace('\u20ac', '\u0080').getBytes(StandardCharsets.ISO_8859_1));
        given().get("/leaderboard?country=IS&limit=100")
                .then()
                .body("scores.findAll { it.player == 'Pé\u20acter' }", hasSize(3))
                .body("scores.score", hasItem(1_000_000_000_000L));
    }

    @Test
    void aReasonNamesWhatIsWrong() {
        send("player,country,score\np,IS,\"1,000\"\np,IS,1.5\np,IS,1E-1\np,IS,1E+99\np,IS,1.000\n")
                .then()
                .body("imported", equalTo(0))
                .body("rejected[0].reason", containsString("groups of three"))
                .body("rejected[1].reason", containsString("integer"))
                .body("rejected[2].reason", containsString("integer"))
                .body("rejected[3].reason", containsString("integer"))
                .body("rejected[4].reason", containsString("groups of three"));
        send("player|country|score\np|IS|5\n")
                .then()
                .statusCode(400)
                .body("errors[0].message", containsString("semicolons"));
        send("player,score\n").then().statusCode(400).body("errors[0].message", containsString("country"));
        given().contentType("text/csv; charset=utf-8")
                .body("player,country,score\nJos\u00e9,IS,1\n".getBytes(StandardCharsets.ISO_8859_1))
                .post("/leaderboard/import")
                .then()
                .statusCode(200)
                .body("rejected[0].reason", containsString("windows-1252"));
    }

    @Test
    void anImportWithAKeyIsDoneOnce() {
        var key = Http.anId("key");
        // Two equal rows are two scores; rows without a time keep the time of the first import.
        var csv = "player,country,score\nsame,CY,5\nsame,CY,5\nother,CY,4\n";
        send(csv, "Idempotency-Key", key).then().statusCode(200).body("imported", equalTo(3));
        var before = given().get("/leaderboard?country=CY").asString();
        send(csv, "Idempotency-Key", key).then().statusCode(200).body("imported", equalTo(3));
        assertEquals(before, given().get("/leaderboard?country=CY").asString());
        given().get("/leaderboard?country=CY").then().body("scores", hasSize(3));
        send(csv, "Idempotency-Key", Http.anId("key")).then().statusCode(200);
        given().get("/leaderboard?country=CY").then().body("scores", hasSize(6));
        send(csv).then().statusCode(200);
        given().get("/leaderboard?country=CY").then().body("scores", hasSize(9));
    }

    @Test
    void otherTypesAndMethodsAreRefused() {
        given().contentType(ContentType.JSON)
                .body("{}")
                .post("/leaderboard/import")
                .then()
                .statusCode(415);
        given().contentType("text/csv; charset=iso-8859-15")
                .body("x")
                .post("/leaderboard/import")
                .then()
                .statusCode(415);
        given().contentType("text/csv")
                .accept("text/html")
                .body("x")
                .post("/leaderboard/import")
                .then()
                .statusCode(406);
        for (var broken : List.of("", "application/json;q", "x".repeat(500))) {
            given().contentType("text/csv")
                    .header("Accept", broken)
                    .body(HEADER)
                    .post("/leaderboard/import")
                    .then()
                    .statusCode(lessThan(500));
        }
        given().get("/leaderboard/import").then().statusCode(405).contentType("application/problem+json");
        given().contentType("text/csv; charset=iso-8859-1")
                .body("player,country,score\nJosé,GI,5\n".getBytes(StandardCharsets.ISO_8859_1))
                .post("/leaderboard/import")
                .then()
                .statusCode(200);
        given().get("/leaderboard?country=GI").then().body("scores.player", containsInAnyOrder("José"));
        var cut = given().contentType("text/csv").body(new byte[] {'p', ',', (byte) 0xC3, '\n'});
        cut.post("/leaderboard/import").then().statusCode(400);
    }

    @Test
    void bodiesHaveBounds() throws Exception {
        // Over 1 MB, which only an import may have: one long comment of a row that is rejected.
        send(HEADER + ("x".repeat(9_999) + "\n").repeat(150))
                .then()
                .statusCode(200)
                .body("imported", equalTo(0));
        send(HEADER + ("x".repeat(9_999) + "\n").repeat(1_060)).then().statusCode(413);
        var large = "{\"player\":\"" + "x".repeat(1_100_000) + "\"}";
        given().contentType(ContentType.JSON)
                .body(large)
                .post("/leaderboard")
                .then()
                .statusCode(413)
                .contentType("application/problem+json")
                .body("type", equalTo("urn:meridian:problem:content-too-large"));
        assertEquals(413, chunked("/leaderboard/import", "text/csv", HEADER, "x".repeat(99_999) + "\n", 110));
        assertEquals(200, chunked("/leaderboard/import", "text/csv", HEADER, "x".repeat(99_999) + "\n", 20));
    }

    /// Rejected rows count too, and need no writes.
    @Test
    void tooManyRowsAreRefused() {
        send(HEADER + "x,XX,1,\n".repeat(100_000))
                .then()
                .statusCode(200)
                .body("imported", equalTo(0))
                .body("rejectedNotListed", equalTo(99_900));
        send(HEADER + "x,XX,1,\n".repeat(100_001))
                .then()
                .statusCode(413)
                .body("type", equalTo("urn:meridian:problem:content-too-large"))
                .body("detail", containsString("100000 rows"));
    }

    /// Sends a body without a Content-Length.
    private static int chunked(String path, String type, String first, String piece, int pieces) throws Exception {
        var parts = java.util.stream.Stream.concat(
                java.util.stream.Stream.of(first),
                java.util.stream.Stream.generate(() -> piece).limit(pieces));
        var bytes = parts.map(p -> p.getBytes(StandardCharsets.UTF_8)).toList();
        var request = java.net.http.HttpRequest.newBuilder(Http.uri(path))
                .timeout(Duration.ofSeconds(30))
                .header("Content-Type", type)
                .POST(java.net.http.HttpRequest.BodyPublishers.ofByteArrays(bytes))
                .build();
        try (var client = java.net.http.HttpClient.newHttpClient()) {
            return client.send(request, java.net.http.HttpResponse.BodyHandlers.ofString())
                    .statusCode();
        }
    }

    @Test
    void tooManyImportsAtOnceAreRefusedAndAClientThatLeavesStopsItsImport() throws Exception {
        var prefix = Http.anId("leaves");
        try (var one = open(prefix, 200);
                var two = open(prefix, 0)) {
            // Both have begun, and wait for their bodies.
            Awaitility.await()
                    .atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> send("player,country,score\n")
                            .then()
                            .statusCode(429)
                            .contentType("application/problem+json")
                            .header("Retry-After", matchesPattern("[1-9]\\d*"))
                            .body("type", equalTo("urn:meridian:problem:too-many-imports")));
            assertTrue(one.isConnected() && two.isConnected());
        }
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> send("player,country,score\n").then().statusCode(200));
    }

    /// Starts an import of a thousand rows and sends only some of them.
    private static Socket open(String prefix, int count) throws IOException {
        var uri = Http.uri("/leaderboard/import");
        var socket = new Socket(uri.getHost(), uri.getPort());
        var head = "POST /leaderboard/import HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/csv\r\n"
                + "Content-Length: 60000\r\n\r\n";
        socket.getOutputStream().write((head + rows(prefix, "MD", count)).getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().flush();
        return socket;
    }
}
