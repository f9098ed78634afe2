package dev.meridian.delivery;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.testcontainers.containers.GenericContainer;

/// The default image, with the native executable. Runs only with `-Dnative -Dimage`.
@Tag("image")
class ImageIT extends ImageCases {
    @Override
    String kind() {
        return "native-micro";
    }

    @Override
    String title() {
        return "Meridian";
    }

    @Override
    long compressedBytesMax() {
        return 60_000_000;
    }

    @Override
    Duration soon() {
        return Duration.ofSeconds(30);
    }

    @Override
    List<String> program() {
        return List.of("/meridian");
    }

    @Override
    void bounded(GenericContainer<?> container, String command) {
        container.withCommand("-Xmx160m", "-Xmn16m", command);
    }
}
