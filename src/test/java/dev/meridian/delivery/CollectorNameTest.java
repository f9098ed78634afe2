package dev.meridian.delivery;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.meridian.ComponentTest;
import dev.meridian.testing.Http;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// The collector is a name, and the name server is silent.
@QuarkusTest
@ComponentTest
@WithTestResource(CollectorNameTest.NamedCollector.class)
class CollectorNameTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    /// Configures a name that the resolver of the tests asks for in vain.
    public static class NamedCollector implements QuarkusTestResourceLifecycleManager {
        @Override
        public Map<String, String> start() {
            return Map.of(
                    "OTEL_EXPORTER_OTLP_ENDPOINT",
                    "http://collector.slow.test:4317",
                    "OTEL_TRACES_SAMPLER_ARG",
                    "1.0",
                    "quarkus.otel.bsp.schedule.delay",
                    "100ms");
        }

        @Override
        public void stop() {
            // Nothing was started.
        }
    }

    /// The threads that wait for the name server now. The class is loaded more than once, so its counters tell
    /// nothing here.
    private static List<String> waiting() {
        return Thread.getAllStackTraces().entrySet().stream()
                .filter(thread -> Arrays.stream(thread.getValue())
                        .anyMatch(frame -> frame.getClassName().endsWith(".TestNames")
                                && frame.getMethodName().equals("waitForNothing")))
                .map(thread -> thread.getKey().getName())
                .toList();
    }

    @Test
    void noEventLoopWaitsForItsAddress() {
        var seen = new TreeSet<String>();
        for (int lookUp = 0; lookUp < 2; lookUp++) {
            await().atMost(LIMIT).until(() -> {
                assertEquals(200, Http.send("GET", "/ticket?limit=1", null).statusCode());
                seen.addAll(waiting());
                return !waiting().isEmpty();
            });
            await().atMost(LIMIT).until(() -> waiting().isEmpty());
        }
        assertEquals(
                List.of(),
                seen.stream().filter(name -> !name.startsWith("host-lookup-")).toList());
    }
}
