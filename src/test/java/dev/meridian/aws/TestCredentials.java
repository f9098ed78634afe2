package dev.meridian.aws;

import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/// The credentials of a process, outside of a running service.
public final class TestCredentials {
    private TestCredentials() {}

    /// None, and nobody is asked.
    public static HeldCredentials none() {
        return of(null, Map.of("enabled", "false"), _ -> {});
    }

    /// @param settings keys without `meridian.aws`
    /// @param log takes the warnings
    static HeldCredentials of(Vertx vertx, Map<String, String> settings, Consumer<String> log) {
        var values = new HashMap<String, String>();
        settings.forEach((key, value) -> values.put("meridian.aws." + key, value));
        var config = new SmallRyeConfigBuilder()
                .withMapping(AwsConfig.class)
                .withConverter(Duration.class, 200, new DurationConverter())
                .withSources(new PropertiesConfigSource(values, "test", 100))
                .build()
                .getConfigMapping(AwsConfig.class);
        return new HeldCredentials(vertx, config, new CredentialSource(), log);
    }
}
