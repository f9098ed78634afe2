package dev.meridian.mysfit;

import static dev.meridian.mysfit.Creatures.n;
import static dev.meridian.mysfit.Creatures.s;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.instanceOf;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
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
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

@QuarkusTest
@ComponentTest
@Tag("dynamodb")
class MysfitResourceTest {
    private static final String PROBLEM = "application/problem+json";
    private static final String EVANGELINE = "4e53920c-505a-4a90-a694-b9300791f0ae";
    private static final String PAULY = "2b473002-36f8-4b87-954e-9a377e0ccbec";
    private static final String QUILLON = "da5303ae-5aba-495c-b5d6-eb5c4a66b941";
    private static final String[] SAMPLE = {
        QUILLON,
        EVANGELINE,
        PAULY,
        "561987fe-4f26-4087-9b7b-d1784a7f3900",
        "35d26de2-12f6-4606-912e-9aee87208f32",
        "752d1b63-6113-4e21-8764-b107a1ecaffe",
        "546e0f3f-1c0b-4a66-bfb3-adb06f42c063",
        "8348cc22-727b-48a6-89f2-fa6c51862a55",
        "5ea07f12-1907-4aa3-93f3-1dc8208fb0f1",
        "805d4fd6-22b2-42c6-82d9-e538cd735b52",
        "5f09875f-d2cc-497e-8d30-7942bca84ae5",
        "f4b995d2-6a11-4a2b-a8d7-0741bfed511a"
    };

    private final Creatures creatures = new Creatures();

    @AfterEach
    void cleanUp() {
        creatures.close();
    }

    private static ValidatableResponse get(String path) {
        return given().urlEncodingEnabled(false).get(path).then();
    }

    private static ValidatableResponse post(String path) {
        return given().urlEncodingEnabled(false).post(path).then();
    }

    private static ValidatableResponse isProblem(ValidatableResponse answer, int status, String type) {
        return answer.statusCode(status)
                .contentType(PROBLEM)
                .body("type", equalTo("urn:meridian:problem:" + type))
                .body("status", equalTo(status))
                .body("traceId", matchesPattern("[0-9a-f]{32}"));
    }

    @Test
    void theListHasTheTwelveOfTheSampleWithEveryFact() {
        var list = get("/mysfits")
                .statusCode(200)
                .contentType(ContentType.JSON)
                .header("X-Region", "eu-west-1")
                .body("size()", is(1))
                .body("mysfits.mysfitId", hasItems(SAMPLE))
                .extract()
                .jsonPath();
        for (var id : SAMPLE) {
            Map<String, Object> mysfit = list.getMap("mysfits.find { it.mysfitId == '" + id + "' }");
            assertEquals(11, mysfit.size(), mysfit.toString());
            assertTrue(mysfit.get("age") instanceof Integer age && age > 0, id);
            assertTrue(mysfit.get("likes") instanceof Integer likes && likes >= 0, id);
            assertTrue(mysfit.get("adopted") instanceof Boolean, id);
            for (var text : new String[] {"name", "species", "description"}) {
                assertTrue(mysfit.get(text) instanceof String value && !value.isBlank(), id + " " + text);
            }
        }
        assertEquals(
                12,
                list.getList("mysfits.findAll { it.mysfitId.length() == 36 }.name.unique()")
                        .size());
        get("/mysfits")
                .body("mysfits.goodevil", hasItems("Good", "Neutral", "Evil"))
                .body("mysfits.lawchaos", hasItems("Lawful", "Neutral", "Chaotic"));
    }

    @Test
    void oneMysfitHasItsFacts() {
        get("/mysfits/" + EVANGELINE)
                .statusCode(200)
                .body("mysfitId", equalTo(EVANGELINE))
                .body("name", equalTo("Evangeline"))
                .body("species", equalTo("Chimera"))
                .body("age", equalTo(43))
                .body("goodevil", equalTo("Evil"))
                .body("lawchaos", equalTo("Lawful"))
                .body("likes", instanceOf(Integer.class))
                .body("adopted", instanceOf(Boolean.class));
        get("/mysfits/" + PAULY)
                .statusCode(200)
                .body("name", equalTo("Pauly"))
                .body("species", equalTo("Cyclops"))
                .body("age", equalTo(2));
        get("/mysfits/" + QUILLON).statusCode(200);
    }

    @Test
    void everyMysfitOfTheSampleHasItsPictures() {
        for (var id : SAMPLE) {
            for (var uri : new String[] {"thumbImageUri", "profileImageUri"}) {
                var path = get("/mysfits/" + id).extract().<String>path(uri);
                assertEquals("/assets/mysfits/" + id + ".svg", path);
                get(path)
                        .statusCode(200)
                        .contentType("image/svg+xml")
                        .body(containsString("<title"), startsWith("<svg"));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "GoodEvil, goodevil, Good", "GoodEvil, goodevil, Neutral", "GoodEvil, goodevil, Evil",
        "LawChaos, lawchaos, Lawful", "LawChaos, lawchaos, Neutral", "LawChaos, lawchaos, Chaotic"
    })
    void aFilterGivesThoseAndNoOthers(String filter, String field, String value) {
        var in = filter.equals("GoodEvil") ? creatures.with(value, "Odd") : creatures.with("Odd", value);
        var out = creatures.with("Odd", "Odd");
        get("/mysfits?filter=" + filter + "&value=" + value)
                .statusCode(200)
                .body("mysfits." + field, everyItem(equalTo(value)))
                .body("mysfits.mysfitId", hasItem(in))
                .body("mysfits.mysfitId", not(hasItem(out)))
                .body("mysfits.findAll { it.mysfitId.length() == 36 }.size()", greaterThan(0));
    }

    @Test
    void aFilteredListHasTheLikesToo() {
        var id = creatures.any();
        post("/mysfits/" + id + "/like").statusCode(200);
        get("/mysfits?filter=GoodEvil&value=Good").body("mysfits.find { it.mysfitId == '" + id + "' }.likes", is(1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"good", "Purple", "%00", "%F0%9F%A6%84", "%ED%A0%80", "a%22%27%20OR%201"})
    void aFilterWithoutAMatchIsAnEmptyList(String value) {
        var answer = get("/mysfits?filter=GoodEvil&value=" + value).statusCode(200);
        assertEquals("{\"mysfits\":[]}", answer.extract().asString());
        get("/mysfits?filter=LawChaos&value=" + value).statusCode(200).body("mysfits", empty());
    }

    @Test
    void aFilterNeedsAKnownNameAndAValue() {
        for (var query : new String[] {
            "filter=Age&value=2", "filter=goodevil&value=Good", "filter=GoodEvil%20&value=Good", "filter=%00&value=Good"
        }) {
            isProblem(get("/mysfits?" + query), 400, "invalid-request")
                    .body("errors.field", equalTo(List.of("filter")));
        }
        for (var query : new String[] {"filter=GoodEvil", "filter=GoodEvil&value=", "filter=LawChaos&value"}) {
            isProblem(get("/mysfits?" + query), 400, "invalid-request").body("errors.field", equalTo(List.of("value")));
        }
        isProblem(get("/mysfits?filter=GoodEvil&value=" + "x".repeat(101)), 400, "invalid-request");
        get("/mysfits?filter=GoodEvil&value=" + "x".repeat(100)).statusCode(200).body("mysfits", empty());
    }

    @ParameterizedTest
    @ValueSource(strings = {"filter=", "filter=&value=Good", "value=Good", "unknown=1", "filter"})
    void withoutAFilterTheListIsComplete(String query) {
        get("/mysfits?" + query).statusCode(200).body("mysfits.mysfitId", hasItems(SAMPLE));
    }

    @Test
    void aContentTypeOnAGetDoesNotMatter() {
        for (var type : new String[] {"application/json", "text/plain", "application/x-www-form-urlencoded"}) {
            given().header("Content-Type", type).get("/mysfits").then().statusCode(200);
            given().header("Content-Type", type).get("/mysfits/" + PAULY).then().statusCode(200);
        }
    }

    @Test
    void anUnknownMysfitIsAProblem() {
        isProblem(get("/mysfits/" + Http.anId("none")), 404, "unknown-mysfit")
                .body("detail", startsWith("No mysfit none-"));
        isProblem(get("/mysfits/" + "x".repeat(128)), 404, "unknown-mysfit");
        isProblem(post("/mysfits/" + Http.anId("none") + "/adopt"), 404, "unknown-mysfit");
        var id = Http.anId("none");
        isProblem(post("/mysfits/" + id + "/like"), 404, "unknown-mysfit");
        assertEquals(Map.of(), creatures.likeItems(id, "n"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a%20b", "%00", "%23regions", "a%2Fb", "%C3%A9", "%F0%9F%A6%84"})
    void anIdOfOtherCharactersIsRefused(String id) {
        isProblem(get("/mysfits/" + id), 400, "invalid-request");
        isProblem(post("/mysfits/" + id + "/like"), 400, "invalid-request");
        isProblem(post("/mysfits/" + id + "/adopt"), 400, "invalid-request");
    }

    @Test
    void anIdOf129CharactersIsRefused() {
        isProblem(get("/mysfits/" + "x".repeat(129)), 400, "invalid-request");
        isProblem(post("/mysfits/" + "x".repeat(129) + "/like"), 400, "invalid-request");
        isProblem(post("/mysfits/" + "x".repeat(129) + "/adopt"), 400, "invalid-request");
    }

    @Test
    void aLikeCountsOnceWhateverTheContentType() throws Exception {
        var id = creatures.any();
        var path = "/mysfits/" + id + "/like";
        var first = Http.send("POST", path, null);
        assertEquals(200, first.statusCode());
        assertEquals("{\"Update\":\"Success\",\"likes\":1}", first.body());
        given().contentType(ContentType.JSON).post(path).then().statusCode(200).body("likes", is(2));
        given().contentType(ContentType.JSON)
                .body("{\"any\":1}")
                .post(path)
                .then()
                .statusCode(200)
                .body("likes", is(3));
        given().contentType(ContentType.TEXT)
                .body("x")
                .post(path)
                .then()
                .statusCode(200)
                .body("likes", is(4));
        given().contentType("application/x-www-form-urlencoded")
                .post(path)
                .then()
                .statusCode(200)
                .body("likes", is(5));
        get("/mysfits/" + id).body("likes", is(5));
        get("/mysfits").body("mysfits.find { it.mysfitId == '" + id + "' }.likes", is(5));
    }

    @Test
    void anAdoptionIsMadeOnce() throws Exception {
        var id = creatures.any();
        var first = Http.send("POST", "/mysfits/" + id + "/adopt", null);
        assertEquals(200, first.statusCode());
        assertEquals("{\"Update\":\"Success\"}", first.body());
        get("/mysfits/" + id).body("adopted", is(true)).body("likes", is(0)).body("age", is(17));
        get("/mysfits").body("mysfits.find { it.mysfitId == '" + id + "' }.adopted", is(true));
        isProblem(post("/mysfits/" + id + "/adopt"), 409, "already-adopted")
                .body("code", is(409))
                .body("message", notNullValue());
        var other = creatures.any();
        given().contentType(ContentType.JSON)
                .post("/mysfits/" + other + "/adopt")
                .then()
                .statusCode(200);
        assertEquals(
                1,
                Creatures.sql(
                        "SELECT count(*) FROM adoptions WHERE mysfit_id = '" + id + "' AND region = 'eu-west-1'"));
    }

    @Test
    void ofThirtyWhoAdoptAtOnceOneSucceeds() throws Exception {
        var id = creatures.any();
        var statuses = Race.run(
                30,
                30,
                _ -> () -> Http.send("POST", "/mysfits/" + id + "/adopt", null).statusCode());
        System.out.printf("adoptions at once: %s%n", statuses);
        assertEquals(1, statuses.stream().filter(status -> status == 200).count());
        assertEquals(29, statuses.stream().filter(status -> status == 409).count());
    }

    @Test
    void anAdoptionWhoseFlagWasNeverWrittenIsRepairedByTheNext() {
        var id = creatures.any();
        Creatures.sql("INSERT INTO adoptions (mysfit_id, region) VALUES ('" + id + "', 'eu-central-1')");
        get("/mysfits/" + id).body("adopted", is(false));
        isProblem(post("/mysfits/" + id + "/adopt"), 409, "already-adopted");
        get("/mysfits/" + id).body("adopted", is(true));
        assertEquals(
                1,
                Creatures.sql(
                        "SELECT count(*) FROM adoptions WHERE mysfit_id = '" + id + "' AND region = 'eu-central-1'"));
    }

    @Test
    void withoutAWriterNobodyAdoptsAndLikesGoOn() {
        var id = creatures.any();
        readOnly(true);
        try {
            isProblem(post("/mysfits/" + id + "/adopt"), 503, "store-unavailable")
                    .header("Retry-After", matchesPattern("[1-9]\\d*"))
                    .body("detail", not(containsString("read-only")));
            post("/mysfits/" + id + "/like").statusCode(200).body("likes", is(1));
            get("/mysfits/" + id).body("adopted", is(false));
        } finally {
            readOnly(false);
        }
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> post("/mysfits/" + id + "/adopt").statusCode(200));
    }

    /// A writer that becomes a replica: connections break, and new ones are read-only.
    private static void readOnly(boolean on) {
        Creatures.sql("ALTER DATABASE postgres SET default_transaction_read_only = " + (on ? "on" : "off"));
        Creatures.sql("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
                + "WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'");
    }

    @Test
    void itemsOfTheOlderShopCanBeRead() {
        var old = creatures.with(Map.of(
                "Name", s("Relic"),
                "Age", s("1001"),
                "GoodEvil", s("Good"),
                "LawChaos", s("Neutral"),
                "Likes", n(250),
                "Adopted", s("true")));
        get("/mysfits/" + old)
                .statusCode(200)
                .body("age", is(1001))
                .body("likes", is(250))
                .body("adopted", is(true))
                .body("species", is(""))
                .body("thumbImageUri", is(""));
        post("/mysfits/" + old + "/like").statusCode(200).body("likes", is(251));
        get("/mysfits").body("mysfits.find { it.mysfitId == '" + old + "' }.likes", is(251));
        isProblem(post("/mysfits/" + old + "/adopt"), 409, "already-adopted");
        assertEquals(0, Creatures.sql("SELECT count(*) FROM adoptions WHERE mysfit_id = '" + old + "'"));
    }

    @Test
    void itemsThatLackOrTwistAttributesCanBeRead() {
        var bare = creatures.with(Map.of());
        get("/mysfits/" + bare)
                .statusCode(200)
                .body("name", is(""))
                .body("age", is(0))
                .body("likes", is(0))
                .body("adopted", is(false));
        var twisted = creatures.with(Map.of(
                "Name", AttributeValue.fromBool(true),
                "Age", s("very old"),
                "Likes", s("12"),
                "Adopted", s("False"),
                "Extra", n(1)));
        get("/mysfits/" + twisted)
                .statusCode(200)
                .body("name", is(""))
                .body("age", is(0))
                .body("likes", is(12))
                .body("adopted", is(false));
        var huge = creatures.with(Map.of("Age", AttributeValue.fromN("1E+30"), "Likes", AttributeValue.fromN("-5")));
        get("/mysfits/" + huge)
                .statusCode(200)
                .body("age", is(Integer.MAX_VALUE))
                .body("likes", is(0));
        get("/mysfits").statusCode(200).body("mysfits.mysfitId", hasItems(bare, twisted, huge));
        post("/mysfits/" + bare + "/adopt").statusCode(200);
        get("/mysfits/" + bare).body("adopted", is(true));
    }

    @Test
    void aListOfSeveralPagesIsComplete() {
        // DynamoDB ends a page at 1 MB: six of these take two.
        var long300k = "x".repeat(300_000);
        var ids = IntStream.range(0, 6)
                .mapToObj(_ -> creatures.with(Map.of("Description", s(long300k), "GoodEvil", s("Bulky"))))
                .toArray(String[]::new);
        get("/mysfits")
                .statusCode(200)
                .body("mysfits.mysfitId", hasItems(ids))
                .body("mysfits.mysfitId", hasItems(SAMPLE));
        get("/mysfits?filter=GoodEvil&value=Bulky").statusCode(200).body("mysfits", hasSize(6));
    }

    @Test
    void otherMethodsAndTypesAreProblems() {
        isProblem(
                given().contentType(ContentType.JSON).body("{}").put("/mysfits").then(), 405, "method-not-allowed");
        isProblem(given().delete("/mysfits/" + PAULY).then(), 405, "method-not-allowed");
        isProblem(get("/mysfits/" + PAULY + "/like"), 405, "method-not-allowed");
        isProblem(get("/mysfits/" + PAULY + "/adopt"), 405, "method-not-allowed");
        isProblem(given().accept("image/png").get("/mysfits").then(), 406, "not-acceptable");
        isProblem(post("/mysfits/" + PAULY + "/feed"), 404, "not-found");
        isProblem(get("/assets/mysfits/none.svg"), 404, "not-found");
    }

    @Test
    void aPreflightIsAnswered() {
        given().header("Origin", "https://shop.example")
                .header("Access-Control-Request-Method", "POST")
                .options("/mysfits/" + PAULY + "/like")
                .then()
                .statusCode(200)
                .header("Access-Control-Allow-Origin", "https://shop.example");
    }

    @Test
    void theListIsSortedByName() throws Exception {
        var names = JsonPath.from(Http.send("GET", "/mysfits", null).body()).<String>getList("mysfits.name");
        assertEquals(names.stream().sorted().toList(), names);
    }
}
