package dev.meridian.sql;

import dev.meridian.aws.CredentialSource;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/// Settings below `meridian.sql` for a test, and what is made of them without an application.
final class SqlSettings {
    private final Map<String, String> values = new HashMap<>();

    /// A writer and a reader at one address.
    SqlSettings(String url) {
        with("writer-url", url).with("reader-url", url);
    }

    /// @param key without `meridian.sql`
    SqlSettings with(String key, String value) {
        values.put("meridian.sql." + key, value);
        return this;
    }

    SqlConfig config() {
        return new SmallRyeConfigBuilder()
                .withMapping(SqlConfig.class)
                .withConverter(Duration.class, 200, new DurationConverter())
                .withSources(new PropertiesConfigSource(values, "test", 100))
                .build()
                .getConfigMapping(SqlConfig.class);
    }

    SqlPools pools(Vertx vertx) {
        return new SqlPools(vertx, config(), new SimpleMeterRegistry(), new SqlLogin(config(), new CredentialSource()));
    }
}
