package dev.meridian.leaderboard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.meridian.ComponentTest;
import dev.meridian.testing.Http;
import dev.meridian.testing.Race;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@QuarkusTest
@ComponentTest
@Tag("dynamodb")
class LeaderboardRaceTest {
    private static final String[] COUNTRIES = "AL AM AZ BA BG GE HR HU KZ LT ME MK RO RS SI SK TR UA UZ".split(" ");

    private static String body(String player, String country, long score) {
        return "{\"player\":\"%s\",\"country\":\"%s\",\"score\":%d}".formatted(player, country, score);
    }

    private static JsonPath get(String path) throws Exception {
        var answer = Http.send("GET", path, null);
        assertEquals(200, answer.statusCode(), answer.body());
        return JsonPath.from(answer.body());
    }

    @Test
    void concurrentPostsWithOneKeyAreOneScore() throws Exception {
        var player = Http.anId("racer");
        var answers = Race.run(50, 100, _ -> () -> {
            var answer = Http.send("POST", "/leaderboard", body(player, "PA", 777), "Idempotency-Key", player);
            assertEquals(201, answer.statusCode(), answer.body());
            return answer.body();
        });
        var stored = get("/leaderboard?country=PA&limit=100").getList("scores");
        System.out.printf(
                "scores with one key: posted=%d answers=%d stored=%d%n",
                answers.size(), new HashSet<>(answers).size(), stored.size());
        assertEquals(1, new HashSet<>(answers).size());
        assertEquals(1, stored.size());
    }

    @Test
    void concurrentScoresInManyCountriesAreAllThereAndTheWorldwideTopIsRight() throws Exception {
        long seed = System.nanoTime();
        var random = new Random(seed);
        record Submitted(String player, String country, long score) {}
        var submitted = new ArrayList<Submitted>();
        for (int i = 0; i < 300; i++) {
            var country = COUNTRIES[random.nextInt(COUNTRIES.length)];
            // Above anything else in the store, and few different ones: ties are likely.
            submitted.add(new Submitted(Http.anId("world"), country, 900_000_000_000L + random.nextInt(200)));
        }
        var ids = Race.run(40, submitted.size(), i -> () -> {
            var s = submitted.get(i);
            if (i % 10 == 0) get("/leaderboard");
            var answer = Http.send("POST", "/leaderboard", body(s.player(), s.country(), s.score()));
            assertEquals(201, answer.statusCode(), answer.body());
            return JsonPath.from(answer.body()).getString("id");
        });
        var expected = submitted.stream()
                .map(Submitted::score)
                .sorted(Comparator.reverseOrder())
                .limit(100)
                .toList();
        var world = get("/leaderboard?limit=100");
        List<Long> scores = world.getList("scores.findAll { it.player.startsWith('world-') }.score", Long.class);
        System.out.printf(
                "worldwide: seed=%d posted=%d distinct=%d read=%d%n",
                seed, submitted.size(), new HashSet<>(ids).size(), scores.size());
        assertEquals(expected.subList(0, scores.size()), scores);
        assertTrue(scores.size() >= 90, "others have few scores that high");
        assertEquals(
                scores.subList(0, 5),
                get("/leaderboard?limit=10")
                        .getList("scores.findAll { it.player.startsWith('world-') }.score", Long.class)
                        .subList(0, 5));
        int listed = 0;
        for (var country : COUNTRIES) {
            listed += get("/leaderboard?limit=100&country=" + country)
                    .getList("scores.findAll { it.player.startsWith('world-') }")
                    .size();
        }
        assertEquals(submitted.size(), listed);
    }

    @Test
    void concurrentImportsWithOneKeyAreOneImport() throws Exception {
        var key = Http.anId("import");
        var csv = new StringBuilder("player,country,score\n");
        for (int i = 0; i < 90; i++) csv.append("%s-%d,QA,%d%n".formatted(key, i % 60, i));
        var imported = Race.run(2, 2, _ -> () -> {
            var request = java.net.http.HttpRequest.newBuilder(Http.uri("/leaderboard/import"))
                    .header("Content-Type", "text/csv")
                    .header("Idempotency-Key", key)
                    .POST(java.net.http.HttpRequest.BodyPublishers.ofString(csv.toString()))
                    .build();
            try (var client = java.net.http.HttpClient.newHttpClient()) {
                var answer = client.send(request, java.net.http.HttpResponse.BodyHandlers.ofString());
                assertEquals(200, answer.statusCode(), answer.body());
                return JsonPath.from(answer.body()).getInt("imported");
            }
        });
        var stored = get("/leaderboard?country=QA&limit=100").getList("scores");
        System.out.printf("imports with one key: imported=%s stored=%d%n", imported, stored.size());
        assertEquals(List.of(90, 90), imported);
        assertEquals(90, stored.size());
    }
}
