package dev.meridian.ticket;

import static io.restassured.RestAssured.given;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.meridian.ComponentTest;
import dev.meridian.testing.Http;
import dev.meridian.testing.Race;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.path.json.JsonPath;
import io.restassured.response.ValidatableResponse;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@QuarkusTest
@ComponentTest
@Tag("dynamodb")
class TicketResourceTest {
    private static final String TICKET = """
            {"description":"The like button is stuck.","assigned":"support","priority":"high","status":"open",
             "createdBy":"visitor@example.com"%s}""";

    private static String ticket(String more) {
        return TICKET.formatted(more);
    }

    @Test
    void aNewTicketHasAnIdAVersionAndATime() {
        var id = given().contentType(ContentType.JSON)
                .body(ticket(",\"id\":0,\"unknown\":true"))
                .post("/ticket")
                .then()
                .statusCode(200)
                .header("X-Region", "eu-west-1")
                .body("id", matchesPattern("[0-9A-HJKMNP-TV-Z]{26}"))
                .body("version", equalTo(1))
                .body("createdOn", matchesPattern("\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d"))
                .body("priority", equalTo("high"))
                .extract()
                .<String>path("id");
        given().contentType(ContentType.JSON)
                .get("/ticket/" + id)
                .then()
                .statusCode(200)
                .body("description", equalTo("The like button is stuck."));
    }

    private static ValidatableResponse post(String body, String... headers) {
        var request = given().contentType(ContentType.JSON).body(body);
        for (int i = 0; i < headers.length; i += 2) request.header(headers[i], headers[i + 1]);
        return request.post("/ticket").then();
    }

    private static String change(String id, String more) {
        return ticket(",\"id\":\"" + id + "\"" + more);
    }

    /// A time later than that of every other ticket.
    private static String ahead(int hours, int second) {
        return Instant.now()
                .plus(hours, ChronoUnit.HOURS)
                .truncatedTo(ChronoUnit.HOURS)
                .plusSeconds(second)
                .toString()
                .replace('T', ' ')
                .replace("Z", "");
    }

    @Test
    void theListIsNewestFirstAndGoesOn() {
        post(ticket(",\"createdOn\":\"" + ahead(20, 1) + "\",\"id\":\"\"")).statusCode(200);
        var newest = post(ticket(",\"createdOn\":\"" + ahead(20, 2) + "\""))
                .extract()
                .<String>path("id");
        var link = given().contentType(ContentType.JSON)
                .get("/ticket?limit=1")
                .then()
                .statusCode(200)
                .body("Count", equalTo(1))
                .body("ScannedCount", equalTo(1))
                .body("Items[0].id", equalTo(newest))
                .header("Link", startsWith("</ticket?"))
                .header("Link", endsWith("; rel=\"next\""))
                .extract()
                .header("Link");
        given().urlEncodingEnabled(false)
                .get(link.substring(1, link.indexOf('>')))
                .then()
                .statusCode(200)
                .body("Items[0].createdOn", equalTo(ahead(20, 1)));
    }

    @Test
    void readingAllPagesFindsEveryTicketOnce() {
        // Many in one second: the id must tell them apart.
        var mine = new HashSet<String>();
        for (int i = 0; i < 25; i++) {
            mine.add(post(ticket(",\"createdOn\":\"" + ahead(10, i / 10) + "\""))
                    .statusCode(200)
                    .extract()
                    .path("id"));
        }
        var seen = new ArrayList<String>();
        var times = new ArrayList<String>();
        var path = "/ticket?limit=7";
        int pages = 0;
        while (path != null && pages < 500) {
            var answer = given().urlEncodingEnabled(false)
                    .get(path)
                    .then()
                    .statusCode(200)
                    .extract();
            List<String> ids = answer.path("Items.id");
            assertEquals(ids.size(), answer.<Integer>path("Count"));
            seen.addAll(ids);
            times.addAll(answer.<List<String>>path("Items.createdOn"));
            var link = answer.header("Link");
            path = link == null ? null : link.substring(1, link.indexOf('>'));
            pages++;
        }
        System.out.printf("tickets pages=%d read=%d distinct=%d%n", pages, seen.size(), new HashSet<>(seen).size());
        assertEquals(seen.size(), new HashSet<>(seen).size());
        assertTrue(seen.containsAll(mine));
        assertEquals(times.stream().sorted(Comparator.reverseOrder()).toList(), times);
    }

    @Test
    void ticketsThatAreAddedMeanwhileNeitherRepeatNorHideOthers() throws Exception {
        var known = Race.run(
                16,
                300,
                i -> () -> idOf(Http.send("POST", "/ticket", ticket(",\"createdOn\":\"" + ahead(5, i % 60) + "\""))));
        var isOver = new AtomicBoolean();
        var added = Collections.synchronizedList(new ArrayList<String>());
        var adding = Thread.ofVirtual().start(() -> {
            while (!isOver.get()) {
                try {
                    var second = ThreadLocalRandom.current().nextInt(60);
                    added.add(
                            idOf(Http.send("POST", "/ticket", ticket(",\"createdOn\":\"" + ahead(5, second) + "\""))));
                } catch (IOException | InterruptedException _) {
                    // Not created for certain: not expected in the list.
                }
            }
        });
        try {
            await().until(() -> added.size() > 3);
            for (int limit : List.of(20, 100)) {
                var expected = new HashSet<>(known);
                expected.addAll(List.copyOf(added));
                var seen = new ArrayList<String>();
                for (var path = "/ticket?limit=" + limit; path != null; ) {
                    var answer = given().urlEncodingEnabled(false)
                            .get(path)
                            .then()
                            .statusCode(200)
                            .extract();
                    seen.addAll(answer.<List<String>>path("Items.id"));
                    var link = answer.header("Link");
                    path = link == null ? null : link.substring(1, link.indexOf('>'));
                }
                assertEquals(seen.size(), new HashSet<>(seen).size(), "a ticket came twice");
                assertTrue(seen.containsAll(expected), "a ticket is missing");
            }
        } finally {
            isOver.set(true);
            adding.join();
        }
        System.out.println("tickets added meanwhile: " + added.size());
    }

    private static String idOf(HttpResponse<String> created) {
        assertEquals(200, created.statusCode(), created::body);
        return JsonPath.from(created.body()).getString("id");
    }

    @Test
    void theSameKeyMakesTheSameTicket() {
        var key = Http.anId("key");
        var first = given().contentType(ContentType.JSON)
                .header("Idempotency-Key", key)
                .body(ticket(""))
                .post("/ticket")
                .then()
                .statusCode(200)
                .extract()
                .asString();
        var second = given().contentType(ContentType.JSON)
                .header("Idempotency-Key", key)
                .body(ticket(""))
                .post("/ticket")
                .asString();
        assertEquals(first, second);
    }

    @Test
    void aStaleVersionIsRefused() {
        var id = given().contentType(ContentType.JSON)
                .body(ticket(""))
                .post("/ticket")
                .then()
                .extract()
                .<String>path("id");
        var change = ticket(",\"id\":\"" + id + "\",\"version\":1").replace("\"open\"", "\"closed\"");
        given().contentType(ContentType.JSON)
                .body(change)
                .post("/ticket")
                .then()
                .statusCode(200)
                .body("status", equalTo("closed"))
                .body("version", equalTo(2));
        given().contentType(ContentType.JSON)
                .body(change)
                .post("/ticket")
                .then()
                .statusCode(409)
                .contentType("application/problem+json")
                .body("type", equalTo("urn:meridian:problem:stale-ticket"))
                .body("code", equalTo(409))
                .body("traceId", matchesPattern("(?!0{32})[0-9a-f]{32}"))
                .body("message", notNullValue());
    }

    @Test
    void valuesOutOfBoundsAreNamed() {
        given().contentType(ContentType.JSON)
                .body(ticket("").replace("The like button is stuck.", "too short"))
                .post("/ticket")
                .then()
                .statusCode(400)
                .contentType("application/problem+json")
                .body("errors.field", hasItem("description"));
        given().contentType(ContentType.JSON)
                .body(ticket("").replace("\"high\"", "\"urgent\""))
                .post("/ticket")
                .then()
                .statusCode(400)
                .body("errors.field", hasItem("priority"));
        given().contentType(ContentType.JSON).body("{").post("/ticket").then().statusCode(400);
        given().contentType(ContentType.TEXT).body("x").post("/ticket").then().statusCode(415);
        given().contentType(ContentType.JSON)
                .body(ticket(",\"id\":\"no-such-ticket\""))
                .post("/ticket")
                .then()
                .statusCode(404);
        given().get("/ticket/no-such-ticket").then().statusCode(404).contentType("application/problem+json");
        given().get("/ticket?limit=0").then().statusCode(400);
        given().get("/ticket?limit=x").then().statusCode(400).contentType("application/problem+json");
        given().get("/ticket?cursor=abc").then().statusCode(400);
    }

    @Test
    void textsHaveBoundsOnBothSides() {
        var description = "The like button is stuck.";
        for (var text : List.of("x".repeat(10), "x".repeat(2000), "😀".repeat(2000), "line\\nline\\ttab\\r\\n")) {
            post(ticket("").replace(description, text)).statusCode(200);
        }
        for (var text : List.of(
                "",
                "x".repeat(9),
                "x".repeat(2001),
                " ".repeat(10),
                "\\u0000".repeat(10),
                "bell \\u0007 rings",
                "half \\ud83d of one")) {
            post(ticket("").replace(description, text))
                    .statusCode(400)
                    .contentType("application/problem+json")
                    .body("errors.field", hasItem("description"));
        }
        for (var field : List.of("support", "visitor@example.com")) {
            var name = field.equals("support") ? "assigned" : "createdBy";
            post(ticket("").replace(field, "é".repeat(200))).statusCode(200).body(name, equalTo("é".repeat(200)));
            for (var text : List.of("x".repeat(201), "a\\u0000b", "a\\nb", "\\udc00")) {
                post(ticket("").replace(field, text)).statusCode(400).body("errors.field", hasItem(name));
            }
        }
        post(ticket("").replace("support", "")).statusCode(200).body("assigned", equalTo(""));
        post(ticket("").replace("visitor@example.com", " ")).statusCode(400).body("errors.field", hasItem("createdBy"));
    }

    @Test
    void everyFieldIsNeededAndTyped() {
        for (var field : List.of("description", "assigned", "priority", "status", "createdBy")) {
            post(ticket("").replace("\"" + field + "\":", "\"x\":"))
                    .statusCode(400)
                    .body("errors.field", hasItem(field));
            post(ticket("").replaceAll("\"" + field + "\":\"[^\"]*\"", "\"" + field + "\":null"))
                    .statusCode(400)
                    .body("errors.field", hasItem(field));
            post(ticket("").replaceAll("\"" + field + "\":\"[^\"]*\"", "\"" + field + "\":{}"))
                    .statusCode(400);
        }
        for (var value : List.of("low", "medium", "high")) {
            post(ticket("").replace("\"high\"", "\"" + value + "\""))
                    .statusCode(200)
                    .body("priority", equalTo(value));
        }
        for (var value : List.of("open", "assigned", "closed")) {
            post(ticket("").replace("\"open\"", "\"" + value + "\""))
                    .statusCode(200)
                    .body("status", equalTo(value));
        }
        for (var value : List.of("\"OPEN\"", "\"\"", "0", "\"0\"", "true", "[]", "\"done\"")) {
            post(ticket("").replace("\"open\"", value)).statusCode(400).contentType("application/problem+json");
        }
        for (var body : List.of("null", "[]", "\"x\"", "", "{\"a\":", "{} {}")) {
            post(body).statusCode(400).contentType("application/problem+json");
        }
    }

    @Test
    void timesHaveTwoFormsAndBounds() {
        created("2026-01-02 03:04:05", "2026-01-02 03:04:05");
        created("2026-01-02T03:04:05Z", "2026-01-02 03:04:05");
        created("2026-01-02T03:04:05.999+01:00", "2026-01-02 02:04:05");
        created("1970-01-01 00:00:00", "1970-01-01 00:00:00");
        created(ahead(22, 0), ahead(22, 0));
        var wrong = List.of(
                "1969-12-31 23:59:59",
                ahead(26, 0),
                "2026-02-30 00:00:00",
                "2026-01-01 24:00:00",
                "2026-01-01",
                "yesterday",
                "2026-01-02T03:04:05",
                "+1000000000-01-01T00:00:00Z",
                "99999-01-01 00:00:00");
        for (var time : wrong) {
            post(ticket(",\"createdOn\":\"" + time + "\"")).statusCode(400).body("errors.field", hasItem("createdOn"));
        }
        for (var none : List.of("\"\"", "null")) {
            post(ticket(",\"createdOn\":" + none)).statusCode(200).body("createdOn", startsWith("20"));
        }
    }

    private static void created(String sent, String expected) {
        post(ticket(",\"createdOn\":\"" + sent + "\"")).statusCode(200).body("createdOn", equalTo(expected));
    }

    @Test
    void idsOfNewTicketsAndOfOldOnes() {
        for (var none : List.of("0", "\"0\"", "\"\"", "\" \"", "null")) {
            post(ticket(",\"id\":" + none)).statusCode(200).body("id", matchesPattern("[0-9A-HJKMNP-TV-Z]{26}"));
        }
        for (var unknown : List.of("1574300000000", "\"1574300000000\"", "-1", "1.5", "\"no-such-ticket\"")) {
            post(ticket(",\"id\":" + unknown))
                    .statusCode(404)
                    .body("type", equalTo("urn:meridian:problem:unknown-ticket"));
            post(ticket(",\"id\":" + unknown + ",\"version\":1")).statusCode(404);
        }
        for (var wrong : List.of("\"a b\"", "\"" + "x".repeat(129) + "\"", "\"\\u0000\"", "[]", "{}")) {
            post(ticket(",\"id\":" + wrong)).statusCode(400).body("errors.field", hasItem("id"));
        }
        given().get("/ticket/" + "x".repeat(128)).then().statusCode(404);
        given().get("/ticket/" + "x".repeat(129)).then().statusCode(400);
        given().urlEncodingEnabled(false).get("/ticket/a%20b").then().statusCode(400);
        given().urlEncodingEnabled(false).get("/ticket/%00").then().statusCode(400);
    }

    @Test
    void aChangeKeepsWhoCreatedItAndWhen() {
        var before = post(ticket(",\"createdOn\":\"2026-01-02 03:04:05\"")).extract();
        var id = before.<String>path("id");
        post(change(id, ",\"createdOn\":\"2026-05-05 05:05:05\"")
                        .replace("visitor@example.com", "other@example.com")
                        .replace("\"support\"", "\"crew\"")
                        .replace("\"high\"", "\"low\"")
                        .replace("\"open\"", "\"assigned\""))
                .statusCode(200)
                .body("id", equalTo(id))
                .body("version", equalTo(2))
                .body("createdOn", equalTo("2026-01-02 03:04:05"))
                .body("createdBy", equalTo("visitor@example.com"))
                .body("assigned", equalTo("crew"))
                .body("priority", equalTo("low"))
                .body("status", equalTo("assigned"));
        for (var version : List.of("0", "-1", "1.5", "\"x\"", "99999999999999999999")) {
            post(change(id, ",\"version\":" + version)).statusCode(400).body("errors.field", hasItem("version"));
        }
        post(change(id, ",\"version\":3")).statusCode(409);
    }

    @Test
    void aKeyBelongsToOneTicket() {
        var key = Http.anId("key");
        var id = post(ticket(""), "Idempotency-Key", key)
                .statusCode(200)
                .extract()
                .<String>path("id");
        post(ticket("").replace("support", "crew"), "Idempotency-Key", key)
                .statusCode(422)
                .body("type", equalTo("urn:meridian:problem:idempotency-key-reused"));
        post(change(id, "").replace("\"open\"", "\"closed\"")).statusCode(200);
        post(ticket(""), "Idempotency-Key", key)
                .statusCode(200)
                .body("id", equalTo(id))
                .body("status", equalTo("closed"));
        post(ticket(""), "Idempotency-Key", "x".repeat(256)).statusCode(400);
    }

    @Test
    void pagesHaveBounds() {
        post(ticket("")).statusCode(200);
        given().get("/ticket?limit=1").then().statusCode(200).body("Count", equalTo(1));
        given().get("/ticket?limit=1000").then().statusCode(200);
        for (var limit : List.of("0", "1001", "-1", "x", "1.5", "99999999999")) {
            given().get("/ticket?limit=" + limit).then().statusCode(400).contentType("application/problem+json");
        }
        // From before the list had shards: time and id, then the id.
        var old = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString("2026-01-02T03:04:05Z#abc\u001Fabc".getBytes(StandardCharsets.UTF_8));
        // Not Base64; no time and id; empty parts; two parts.
        for (var cursor : List.of("%25", "YWJj", "I2FiYw", "YSM", "YSNhI2I", "Hw", "YR9i", old, "x".repeat(1025))) {
            given().urlEncodingEnabled(false)
                    .get("/ticket?cursor=" + cursor)
                    .then()
                    .statusCode(400)
                    .contentType("application/problem+json")
                    .body("errors.field", hasItem("cursor"));
        }
        given().delete("/ticket").then().statusCode(405).contentType("application/problem+json");
        given().accept("text/csv").get("/ticket").then().statusCode(406).contentType("application/problem+json");
    }

    @Test
    void ofTwoChangesWithOneVersionOneIsRefused() throws Exception {
        for (int round = 0; round < 10; round++) {
            var id = post(ticket("")).extract().<String>path("id");
            var statuses = Race.run(
                    8,
                    8,
                    i -> () -> Http.send(
                                    "POST",
                                    "/ticket",
                                    change(id, ",\"version\":1").replace("support", "crew-" + i))
                            .statusCode());
            // The store may close a connection: that change answers 503, done or not.
            int unknown = (int) statuses.stream().filter(s -> s == 503).count();
            int done = (int) statuses.stream().filter(s -> s == 200).count();
            assertTrue(unknown <= 1 && done <= 1 && done + unknown >= 1, statuses.toString());
            assertEquals(
                    8 - done - unknown, statuses.stream().filter(s -> s == 409).count(), statuses.toString());
            given().get("/ticket/" + id).then().body("version", equalTo(2));
        }
    }

    @Test
    void changesWithoutAVersionAllCountOrAreRefused() throws Exception {
        var id = post(ticket("")).extract().<String>path("id");
        var statuses = Race.run(
                6, 30, i -> () -> Http.send("POST", "/ticket", change(id, "")).statusCode());
        int done = (int) statuses.stream().filter(s -> s == 200).count();
        System.out.printf("ticket changes sent=%d done=%d%n", statuses.size(), done);
        assertEquals(
                statuses.size(), done + statuses.stream().filter(s -> s == 409).count());
        given().get("/ticket/" + id).then().body("version", equalTo(1 + done));
    }

    @Test
    void aTicketHasAHistoryOfItsChanges() {
        var id = post(ticket("")).extract().<String>path("id");
        var path = "/ticket/" + id + "/changes";
        given().get(path)
                .then()
                .statusCode(200)
                .body("size()", equalTo(1))
                .body("[0].version", equalTo(1))
                .body("[0].region", nullValue())
                .body("[0].changedAt", notNullValue())
                .body("[0].description", equalTo("The like button is stuck."));
        post(change(id, "").replace("open", "assigned")).statusCode(200);
        post(change(id, ",\"version\":2").replace("open", "closed")).statusCode(200);
        given().get(path)
                .then()
                .statusCode(200)
                .body("version", equalTo(List.of(3, 2, 1)))
                .body("status", equalTo(List.of("closed", "assigned", "open")))
                .body("[0].region", equalTo("eu-west-1"))
                .body("[0].changedAt", matchesPattern("20\\d\\d-.*Z"))
                .header("Link", nullValue());
        var found = new ArrayList<Integer>();
        var page = path + "?limit=2";
        for (int pages = 0; page != null && pages < 5; pages++) {
            var answer = given().urlEncodingEnabled(false)
                    .get(page)
                    .then()
                    .statusCode(200)
                    .extract();
            found.addAll(answer.<List<Integer>>path("version"));
            var link = answer.header("Link");
            page = link == null ? null : link.substring(1, link.indexOf('>'));
        }
        assertEquals(List.of(3, 2, 1), found);
        for (var wrong : List.of("?limit=0", "?limit=101", "?cursor=x")) {
            given().get(path + wrong).then().statusCode(400).contentType("application/problem+json");
        }
        given().get("/ticket/" + Http.anId("none") + "/changes").then().statusCode(404);
    }

    /// Each change that was answered 200 is in the history once, however many were made at once.
    @Test
    void noChangeOfManyAtOnceVanishes() throws Exception {
        var id = post(ticket("")).extract().<String>path("id");
        var changed = Collections.synchronizedSet(new HashSet<String>());
        Race.run(6, 30, i -> () -> {
            var crew = "crew-" + i;
            if (Http.send("POST", "/ticket", change(id, "").replace("support", crew))
                            .statusCode()
                    == 200) changed.add(crew);
            return crew;
        });
        var history =
                given().get("/ticket/" + id + "/changes").then().statusCode(200).extract();
        List<String> crews = history.path("assigned");
        System.out.printf("ticket changes done=%d kept=%d%n", changed.size(), crews.size());
        assertTrue(changed.size() >= 5, changed.toString());
        assertTrue(new HashSet<>(crews).containsAll(changed), crews.toString());
        assertEquals(crews.size(), new HashSet<>(crews).size());
        assertEquals("support", crews.getLast());
        List<Integer> versions = history.path("version");
        assertEquals(versions.stream().sorted(Comparator.reverseOrder()).toList(), versions);
        assertEquals(
                crews.getFirst(), given().get("/ticket/" + id).then().extract().path("assigned"));
    }

    @Test
    void concurrentPostsWithOneKeyAreOneTicket() throws Exception {
        var key = Http.anId("key");
        var answers = Race.run(50, 100, _ -> () -> {
            var answer = Http.send("POST", "/ticket", ticket(""), "Idempotency-Key", key);
            assertEquals(200, answer.statusCode(), answer.body());
            return answer.body();
        });
        assertEquals(1, new HashSet<>(answers).size());
    }

    @Test
    void threeHundredConcurrentPostsAreThreeHundredTickets() throws Exception {
        var ids = Race.run(50, 300, _ -> () -> {
            var answer = Http.send("POST", "/ticket", ticket(""));
            assertEquals(200, answer.statusCode(), answer.body());
            return io.restassured.path.json.JsonPath.from(answer.body()).getString("id");
        });
        System.out.printf("tickets posted=%d distinct=%d%n", ids.size(), new HashSet<>(ids).size());
        assertEquals(300, new HashSet<>(ids).size());
        for (var id : ids) {
            assertEquals(200, Http.send("GET", "/ticket/" + id, null).statusCode());
        }
    }
}
