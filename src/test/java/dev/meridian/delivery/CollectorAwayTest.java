package dev.meridian.delivery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.meridian.ComponentTest;
import dev.meridian.testing.Http;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// With an unreachable collector the service still works, and logs a few warnings, not one per export.
@QuarkusTest
@ComponentTest
@WithTestResource(CollectorAwayTest.NoCollector.class)
class CollectorAwayTest {
    private static final Path LOG = Path.of("target/collector-away.log").toAbsolutePath();
    private static final int LINES_MAX = 12;

    /// Configures a port without a listener.
    public static class NoCollector implements QuarkusTestResourceLifecycleManager {
        @Override
        public Map<String, String> start() {
            try (var socket = new ServerSocket(0)) {
                Files.deleteIfExists(LOG);
                return Map.of(
                        "OTEL_EXPORTER_OTLP_ENDPOINT",
                        "http://127.0.0.1:" + socket.getLocalPort(),
                        "quarkus.otel.bsp.schedule.delay",
                        "100ms",
                        "quarkus.log.file.enabled",
                        "true",
                        "quarkus.log.file.path",
                        LOG.toString());
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void stop() {
            // Nothing was started.
        }
    }

    @Test
    void requestsAreServedAndTheLogStaysReadable() throws Exception {
        var end = System.nanoTime() + Duration.ofSeconds(15).toNanos();
        int requests = 0;
        while (System.nanoTime() < end) {
            assertEquals(200, Http.send("GET", "/ticket?limit=1", null).statusCode());
            requests++;
        }
        try (var lines = Files.lines(LOG)) {
            var complaints = lines.filter(line -> line.matches(".*\"level\":\"(WARN|WARNING|ERROR|SEVERE|FATAL)\".*"))
                    .toList();
            System.out.printf("collector away: requests=%d complaints=%d%n", requests, complaints.size());
            assertFalse(complaints.isEmpty(), "an operator must be told");
            assertTrue(complaints.size() <= LINES_MAX, () -> String.join("\n", complaints));
        }
    }
}
