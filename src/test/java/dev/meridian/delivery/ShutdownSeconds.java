package dev.meridian.delivery;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;

/// How long a shutdown may take in production, by the service's configuration.
final class ShutdownSeconds {
    private ShutdownSeconds() {}

    /// The shutdown delay, in which it still serves, plus the wait for requests in flight.
    static long longest() throws IOException {
        var properties = new Properties();
        try (var in = Files.newBufferedReader(Path.of("src/main/resources/application.properties"))) {
            properties.load(in);
        }
        return seconds(properties, "quarkus.shutdown.delay") + seconds(properties, "quarkus.shutdown.timeout");
    }

    private static long seconds(Properties properties, String key) {
        var value = properties.getProperty("%prod." + key, properties.getProperty(key, "0s"));
        return Long.parseLong(value.replaceFirst("s$", ""));
    }
}
