package dev.meridian.delivery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The ECS task definitions: their fields, the service's settings, and that they differ only in the Region.
class TaskDefinitionTest {
    /// The used fields of `RegisterTaskDefinition` and `ContainerDefinition` (Amazon ECS API Reference).
    private static final Set<String> TASK_FIELDS = Set.of(
            "family",
            "requiresCompatibilities",
            "networkMode",
            "runtimePlatform",
            "cpu",
            "memory",
            "executionRoleArn",
            "taskRoleArn",
            "containerDefinitions",
            "volumes",
            "tags");

    private static final Set<String> CONTAINER_FIELDS = Set.of(
            "name",
            "image",
            "essential",
            "restartPolicy",
            "command",
            "user",
            "readonlyRootFilesystem",
            "linuxParameters",
            "memory",
            "stopTimeout",
            "portMappings",
            "environment",
            "secrets",
            "mountPoints",
            "healthCheck",
            "logConfiguration",
            "dependsOn");

    @ParameterizedTest
    @ValueSource(strings = {"eu-west-1", "us-east-1"})
    void itIsASmallFargateTaskThatMayWriteNowhere(String region) throws Exception {
        var task = task(region);
        assertEquals(Set.of(), unknown(task, TASK_FIELDS));
        assertEquals("256", task.path("cpu").asText());
        assertEquals("512", task.path("memory").asText());
        assertEquals("FARGATE", task.at("/requiresCompatibilities/0").asText());
        assertEquals("awsvpc", task.path("networkMode").asText());
        assertEquals("X86_64", task.at("/runtimePlatform/cpuArchitecture").asText());
        int memory = 0;
        for (var container : task.path("containerDefinitions")) {
            assertEquals(Set.of(), unknown(container, CONTAINER_FIELDS));
            assertTrue(container.path("readonlyRootFilesystem").asBoolean());
            assertTrue(container.path("user").asText().matches("[1-9]\\d*:[1-9]\\d*"), "not root");
            assertEquals("awslogs", container.at("/logConfiguration/logDriver").asText());
            assertEquals(
                    "non-blocking",
                    container.at("/logConfiguration/options/mode").asText());
            assertEquals(
                    region,
                    container.at("/logConfiguration/options/awslogs-region").asText());
            assertEquals("CMD", container.at("/healthCheck/command/0").asText(), "no shell in either image");
            assertTrue(container.at("/healthCheck/interval").asInt() >= 30, "each check starts a process");
            assertImage(container, region);
            memory += container.path("memory").asInt();
        }
        assertEquals(512, memory, "the containers share all of the task's memory");
    }

    @ParameterizedTest
    @ValueSource(strings = {"eu-west-1", "us-east-1"})
    void theServiceHasEveryKeyAndOnlyKeysThatItReads(String region) throws Exception {
        var service = container(task(region), "meridian");
        var given = assertKeys(
                service, region, Set.of("MERIDIAN_ADMIN_TOKENS", "MERIDIAN_GUEST_SECRET", "MERIDIAN_SESSION_KEYS"));
        assertEquals(Set.of(), ConfigKeys.missing(ConfigKeys.SERVER, given), "settings that a server requires");
        // A secret reaches a task as a variable, which stays as it was when the secret is rotated.
        assertEquals("true", environment(service).get("MERIDIAN_SQL_IAM"));
        assertTrue(given.contains("MERIDIAN_SQL_USERNAME"));
        assertEquals(
                service.at("/logConfiguration/options/awslogs-group").asText(),
                environment(service).get("MERIDIAN_TELEMETRY_LOG_GROUPS"),
                "X-Ray finds the lines of a trace by the group");
    }

    /// Checks the settings of a container.
    ///
    /// @return their names
    private static Set<String> assertKeys(JsonNode container, String region, Set<String> secrets) throws Exception {
        ConfigKeys.assertConnection(environment(container), region);
        var plain = names(container.path("environment"));
        var secret = names(container.path("secrets"));
        assertEquals(secrets, Set.copyOf(secret));
        var given = new TreeSet<>(plain);
        given.addAll(secret);
        assertEquals(plain.size() + secret.size(), given.size(), "a key is given twice");
        assertEquals(Set.of(), ConfigKeys.missing(given, ConfigKeys.read()), "keys that nothing reads");
        for (var reference : container.path("secrets")) {
            assertTrue(reference.path("valueFrom").asText().startsWith("arn:aws:secretsmanager:" + region + ":"));
        }
        return given;
    }

    private static void assertImage(JsonNode container, String region) {
        var image = container.path("image").asText();
        assertTrue(
                image.matches("(\\d{12}\\.dkr\\.ecr\\." + region + "\\.amazonaws\\.com/meridian"
                        + "|public\\.ecr\\.aws/[a-z/-]+)@sha256:[0-9a-f]{64}"),
                () -> image + ": a tag may change what runs");
    }

    /// Overrides of `run-task` have no secrets, so the owner's need a task definition of their own.
    @ParameterizedTest
    @ValueSource(strings = {"eu-west-1", "us-east-1"})
    void theMigrationIsATaskOfItsOwnWithTheSecretOfTheOwner(String region) throws Exception {
        var migrate = read(file("migrate", region));
        assertEquals(Set.of(), unknown(migrate, TASK_FIELDS));
        assertEquals("meridian-migrate", migrate.path("family").asText());
        assertEquals(1, migrate.path("containerDefinitions").size(), "no collector that outlives it");
        var container = container(migrate, "migrate");
        var service = container(task(region), "meridian");
        assertEquals(Set.of(), unknown(container, CONTAINER_FIELDS));
        assertEquals("migrate", texts(container.path("command")).getLast());
        assertFalse(container.has("healthCheck"), "it ends by itself");
        assertTrue(container.path("essential").asBoolean());
        for (var same : List.of("image", "user", "readonlyRootFilesystem", "linuxParameters", "mountPoints")) {
            assertEquals(service.path(same), container.path(same), same);
        }
        for (var same : List.of("volumes", "networkMode", "runtimePlatform", "requiresCompatibilities")) {
            assertEquals(task(region).path(same), migrate.path(same), same);
        }
        assertFalse(migrate.has("taskRoleArn"), "it calls nothing of AWS");
        assertKeys(container, region, Set.of("MERIDIAN_SQL_OWNER_USERNAME", "MERIDIAN_SQL_OWNER_PASSWORD"));
        var given = environment(container);
        assertEquals(environment(service).get("MERIDIAN_SQL_USERNAME"), given.get("MERIDIAN_SQL_APP_ROLE"));
        assertFalse(given.containsKey("MERIDIAN_SQL_IAM"), "the owner has a password");
        // The keys that Secrets Manager's rotation writes.
        assertEquals(
                List.of("username", "password"),
                stream(container.path("secrets"))
                        .map(secret -> secret.path("valueFrom").asText().replaceAll("^.*secret:[^:]+:|::$", ""))
                        .toList());
        var servers = stream(service.path("secrets"))
                .map(secret -> secret.path("valueFrom").asText().replaceAll("^.*secret:|:.*$", ""))
                .toList();
        assertTrue(
                stream(container.path("secrets"))
                        .map(secret -> secret.path("valueFrom").asText().replaceAll("^.*secret:|:.*$", ""))
                        .noneMatch(servers::contains),
                "the service's role may not read the owner's secret");
        assertNotEquals(task(region).path("executionRoleArn"), migrate.path("executionRoleArn"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"eu-west-1", "us-east-1"})
    void theServiceIsNotRootAndEndsInPeace(String region) throws Exception {
        var service = container(task(region), "meridian");
        assertTrue(service.path("essential").asBoolean());
        assertTrue(service.path("user").asText().matches("[1-9]\\d*:[1-9]\\d*"));
        assertEquals("ALL", service.at("/linuxParameters/capabilities/drop/0").asText());
        assertEquals(List.of("CMD", "/meridian", "health"), texts(service.at("/healthCheck/command")));
        assertEquals("serve", texts(service.path("command")).getLast());
        // ECS deregisters the target, waits for the deregistration delay, and only then sends SIGTERM.
        assertTrue(service.path("stopTimeout").asLong() >= ShutdownSeconds.longest() + 10);
        assertTrue(service.path("stopTimeout").asInt() <= 120, "Fargate's bound");
        assertEquals(
                List.of(8080, 9000, 8090),
                stream(service.path("portMappings"))
                        .map(port -> port.path("containerPort").asInt())
                        .toList());
    }

    @ParameterizedTest
    @ValueSource(strings = {"eu-west-1", "us-east-1"})
    void theCollectorSendsTracesToXRayAndMetricsByRegionToCloudWatch(String region) throws Exception {
        var task = task(region);
        var collector = container(task, "collector");
        assertFalse(collector.path("essential").asBoolean(), "the store outlives its collector");
        assertTrue(collector.at("/restartPolicy/enabled").asBoolean(), "nobody else starts it again");
        // "Restart individual containers in Amazon ECS tasks": 60 to 1800, by default 300.
        assertEquals(60, collector.at("/restartPolicy/restartAttemptPeriod").asInt());
        var config =
                Kustomize.YAML.readTree(collector.at("/environment/0/value").asText());
        assertEquals("AOT_CONFIG_CONTENT", collector.at("/environment/0/name").asText());
        for (var pipeline : config.at("/service/pipelines")) {
            for (var part : List.of("receivers", "processors", "exporters")) {
                for (var name : texts(pipeline.path(part))) {
                    assertTrue(config.path(part).has(name), part + " has no " + name);
                }
            }
        }
        assertEquals(List.of("awsxray"), texts(config.at("/service/pipelines/traces/exporters")));
        assertEquals(List.of("awsemf"), texts(config.at("/service/pipelines/metrics/exporters")));
        assertEquals(region, config.at("/exporters/awsxray/region").asText());
        assertEquals(region, config.at("/exporters/awsemf/region").asText());
        stream(config.at("/exporters/awsemf/metric_declarations"))
                .flatMap(declaration -> stream(declaration.path("dimensions")))
                .forEach(dimensions -> assertTrue(texts(dimensions).contains("region"), dimensions.toString()));
        assertEquals(
                "http://" + config.at("/receivers/otlp/protocols/grpc/endpoint").asText(),
                environment(container(task, "meridian")).get("OTEL_EXPORTER_OTLP_ENDPOINT"));
    }

    /// Templates that drift apart are otherwise noticed only in a failover. Both Regions have the same writer.
    @Test
    void theRegionsDifferInTheRegionOnly() throws Exception {
        for (var family : List.of("task-definition", "migrate")) {
            assertEquals(normal(family, "eu-west-1"), normal(family, "us-east-1"));
        }
    }

    private static String normal(String family, String region) throws Exception {
        return Files.readString(file(family, region))
                .lines()
                .filter(line -> !line.contains("cluster-EXAMPLE"))
                .map(line -> line.replace(region, "REGION"))
                .toList()
                .toString();
    }

    static Path file(String family, String region) {
        return Path.of("infra/ecs/" + family + "." + region + ".json");
    }

    static JsonNode read(Path file) throws Exception {
        return new ObjectMapper().readTree(file.toFile());
    }

    private static JsonNode task(String region) throws Exception {
        return read(file("task-definition", region));
    }

    /// The plain variables of a container.
    static Map<String, String> environment(JsonNode container) {
        return stream(container.path("environment"))
                .collect(Collectors.toMap(
                        variable -> variable.path("name").asText(),
                        variable -> variable.path("value").asText()));
    }

    static JsonNode container(JsonNode task, String name) {
        var found = stream(task.path("containerDefinitions"))
                .filter(container -> container.path("name").asText().equals(name))
                .findFirst()
                .orElse(null);
        assertNotNull(found, name);
        return found;
    }

    private static Set<String> unknown(JsonNode node, Set<String> known) {
        var fields = new TreeSet<String>();
        node.fieldNames().forEachRemaining(fields::add);
        fields.removeAll(known);
        return fields;
    }

    static List<String> names(JsonNode variables) {
        return stream(variables).map(variable -> variable.path("name").asText()).toList();
    }

    private static List<String> texts(JsonNode array) {
        var texts = new ArrayList<String>();
        array.forEach(node -> texts.add(node.asText()));
        return texts;
    }

    private static java.util.stream.Stream<JsonNode> stream(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }
}
