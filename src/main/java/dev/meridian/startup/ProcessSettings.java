package dev.meridian.startup;

import dev.meridian.shared.RunMode;
import io.smallrye.config.ConfigSourceContext;
import io.smallrye.config.ConfigSourceFactory;
import io.smallrye.config.PropertiesConfigSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Properties;
import org.eclipse.microprofile.config.spi.ConfigSource;

/// The settings that depend on what a process is for: `test-mode.properties` in mode `test`, `command.properties`
/// in a process that runs one command. A server in production has neither.
public final class ProcessSettings implements ConfigSourceFactory {
    /// The system property with which the entry point marks a process that runs one command and ends. It is no
    /// part of the configuration: the name of a profile makes no command of a server.
    public static final String COMMAND = "dev.meridian.command";

    /// Above `application.properties` (250), below the environment (300), so that each key can still be set.
    private static final int ABOVE_DEFAULTS = 255;

    /// Above system properties (400): a command may run with a server's environment, which must not turn it
    /// into a server.
    private static final int ABOVE_ALL = 450;

    @Override
    public Iterable<ConfigSource> getConfigSources(ConfigSourceContext context) {
        return sources(context, System.getProperty(COMMAND) != null);
    }

    static Iterable<ConfigSource> sources(ConfigSourceContext context, boolean isCommand) {
        var sources = new ArrayList<ConfigSource>();
        if (!RunMode.of(context.getValue(RunMode.KEY).getValue()).isProduction()) {
            sources.add(file("test-mode.properties", ABOVE_DEFAULTS));
        }
        if (isCommand) sources.add(file("command.properties", ABOVE_ALL));
        return sources;
    }

    private static ConfigSource file(String name, int ordinal) {
        try (var file = ProcessSettings.class.getResourceAsStream("/" + name)) {
            var settings = new Properties();
            settings.load(file);
            var values = new HashMap<String, String>();
            settings.stringPropertyNames().forEach(key -> values.put(key, settings.getProperty(key)));
            return new PropertiesConfigSource(values, name, ordinal);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + name, e);
        }
    }
}
