package dev.meridian.delivery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.ConfigMappings;
import io.smallrye.config.ConfigMappings.ConfigClass;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// The environment variables that the service reads: one for each key of each `@ConfigMapping`, those that
/// application.properties takes over by name, and the keys of Quarkus that docs/configuration.md offers to
/// operators.
final class ConfigKeys {
    /// The settings that every process in AWS must have.
    static final Set<String> CONNECTION = Set.of(
            "AWS_REGION",
            "MERIDIAN_SQL_WRITER_URL",
            "MERIDIAN_SQL_WRITER_CANDIDATES",
            "MERIDIAN_SQL_READER_URL",
            "MERIDIAN_SQL_TLS_CA",
            "MERIDIAN_SQL_TIMELINES");

    /// What a server must have besides. Without an identity it does not start. Without admin tokens it refuses every
    /// admin call, the drain too.
    /// Without session keys it serves no page,
    /// without a secret of guests it takes no order that names no customer.
    static final Set<String> SERVER = Set.of(
            "MERIDIAN_IDENTITY",
            "MERIDIAN_ADMIN_TOKENS",
            "MERIDIAN_GUEST_SECRET",
            "MERIDIAN_SESSION_KEYS",
            "MERIDIAN_TELEMETRY_LOG_GROUPS",
            "MERIDIAN_HTTP_TRUSTED_PROXIES",
            "QUARKUS_HTTP_CORS_ORIGINS",
            "OTEL_EXPORTER_OTLP_ENDPOINT");

    /// Settings whose values must not be in a manifest.
    static final Set<String> SECRET = Set.of(
            "MERIDIAN_SQL_PASSWORD",
            "MERIDIAN_SQL_OWNER_USERNAME",
            "MERIDIAN_SQL_OWNER_PASSWORD",
            "MERIDIAN_ADMIN_TOKEN",
            "MERIDIAN_ADMIN_TOKENS",
            "MERIDIAN_GUEST_SECRET",
            "MERIDIAN_OIDC_CLIENT_SECRET",
            "MERIDIAN_SESSION_KEY",
            "MERIDIAN_SESSION_KEYS");

    private static final Pattern TAKEN_OVER = Pattern.compile("\\$\\{([A-Z][A-Z0-9_]+)");

    private static final Pattern DOCUMENTED = Pattern.compile("`(quarkus\\.[a-z.-]+)`");

    private ConfigKeys() {}

    static Set<String> read() throws IOException {
        var keys = new TreeSet<String>();
        var mappings = new ClassFileImporter()
                .withImportOption(new DoNotIncludeTests()).importPackages("dev.meridian").stream()
                        .filter(type -> type.isAnnotatedWith(ConfigMapping.class))
                        .toList();
        for (var mapping : mappings) {
            var type = mapping.reflect();
            var prefix = type.getAnnotation(ConfigMapping.class).prefix();
            ConfigMappings.getProperties(ConfigClass.configClass(type, prefix))
                    .keySet()
                    .forEach(key -> keys.add(variable(key)));
        }
        var properties = Files.readString(Path.of("src/main/resources/application.properties"));
        TAKEN_OVER.matcher(properties).results().forEach(found -> keys.add(found.group(1)));
        DOCUMENTED
                .matcher(Files.readString(Path.of("docs/configuration.md")))
                .results()
                .forEach(found -> keys.add(variable(found.group(1))));
        return keys;
    }

    /// Those of the keys that are not among the given ones.
    static Set<String> missing(Set<String> keys, Set<String> given) {
        var missing = new TreeSet<>(keys);
        missing.removeAll(given);
        return missing;
    }

    /// Checks that a process finds its servers, and that nobody between can read along. A writer is searched
    /// among the clusters themselves: a global name tells neither which of two writers it means nor when it
    /// changed.
    static void assertConnection(Map<String, String> environment, String region) {
        assertEquals(Set.of(), missing(CONNECTION, environment.keySet()), "settings that every process requires");
        assertEquals(region, environment.get("AWS_REGION"));
        assertEquals("false", environment.get("MERIDIAN_SQL_TIMELINES"), "Aurora has none");
        assertEquals("/etc/meridian/rds-ca.pem", environment.get("MERIDIAN_SQL_TLS_CA"));
        var writers =
                environment.get("MERIDIAN_SQL_WRITER_URL") + "," + environment.get("MERIDIAN_SQL_WRITER_CANDIDATES");
        var url =
                "postgresql://meridian\\.cluster-EXAMPLE\\.%s\\.rds\\.amazonaws\\.com:5432/meridian\\?sslmode=verify-full";
        assertTrue(writers.matches(url.formatted("eu-west-1") + "," + url.formatted("us-east-1")), writers);
        var reader = environment.get("MERIDIAN_SQL_READER_URL");
        assertTrue(reader.matches(url.formatted(region).replace("cluster-", "cluster-ro-")), reader);
        SECRET.forEach(key -> assertFalse(environment.containsKey(key), key + " in plain text"));
    }

    /// MicroProfile Config, "Environment Variables Mapping Rules".
    private static String variable(String key) {
        return key.replaceAll("[^A-Za-z0-9]", "_").toUpperCase(java.util.Locale.ROOT);
    }
}
