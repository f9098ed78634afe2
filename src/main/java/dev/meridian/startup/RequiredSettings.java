package dev.meridian.startup;

import dev.meridian.shared.RunMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Checks, before anything starts, the settings that production requires, so that an operator reads a
/// sentence and not a stack trace.
public final class RequiredSettings {
    private RequiredSettings() {}

    /// The missing settings, one sentence each; empty outside of production, and with configuration files,
    /// which are read later.
    ///
    /// @param isServer whether the process serves callers
    public static List<String> missing(boolean isServer) {
        var missing = new ArrayList<String>();
        if (!RunMode.of(value(RunMode.KEY).orElse(null)).isProduction() || hasConfigFiles()) return missing;
        if (value("meridian.region").or(() -> value("aws.region")).isEmpty()) {
            missing.add("The Region is not configured: set MERIDIAN_REGION (or AWS_REGION), for example to eu-west-1.");
        }
        if (value("meridian.sql.writer-url").isEmpty()) {
            missing.add(
                    "The SQL writer is not configured: set MERIDIAN_SQL_WRITER_URL to postgresql://host:port/database.");
        }
        if (value("meridian.sql.reader-url").isEmpty()) {
            missing.add(
                    "The SQL reader is not configured: set MERIDIAN_SQL_READER_URL to postgresql://host:port/database.");
        }
        if (isServer) {
            var identity = value("meridian.identity");
            if (identity.isEmpty()) missing.add(IdentityCheck.NOT_CONFIGURED);
            identity.filter("oidc"::equalsIgnoreCase)
                    .flatMap(_ -> IdentityCheck.lacking(
                            value("meridian.oidc.issuer").isPresent(),
                            value("meridian.oidc.client-id").isPresent()))
                    .ifPresent(missing::add);
        }
        return missing;
    }

    private static boolean hasConfigFiles() {
        return value("quarkus.config.locations").isPresent()
                || value("smallrye.config.locations").isPresent()
                || java.nio.file.Files.exists(java.nio.file.Path.of("config", "application.properties"))
                || java.nio.file.Files.exists(java.nio.file.Path.of(".env"));
    }

    /// A system property, else the environment variable that MicroProfile Config derives from its name.
    ///
    /// @param property its name in the configuration
    public static Optional<String> value(String property) {
        var variable = property.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
        return Optional.ofNullable(System.getProperty(property))
                .or(() -> Optional.ofNullable(System.getenv(variable)))
                .filter(value -> !value.isBlank());
    }
}
