package dev.meridian.startup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.meridian.dynamo.DynamoConfig;
import dev.meridian.dynamo.TablesConfig;
import dev.meridian.shared.ModeConfig;
import dev.meridian.shared.RunMode;
import io.smallrye.config.ConfigSourceFactory;
import io.smallrye.config.ConfigValidationException;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// The settings of a process by mode and profile, from the real configuration files. `ProductionModeIT` starts
/// the artifact for the most important combinations.
class RunModeTest {
    private static final URI DEFAULTS =
            Path.of("src/main/resources/application.properties").toUri();

    /// Settings that would open the service to strangers or change stores if a process wrongly ran in test
    /// mode.
    private static final Map<String, String> PRODUCTION = Map.ofEntries(
            Map.entry("meridian.identity", ""),
            Map.entry("meridian.tables.create", "false"),
            Map.entry("meridian.sample-data.enabled", "false"),
            Map.entry("meridian.sample-data.fill-enabled", "false"),
            Map.entry("quarkus.flyway.migrate-at-start", "false"),
            Map.entry("quarkus.flyway.active", "false"),
            Map.entry("quarkus.http.cors.origins", ""),
            Map.entry("quarkus.log.console.json.enabled", "true"),
            Map.entry("quarkus.shutdown.delay", "3s"),
            Map.entry("quarkus.http.host-enabled", ""),
            Map.entry("quarkus.config.locations", ""));

    private static final Map<String, String> TEST = Map.ofEntries(
            Map.entry("meridian.identity", "open"),
            Map.entry("meridian.tables.create", "true"),
            Map.entry("meridian.sample-data.enabled", "true"),
            Map.entry("meridian.sample-data.fill-enabled", "true"),
            Map.entry("quarkus.flyway.migrate-at-start", "true"),
            Map.entry("quarkus.flyway.active", "true"),
            Map.entry("quarkus.http.cors.origins", "/.*/"),
            Map.entry("quarkus.log.console.json.enabled", "false"),
            Map.entry("quarkus.shutdown.delay", "0"),
            Map.entry("quarkus.http.host-enabled", ""),
            Map.entry("quarkus.config.locations", ""));

    private static SmallRyeConfig config(String mode, List<String> profiles, Map<String, String> more)
            throws IOException {
        return config(mode, profiles, more, false);
    }

    private static SmallRyeConfig command(List<String> profiles, Map<String, String> more) throws IOException {
        return config(null, profiles, more, true);
    }

    private static SmallRyeConfig config(
            String mode, List<String> profiles, Map<String, String> more, boolean isCommand) throws IOException {
        ConfigSourceFactory settings = context -> ProcessSettings.sources(context, isCommand);
        var builder = new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .addDiscoveredConverters()
                .withProfiles(profiles)
                .withSources(new PropertiesConfigSource(DEFAULTS.toURL(), 250))
                .withSources(new PropertiesConfigSource(more, "given", 300))
                .withSources(settings)
                .withDefaultValue("meridian.tables.create", "false")
                .withDefaultValue("meridian.sample-data.enabled", "false")
                .withDefaultValue("meridian.sample-data.fill-enabled", "false");
        if (mode != null) builder.withSources(new PropertiesConfigSource(Map.of(RunMode.KEY, mode), "mode", 400));
        return builder.build();
    }

    @TestFactory
    Stream<DynamicTest> onlyTheModeDecides() {
        return Stream.of(
                        "prod",
                        "test",
                        "dev",
                        "staging",
                        "production",
                        "prod,test",
                        "command",
                        "migrate",
                        "prod,command,settle")
                .flatMap(profile -> Stream.of("none", "production", "PRODUCTION", "test", "TEST")
                        .map(mode -> DynamicTest.dynamicTest("profile " + profile + ", mode " + mode, () -> {
                            var config =
                                    config(mode.equals("none") ? null : mode, List.of(profile.split(",")), Map.of());
                            var expected = mode.equalsIgnoreCase("test") ? TEST : PRODUCTION;
                            expected.forEach((name, value) -> {
                                assertEquals(
                                        value,
                                        config.getOptionalValue(name, String.class)
                                                .orElse(""),
                                        name);
                            });
                        })));
    }

    @Test
    void aCommandIsNoServerWhateverItsEnvironmentSays() throws IOException {
        var environment = Map.of(
                "meridian.settler.enabled", "true",
                "meridian.heartbeat.enabled", "true",
                "meridian.retention.enabled", "true",
                "quarkus.shutdown.delay", "10s",
                "quarkus.http.host-enabled", "true");
        var settle = command(List.of("prod", "settle"), environment);
        assertEquals("false", settle.getConfigValue("meridian.settler.enabled").getValue());
        assertEquals(
                "false", settle.getConfigValue("meridian.heartbeat.enabled").getValue());
        assertEquals(
                "false", settle.getConfigValue("meridian.retention.enabled").getValue());
        assertEquals("false", settle.getConfigValue("meridian.startup.enabled").getValue());
        assertEquals("false", settle.getConfigValue("quarkus.http.host-enabled").getValue());
        assertEquals("0", settle.getConfigValue("quarkus.shutdown.delay").getValue());
        assertEquals("false", settle.getConfigValue("quarkus.flyway.active").getValue());
        var migrate = command(List.of("prod", "migrate"), environment);
        assertEquals("true", migrate.getConfigValue("quarkus.flyway.active").getValue());
        assertEquals("true", migrate.getConfigValue("quarkus.datasource.active").getValue());
        var server = config(null, List.of("prod"), environment);
        assertEquals("10s", server.getConfigValue("quarkus.shutdown.delay").getValue());
        assertEquals("true", server.getConfigValue("meridian.settler.enabled").getValue());
    }

    @Test
    void eachSettingOfTestModeCanStillBeSet() throws IOException {
        var config = config("test", List.of("prod"), Map.of("meridian.tables.create", "false"));
        assertEquals("false", config.getConfigValue("meridian.tables.create").getValue());
    }

    private static SmallRyeConfig mapped(Map<String, String> given) {
        return new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .withSources(new PropertiesConfigSource(given, "given", 300))
                .withMapping(ModeConfig.class)
                .withMapping(TablesConfig.class)
                .withMapping(DynamoConfig.class)
                .build();
    }

    @Test
    void aKeyThatNobodyKnowsAndAModeThatIsNoneAreRefused() {
        assertEquals(
                RunMode.PRODUCTION,
                mapped(Map.of("meridian.tables.prefix", "p-"))
                        .getConfigMapping(ModeConfig.class)
                        .mode());
        for (var wrong : List.of("meridian.modus", "meridian.tabels.create", "meridian.dynamo.timeuot")) {
            var failure =
                    assertThrows(ConfigValidationException.class, () -> mapped(Map.of(wrong, "true")), () -> wrong);
            assertTrue(failure.getMessage().contains(wrong), failure::getMessage);
        }
        assertThrows(ConfigValidationException.class, () -> mapped(Map.of(RunMode.KEY, "tset")));
    }
}
