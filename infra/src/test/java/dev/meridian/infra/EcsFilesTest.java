package dev.meridian.infra;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The task definitions for whoever deploys by hand (`infra/ecs`, `docs/deployment.md`) are those of the app.
class EcsFilesTest {
    /// By a secret of their own, by its addresses, or by what only one of both does.
    private static final List<String> OTHERWISE = List.of(
            "MERIDIAN_SQL_WRITER_URL",
            "MERIDIAN_SQL_WRITER_CANDIDATES",
            "MERIDIAN_SQL_READER_URL",
            "MERIDIAN_HTTP_TRUSTED_PROXIES",
            "MERIDIAN_SQL_OWNER_USERNAME",
            "MERIDIAN_SQL_OWNER_PASSWORD",
            "MERIDIAN_ADMIN_TOKENS",
            "MERIDIAN_GUEST_SECRET",
            "MERIDIAN_SESSION_KEYS",
            "AOT_CONFIG_CONTENT");

    private static final List<String> FIELDS = List.of(
            "Essential",
            "Command",
            "User",
            "ReadonlyRootFilesystem",
            "Memory",
            "MountPoints",
            "HealthCheck",
            "RestartPolicy",
            "PortMappings");

    @ParameterizedTest
    @CsvSource({
        "task-definition, eu-west-1, service, meridian",
        "task-definition, eu-west-1, service, collector",
        "task-definition, us-east-1, service, meridian",
        "task-definition, us-east-1, service, collector",
        "migrate, eu-west-1, migrate, migrate"
    })
    void theFileHasTheContainerOfTheTemplate(String file, String region, String part, String name) throws Exception {
        var task = Syntheses.of("default")
                .stack(part + "-" + region)
                .resources(ServiceChecks.TASK)
                .findFirst()
                .orElseThrow();
        var written = Synthesis.JSON.readTree(
                Path.of("ecs", file + "." + region + ".json").toFile());
        assertEquals(task.text("Cpu"), written.path("cpu").asText());
        assertEquals(task.text("Memory"), written.path("memory").asText());
        assertEquals(task.text("Family"), written.path("family").asText());
        var made = container(task.at("ContainerDefinitions"), "Name", name);
        var byHand = container(written.path("containerDefinitions"), "name", name);
        for (var field : FIELDS) {
            assertEquals(plain(made.path(field)), plain(byHand.path(lower(field))), field);
        }
        var settings = settings(made, "Environment", "Name", "Value", region);
        // The server's administrator admits the role to tokens where it is done by hand.
        if (name.equals("migrate")) settings.remove("MERIDIAN_SQL_IAM");
        assertEquals(settings, settings(byHand, "environment", "name", "value", region));
        assertEquals(
                settings(made, "Secrets", "Name", "ValueFrom", region),
                settings(byHand, "secrets", "name", "valueFrom", region));
    }

    private static JsonNode container(JsonNode containers, String key, String name) {
        for (var container : containers) {
            if (container.path(key).asText().equals(name)) return container;
        }
        throw new AssertionError("no container " + name);
    }

    /// Names and values; of some the name only.
    private static Map<String, String> settings(
            JsonNode container, String list, String name, String value, String region) {
        var settings = new TreeMap<String, String>();
        for (var each : container.path(list)) {
            var key = each.path(name).asText();
            settings.put(key, OTHERWISE.contains(key) ? "" : Resource.text(each.path(value), region));
        }
        return settings;
    }

    /// With the names of the API of ECS, which begin with a small letter.
    private static String plain(JsonNode value) {
        if (value.isObject()) {
            var fields = new TreeMap<String, String>();
            value.properties().forEach(field -> fields.put(lower(field.getKey()), plain(field.getValue())));
            return fields.toString();
        }
        if (value.isArray()) {
            var items = new ArrayList<String>();
            value.forEach(item -> items.add(plain(item)));
            return items.toString();
        }
        return value.asText();
    }

    private static String lower(String name) {
        return name.substring(0, 1).toLowerCase(Locale.ROOT) + name.substring(1);
    }
}
