package dev.meridian.delivery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
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

/// The journeys of the canaries (`infra/canaries`) and the load of a drill (`infra/load`) against the running
/// service, by plain node. Without node it says so and passes.
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

    @Test
    void theLoadOfADrillFindsEveryOrderThatTheStoreTook() throws Exception {
        if (!hasNode()) return;
        var run = load(Http.uri("").toString());
        assertEquals(0, run.status(), run.output());
        var counts = new ObjectMapper().readTree(run.output());
        assertTrue(counts.path("orders").asInt() > 5, run.output());
        assertEquals(counts.path("orders").asInt(), counts.path("taken").asInt(), run.output());
        assertTrue(counts.path("reads").asInt() > counts.path("orders").asInt(), run.output());
        assertEquals(0, counts.path("failed").asInt(), run.output());
        assertEquals(0, counts.path("lost").asInt(-1), run.output());
        assertEquals(1, load("http://127.0.0.1:1").status(), "a store that does not answer");
    }

    /// Many orders for a short time, so that the spike in its middle third has some.
    private static Run load(String store) throws Exception {
        var builder = new ProcessBuilder("node", "infra/load/orders.mjs");
        builder.environment().put("STORE", store);
        builder.environment().put("RATE", "50");
        builder.environment().put("SECONDS", "4");
        builder.environment().put("SPIKE", "0.3");
        return run(builder);
    }

    private static Run run(String journey, String store) throws Exception {
        return run(new ProcessBuilder("node", "infra/canaries/" + journey + ".mjs", store));
    }

    private static Run run(ProcessBuilder builder) throws Exception {
        var process = builder.redirectErrorStream(true).start();
        var output = new String(process.getInputStream().readAllBytes());
        assertTrue(process.waitFor(60, TimeUnit.SECONDS), builder.command() + " does not end");
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
