package dev.meridian.delivery;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.testcontainers.containers.GenericContainer;

/// The alternative image, with a JVM and an AOT cache. Runs only with `-Dimage.jvm`, which also packages it.
@Tag("image-jvm")
class JvmImageIT extends ImageCases {
    /// The training run has no stores, so the code that reads their responses is not in the cache.
    private static final double FROM_CACHE_MIN = 0.9;

    @Override
    String kind() {
        return "jvm";
    }

    @Override
    String title() {
        return "Meridian (JVM)";
    }

    @Override
    long compressedBytesMax() {
        return 150_000_000;
    }

    @Override
    Duration soon() {
        return Duration.ofSeconds(60);
    }

    @Override
    List<String> program() {
        return List.of("java", "-XX:AOTCache=/app/meridian.aot", "-XX:+UseSerialGC", "-jar", "/app/quarkus-run.jar");
    }

    /// By default a JVM ignores a cache that does not fit, with a warning. Here it must use the cache, or exit.
    @Override
    void bounded(GenericContainer<?> container, String command) {
        container.withEnv("JDK_JAVA_OPTIONS", "-XX:AOTMode=on -Xmx160m").withCommand(command);
    }

    @Test
    @Order(3)
    void takesItsClassesFromTheCache() throws Exception {
        int management = freePort();
        var ports = Map.of(
                "quarkus.http.port",
                Integer.toString(freePort()),
                "meridian.admin.port",
                Integer.toString(freePort()),
                "quarkus.management.port",
                Integer.toString(management));
        try (var service = container(ports, "serve")) {
            service.withEnv("JDK_JAVA_OPTIONS", "-XX:AOTMode=on -Xlog:class+load");
            service.start();
            awaitReady(management);
            var loaded = service.getLogs()
                    .lines()
                    .filter(line -> line.contains("[class,load]"))
                    .toList();
            var cached = loaded.stream()
                    .filter(line -> line.contains("source: shared objects file"))
                    .toList();
            System.out.printf("jvm: %d of %d classes are from the cache%n", cached.size(), loaded.size());
            assertTrue(cached.stream().anyMatch(line -> line.contains(" dev.meridian.")), "none of our own");
            assertTrue(cached.size() >= FROM_CACHE_MIN * loaded.size(), () -> cached.size() + " of " + loaded.size());
        }
    }
}
