package dev.meridian.delivery;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.ConfigMappings;
import io.smallrye.config.ConfigMappings.ConfigClass;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// The environment variables that the service reads: one for each key of each `@ConfigMapping`, those that
/// application.properties takes over by name, and the keys of Quarkus that docs/configuration.md offers to
/// operators.
final class ConfigKeys {
    /// The settings that a server in production must have. Without the admin token it refuses every admin call,
    /// the drain too. Without the session key it serves no page.
    static final Set<String> REQUIRED = Set.of(
            "AWS_REGION",
            "MERIDIAN_SQL_WRITER_URL",
            "MERIDIAN_SQL_WRITER_CANDIDATES",
            "MERIDIAN_SQL_READER_URL",
            "MERIDIAN_SQL_USERNAME",
            "MERIDIAN_SQL_PASSWORD",
            "MERIDIAN_ADMIN_TOKEN",
            "MERIDIAN_SESSION_KEY",
            "QUARKUS_HTTP_CORS_ORIGINS",
            "OTEL_EXPORTER_OTLP_ENDPOINT");

    /// Settings that must not be in a manifest.
    static final Set<String> SECRET =
            Set.of("MERIDIAN_SQL_USERNAME", "MERIDIAN_SQL_PASSWORD", "MERIDIAN_ADMIN_TOKEN", "MERIDIAN_SESSION_KEY");

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

    /// MicroProfile Config, "Environment Variables Mapping Rules".
    private static String variable(String key) {
        return key.replaceAll("[^A-Za-z0-9]", "_").toUpperCase(java.util.Locale.ROOT);
    }
}
