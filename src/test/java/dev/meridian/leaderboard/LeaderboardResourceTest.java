package dev.meridian.leaderboard;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.lessThanOrEqualTo;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.meridian.ComponentTest;
import dev.meridian.testing.Http;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Each test uses its own country, which no other test and no sample data use.
@QuarkusTest
@ComponentTest
@Tag("dynamodb")
class LeaderboardResourceTest {
    private static final String PROBLEM = "application/problem+json";

    private static String aPlayer() {
        return "player-" + UUID.randomUUID();
    }

    private static String body(String player, String country, Object score) {
        return "{\"player\":\"%s\",\"country\":\"%s\",\"score\":%s}".formatted(player, country, score);
    }

    private static ValidatableResponse post(String path, String body) {
        return given().contentType(ContentType.JSON).body(body).post(path).then();
    }

    private static String submit(String player, String country, long score) {
        return post("/leaderboard", body(player, country, score))
                .statusCode(201)
                .extract()
                .path("id");
    }

    @Test
    void aScoreIsStoredAndListed() {
        for (var path : List.of("/leaderboard", "/LATEST/builder")) {
            var player = aPlayer();
            var id = post(path, body(player, "is", 1_000_000_000_000L).replace("}", ",\"unknown\":{}}"))
                    .statusCode(201)
                    .contentType(ContentType.JSON)
                    .header("X-Region", "eu-west-1")
                    .body("id", matchesPattern("[0-9A-HJKMNP-TV-Z]{26}"))
                    .body("player", equalTo(player))
                    .body("country", equalTo("IS"))
                    .body("score", equalTo(1_000_000_000_000L))
                    .body("playedAt", matchesPattern("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z"))
                    .body("region", equalTo("eu-west-1"))
                    .extract()
                    .<String>path("id");
            given().contentType(ContentType.JSON)
                    .get(path + "?country=is&limit=100")
                    .then()
                    .statusCode(200)
                    .contentType(ContentType.JSON)
                    .body("scores.id", hasItem(id))
                    .body("scores.country", everyItem(equalTo("IS")));
            given().get(path + "?limit=100").then().statusCode(200).body("scores.id", hasItem(id));
            given().get(path + "?country=&limit=100").then().statusCode(200).body("scores.id", hasItem(id));
        }
    }

    @Test
    void theHigherScoreComesFirstThenTheEarlier() {
        var ids = new ArrayList<String>();
        ids.add(submit(aPlayer(), "MT", 20));
        ids.add(submit(aPlayer(), "MT", 30));
        ids.add(submit(aPlayer(), "MT", 20));
        ids.add(submit(aPlayer(), "MT", 0));
        given().get("/leaderboard?country=MT")
                .then()
                .statusCode(200)
                .body("scores.id", contains(ids.get(1), ids.get(0), ids.get(2), ids.get(3)))
                .body("scores.score", contains(30, 20, 20, 0));
        given().get("/leaderboard?country=MT&limit=2").then().body("scores.id", contains(ids.get(1), ids.get(0)));
    }

    @Test
    void amongManyEqualScoresTheEarliestAreChosen() {
        // More equal ones than a page of the index holds, the earliest imported last.
        var csv = new StringBuilder("player,country,score,playedAt\n");
        for (int i = 0; i < 60; i++) {
            csv.append("tied-%02d,LU,500,2026-01-01T00:%02d:00Z%n".formatted(i, 59 - i));
        }
        csv.append("ahead,LU,501,2026-02-01T00:00:00Z\nbehind,LU,499,2026-01-01T00:00:00Z\n");
        given().contentType("text/csv")
                .body(csv.toString())
                .post("/leaderboard/import")
                .then()
                .statusCode(200)
                .body("imported", equalTo(62));
        given().get("/leaderboard?country=LU&limit=4")
                .then()
                .body("scores.player", contains("ahead", "tied-59", "tied-58", "tied-57"));
        given().get("/leaderboard?country=LU&limit=62").then().body("scores.player[61]", equalTo("behind"));
        given().get("/leaderboard/players/behind").then().statusCode(200).body("rank", equalTo(62));
        given().get("/leaderboard/players/tied-58").then().statusCode(200).body("rank", equalTo(3));
    }

    @Test
    void limitsHaveBounds() {
        given().get("/leaderboard").then().statusCode(200).body("scores", hasSize(10));
        given().get("/leaderboard?limit=1").then().statusCode(200).body("scores", hasSize(1));
        given().get("/leaderboard?limit=100").then().statusCode(200).body("scores", hasSize(100));
        for (var limit : List.of("0", "101", "-1", "x", "1.5", "99999999999")) {
            given().get("/leaderboard?limit=" + limit)
                    .then()
                    .statusCode(400)
                    .contentType(PROBLEM)
                    .body("type", equalTo("urn:meridian:problem:invalid-request"));
        }
        for (var country : List.of("XX", "UK", "NLD", "N", "%00", "%20", "12")) {
            given().urlEncodingEnabled(false)
                    .get("/leaderboard?country=" + country)
                    .then()
                    .statusCode(400)
                    .contentType(PROBLEM)
                    .body("errors.field", hasItem("country"));
        }
        given().get("/leaderboard?country=AQ").then().statusCode(200).body("scores", hasSize(0));
    }

    @Test
    void theSampleScoresAreThere() {
        var response = given().get("/leaderboard?country=NL&limit=100").then().statusCode(200);
        response.body("scores.size()", not(equalTo(0)));
        // Scores of other tests may be too large for an int.
        List<Number> scores = response.extract().path("scores.score");
        for (int i = 1; i < scores.size(); i++) {
            assertTrue(scores.get(i - 1).longValue() >= scores.get(i).longValue());
        }
    }

    @Test
    void wrongScoresAreRefusedAndNamed() {
        var player = aPlayer();
        for (var score : List.of(
                "-1",
                "1000000000001",
                "1.5",
                "1.0",
                "1e3",
                "\"ten\"",
                "\"\"",
                "null",
                "true",
                "[1]",
                "{}",
                "NaN",
                "99999999999999999999",
                "1e400")) {
            post("/leaderboard", body(player, "NL", score)).statusCode(400).contentType(PROBLEM);
        }
        post("/leaderboard", body(player, "NL", -1)).body("errors.field", hasItem("score"));
        for (var country : List.of("XX", "NLD", "", "N", "UK", "\\u0000\\u0000")) {
            post("/leaderboard", body(player, country, 7)).statusCode(400).body("errors.field", hasItem("country"));
        }
        for (var name : List.of("", " ", "#countries", "a\\u0000b", "a\\nb", "\\ud800", "x".repeat(65), "a\\u202eb")) {
            post("/leaderboard", body(name, "NL", 7))
                    .statusCode(400)
                    .contentType(PROBLEM)
                    .body("errors.field", hasItem("player"));
        }
        for (var missing : List.of(
                "{}",
                "null",
                "[]",
                "{",
                "",
                "{\"player\":\"x\",\"country\":\"NL\"}",
                "{\"player\":\"x\",\"score\":7}",
                "{\"country\":\"NL\",\"score\":7}",
                "{\"player\":null,\"country\":\"NL\",\"score\":7}",
                "{\"player\":{},\"country\":\"NL\",\"score\":7}")) {
            post("/leaderboard", missing).statusCode(400).contentType(PROBLEM);
        }
        given().get("/leaderboard/players/" + player).then().statusCode(404);
    }

    @Test
    void boundsOfGoodScores() {
        post("/leaderboard", body(aPlayer(), "AD", 0)).statusCode(201).body("score", equalTo(0));
        post("/leaderboard", body(aPlayer(), "AD", "\"17\"")).statusCode(201).body("score", equalTo(17));
        var longest = (aPlayer() + "x".repeat(64)).substring(0, 64);
        post("/leaderboard", body(longest, "AD", 1)).statusCode(201).body("player", equalTo(longest));
    }

    @Test
    void otherMethodsAndTypesAreRefused() {
        for (var path : List.of("/leaderboard", "/LATEST/builder")) {
            given().contentType(ContentType.TEXT)
                    .body("x")
                    .post(path)
                    .then()
                    .statusCode(415)
                    .contentType(PROBLEM);
            given().contentType(ContentType.JSON)
                    .body("{}")
                    .put(path)
                    .then()
                    .statusCode(405)
                    .contentType(PROBLEM);
            given().delete(path).then().statusCode(405).contentType(PROBLEM);
            given().accept("text/csv").get(path).then().statusCode(406).contentType(PROBLEM);
        }
        given().delete("/leaderboard/players/x").then().statusCode(405);
        given().get("/leaderboard/nothing").then().statusCode(404).contentType(PROBLEM);
    }

    @Test
    void theSameKeyIsTheSameScore() {
        var player = aPlayer();
        var key = Http.anId("key");
        var first = keyed(player, "LI", 41, key).statusCode(201).extract().asString();
        assertEquals(
                first, keyed(player, "li", 41, key).statusCode(201).extract().asString());
        keyed(player, "LI", 42, key)
                .statusCode(422)
                .contentType(PROBLEM)
                .body("type", equalTo("urn:meridian:problem:idempotency-key-reused"));
        keyed(player, "MC", 41, key).statusCode(422);
        keyed(aPlayer(), "LI", 42, key).statusCode(201);
        keyed(player, "LI", 42, Http.anId("key")).statusCode(201);
        keyed(player, "LI", 42, "x".repeat(256)).statusCode(400);
        given().get("/leaderboard?country=LI").then().body("scores", hasSize(3));
    }

    private static ValidatableResponse keyed(String player, String country, long score, String key) {
        return given().contentType(ContentType.JSON)
                .header("Idempotency-Key", key)
                .body(body(player, country, score))
                .post("/leaderboard")
                .then();
    }

    @Test
    void aPlayersBestIsDerivedAndRanked() {
        var first = aPlayer();
        var second = aPlayer();
        var third = aPlayer();
        submit(first, "SM", 100);
        submit(first, "SM", 90);
        submit(second, "SM", 95);
        submit(second, "SM", 95);
        submit(third, "SM", 95);
        submit(third, "SM", 3);
        submit(third, "VA", 94);
        given().contentType(ContentType.JSON)
                .get("/leaderboard/players/" + first)
                .then()
                .statusCode(200)
                .body("player", equalTo(first))
                .body("country", equalTo("SM"))
                .body("best.score", equalTo(100))
                .body("best.playedAt", notNullValue())
                .body("rank", equalTo(1));
        given().get("/leaderboard/players/" + second).then().body("rank", equalTo(2));
        given().get("/leaderboard/players/" + third)
                .then()
                .body("rank", equalTo(3))
                .body("best.score", equalTo(95))
                .body("country", equalTo("SM"));
        // A lower score that comes later changes nothing.
        submit(first, "SM", 1);
        given().get("/leaderboard/players/" + first)
                .then()
                .body("best.score", equalTo(100))
                .body("rank", equalTo(1));
    }

    @Test
    void aPlayerInAPathIsAName() {
        var name = "Zoë & co, 50% " + UUID.randomUUID();
        submit(name, "FO", 5);
        given().get("/leaderboard/players/{player}", name)
                .then()
                .statusCode(200)
                .body("player", equalTo(name))
                .body("rank", lessThanOrEqualTo(1));
        // A slash inside a name cannot be told from one between names, so no path may hold it (CVE-2026-50559).
        for (var wrong : List.of("a%2Fb", "%23countries", "%00", "a%0Ab", "x".repeat(65), "%20")) {
            given().urlEncodingEnabled(false)
                    .get("/leaderboard/players/" + wrong)
                    .then()
                    .statusCode(400)
                    .contentType(PROBLEM);
        }
        given().get("/leaderboard/players/" + aPlayer())
                .then()
                .statusCode(404)
                .contentType(PROBLEM)
                .body("type", equalTo("urn:meridian:problem:unknown-player"))
                .body("errors", nullValue());
    }
}
