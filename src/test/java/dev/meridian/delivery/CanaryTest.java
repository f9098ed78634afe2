package dev.meridian.delivery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.meridian.ComponentTest;
import dev.meridian.testing.Http;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// The journeys of the canaries (`infra/canaries`) against the running service, by plain node. Without node it
/// says so and passes.
@QuarkusTest
@ComponentTest
class CanaryTest {
    private static final List<String> JOURNEYS = List.of("home", "catalog", "cart", "checkout", "order");

    record Run(int status, String output) {}

    @Test
    void everyJourneyPasses() throws Exception {
        if (!hasNode()) return;
        var files = new ArrayList<String>();
        try (var all = Files.list(Path.of("infra/canaries"))) {
            all.map(file -> file.getFileName().toString()).sorted().forEach(files::add);
        }
        var expected = new ArrayList<String>(List.of("store.mjs"));
        JOURNEYS.forEach(name -> expected.add(name + ".mjs"));
        assertEquals(expected.stream().sorted().toList(), files, "the journeys, and what they share");
        for (var name : JOURNEYS) {
            var run = run(name, Http.uri("").toString());
            assertEquals(0, run.status(), name + "\n" + run.output());
            assertTrue(run.output().contains(name + " passed in"), run.output());
        }
    }

    @Test
    void aStoreThatDoesNotAnswerFailsEveryJourney() throws Exception {
        if (!hasNode()) return;
        for (var name : JOURNEYS) {
            var run = run(name, "http://127.0.0.1:1");
            assertEquals(1, run.status(), run.output());
            assertTrue(run.output().contains(name + " failed: GET /"), run.output());
        }
    }

    private static Run run(String journey, String store) throws Exception {
        var process = new ProcessBuilder("node", "infra/canaries/" + journey + ".mjs", store)
                .redirectErrorStream(true)
                .start();
        var output = new String(process.getInputStream().readAllBytes());
        assertTrue(process.waitFor(60, TimeUnit.SECONDS), journey + " does not end");
        return new Run(process.exitValue(), output);
    }

    private static boolean hasNode() throws InterruptedException {
        try {
            return new ProcessBuilder("node", "--version").start().waitFor() == 0;
        } catch (IOException e) {
            System.out.println("SKIPPED: the journeys of the canaries, since there is no node on this machine");
            return false;
        }
    }
}
