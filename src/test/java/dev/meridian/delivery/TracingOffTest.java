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
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Without a configured collector no export is attempted, and requests still have trace ids.
@QuarkusTest
@ComponentTest
@WithTestResource(TracingOffTest.Log.class)
class TracingOffTest {
    private static final Path LOG = Path.of("target/tracing-off.log").toAbsolutePath();

    /// Writes the log to a file, with a short export interval.
    public static class Log implements QuarkusTestResourceLifecycleManager {
        @Override
        public Map<String, String> start() {
            try {
                Files.deleteIfExists(LOG);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return Map.of(
                    "quarkus.otel.bsp.schedule.delay", "100ms",
                    "quarkus.log.file.enabled", "true",
                    "quarkus.log.file.path", LOG.toString());
        }

        @Override
        public void stop() {
            // Nothing was started.
        }
    }

    @Test
    void nothingIsExportedAndTraceIdsAreThere() throws Exception {
        var end = System.nanoTime() + Duration.ofSeconds(6).toNanos();
        while (System.nanoTime() < end) {
            var answer = Http.send("GET", "/ticket?limit=1", null);
            assertEquals(200, answer.statusCode());
            assertTrue(answer.headers().firstValue("X-Amzn-Trace-Id").orElse("").startsWith("Root=1-"));
        }
        assertFalse(Files.readString(LOG).contains("Failed to export"), "somebody exports");
    }
}
