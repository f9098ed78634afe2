package dev.meridian.delivery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
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
            assertEquals("awslogs", container.at("/logConfiguration/logDriver").asText());
            assertEquals(
                    "non-blocking",
                    container.at("/logConfiguration/options/mode").asText());
            assertEquals(
                    region,
                    container.at("/logConfiguration/options/awslogs-region").asText());
            assertEquals("CMD", container.at("/healthCheck/command/0").asText(), "no shell in either image");
            memory += container.path("memory").asInt();
        }
        assertEquals(512, memory, "the containers share all of the task's memory");
    }

    @ParameterizedTest
    @ValueSource(strings = {"eu-west-1", "us-east-1"})
    void theServiceHasEveryKeyAndOnlyKeysThatItReads(String region) throws Exception {
        var service = container(task(region), "meridian");
        var plain = names(service.path("environment"));
        var secret = names(service.path("secrets"));
        var given = new TreeSet<>(plain);
        given.addAll(secret);
        assertEquals(plain.size() + secret.size(), given.size(), "a key is given twice");
        assertEquals(ConfigKeys.SECRET, Set.copyOf(secret));
        var unread = new TreeSet<>(given);
        unread.removeAll(ConfigKeys.read());
        assertEquals(Set.of(), unread, "keys that nothing reads");
        var missing = new TreeSet<>(ConfigKeys.REQUIRED);
        missing.removeAll(given);
        assertEquals(Set.of(), missing, "keys that production requires");
        for (var reference : service.path("secrets")) {
            assertTrue(reference.path("valueFrom").asText().startsWith("arn:aws:secretsmanager:" + region + ":"));
        }
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
        assertTrue(service.path("stopTimeout").asLong() > ShutdownSeconds.longest());
        assertTrue(service.path("stopTimeout").asInt() <= 120, "Fargate's bound");
        assertEquals(
                List.of(8080, 9000),
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
        var endpoint = stream(container(task, "meridian").path("environment"))
                .filter(variable -> variable.path("name").asText().equals("OTEL_EXPORTER_OTLP_ENDPOINT"))
                .findFirst()
                .orElseThrow()
                .path("value")
                .asText();
        assertEquals(
                "http://" + config.at("/receivers/otlp/protocols/grpc/endpoint").asText(), endpoint);
    }

    /// Templates that drift apart are otherwise noticed only in a failover. Both Regions have the same writer.
    @Test
    void theRegionsDifferInTheRegionOnly() throws Exception {
        assertEquals(normal("eu-west-1"), normal("us-east-1"));
    }

    private static String normal(String region) throws Exception {
        return Files.readString(file(region))
                .lines()
                .filter(line -> !line.contains("cluster-EXAMPLE"))
                .map(line -> line.replace(region, "REGION"))
                .toList()
                .toString();
    }

    private static Path file(String region) {
        return Path.of("infra/ecs/task-definition." + region + ".json");
    }

    private static JsonNode task(String region) throws Exception {
        return new ObjectMapper().readTree(file(region).toFile());
    }

    private static JsonNode container(JsonNode task, String name) {
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

    private static List<String> names(JsonNode variables) {
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
