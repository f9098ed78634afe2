package dev.meridian.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.meridian.lab.check.Verdict;
import dev.meridian.lab.client.Counters;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScheduleResultsTest {
    @TempDir
    Path folder;

    private static Schedules.Outcome outcome(long seed, long requests, String... violations) {
        var verdict = new Verdict(
                violations.length == 0, Map.of("requests", requests), List.of(violations), Duration.ofMillis(5));
        return new Schedules.Outcome(
                Schedules.draw(seed, List.of()), verdict, new Counters(0, 0, 0, 0, 0, 0, 0, 0, 0, 0), List.of(), 1000);
    }

    @Test
    void partsAreAddedUpForTheirCommitAndArtifactOnly() throws IOException {
        var file = folder.resolve("deep/results.jsonl");
        new ScheduleResults(file, "old", "jar").add(outcome(1, 100, "ORDER_LOST: x"));
        new ScheduleResults(file, "new", "native").add(outcome(1, 200, "ORDER_LOST: x"));
        new ScheduleResults(file, "new", "jar").add(outcome(1, 10));
        var part = new ScheduleResults(file, "new", "jar");
        part.add(outcome(2, 7, "LIKE_LOST: a", "LIKE_LOST: b"));
        part.add(outcome(2, 5));
        assertEquals(
                Map.of(
                        "schedules", 3L,
                        "different seeds", 2L,
                        "schedules in which all promises held", 2L,
                        "violations", 2L,
                        "requests", 22L),
                part.sums());
        assertEquals(5, Files.readAllLines(file).size());
    }

    @Test
    void theCommitIsThatOfThisCheckout() {
        assertFalse(ScheduleResults.checkedOut().isEmpty());
    }

    @Test
    void aMissingFileHasNoSums() throws IOException {
        assertEquals(
                0L,
                new ScheduleResults(folder.resolve("none"), "c", "jar").sums().get("schedules"));
    }
}
