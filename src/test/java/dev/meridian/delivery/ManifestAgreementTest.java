package dev.meridian.delivery;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The task definitions of ECS and the manifests of Kubernetes start the same process with the same settings,
/// but for the differences that are named here.
class ManifestAgreementTest {
    /// How a task and a pod log in to PostgreSQL, and what a pod says about itself in traces.
    private static final Set<String> ECS_ONLY = Set.of("MERIDIAN_SQL_USERNAME", "MERIDIAN_SQL_IAM");

    private static final Set<String> KUBERNETES_ONLY =
            Set.of("MERIDIAN_SQL_PASSWORD_FILE", "OTEL_RESOURCE_ATTRIBUTES", "POD_NAME", "POD_NAMESPACE", "NODE_NAME");

    /// The collector is beside the task, or a service of the cluster.
    private static final Set<String> OTHER_VALUE = Set.of("OTEL_EXPORTER_OTLP_ENDPOINT");

    /// What the job gets from the one ConfigMap and does not need.
    private static final Set<String> SERVER_ONLY = Set.of(
            "MERIDIAN_IDENTITY",
            "MERIDIAN_SQL_TASKS_MAX",
            "MERIDIAN_TELEMETRY_LOG_GROUPS",
            "MERIDIAN_HTTP_TRUSTED_PROXIES",
            "QUARKUS_HTTP_CORS_ORIGINS",
            "OTEL_EXPORTER_OTLP_ENDPOINT",
            "OTEL_EXPORTER_OTLP_PROTOCOL",
            "OTEL_TRACES_SAMPLER_ARG");

    private static JsonNode ecs(String family, String region, String container) throws Exception {
        return TaskDefinitionTest.container(
                TaskDefinitionTest.read(TaskDefinitionTest.file(family, region)), container);
    }

    /// The variables of a container, plain ones with their values, secrets with the name of the key.
    private static Map<String, String> ofEcs(JsonNode container) {
        var all = new TreeMap<>(TaskDefinitionTest.environment(container));
        container
                .path("secrets")
                .forEach(secret -> all.put(
                        secret.path("name").asText(),
                        "secret " + secret.path("valueFrom").asText().replaceAll("^.*secret:[^:]+:|::$", "")));
        return all;
    }

    private static Map<String, String> ofKubernetes(List<ObjectNode> objects, String kind, String name) {
        var all = new TreeMap<String, String>();
        Kustomize.find(objects, "ConfigMap", "meridian")
                .path("data")
                .properties()
                .forEach(entry -> all.put(entry.getKey(), entry.getValue().asText()));
        var container = Kustomize.find(objects, kind, name).at("/spec/template/spec/containers/0");
        for (var variable : container.path("env")) {
            var secret = variable.at("/valueFrom/secretKeyRef/key");
            all.put(
                    variable.path("name").asText(),
                    secret.isMissingNode() ? variable.path("value").asText() : "secret " + secret.asText());
        }
        return all;
    }

    private static void assertSame(
            Map<String, String> ecs, Map<String, String> kubernetes, Set<String> ecsOnly, Set<String> kubernetesOnly) {
        assertEquals(ecsOnly, ConfigKeys.missing(ecs.keySet(), kubernetes.keySet()), "only in ECS");
        assertEquals(
                new TreeSet<>(kubernetesOnly),
                ConfigKeys.missing(kubernetes.keySet(), ecs.keySet()),
                "only in Kubernetes");
        var different = new TreeSet<String>();
        ecs.forEach((key, value) -> {
            if (kubernetes.containsKey(key) && !kubernetes.get(key).equals(value)) different.add(key);
        });
        different.removeAll(OTHER_VALUE);
        assertEquals(Set.of(), different, "with other values");
    }

    @ParameterizedTest
    @ValueSource(strings = {"eu-west-1", "us-east-1"})
    void servers(String region) throws Exception {
        var task = ecs("task-definition", region, "meridian");
        var objects = Kustomize.render(ManifestTest.OVERLAYS.resolve(region));
        assertSame(ofEcs(task), ofKubernetes(objects, "Deployment", "meridian"), ECS_ONLY, KUBERNETES_ONLY);
        assertSameProcess(task, Kustomize.find(objects, "Deployment", "meridian"));
    }

    /// Kubernetes has the job in the Region of the writer; ECS has it in both, since a task definition runs
    /// nowhere by itself.
    @ParameterizedTest
    @ValueSource(strings = "eu-west-1")
    void migrations(String region) throws Exception {
        var task = ecs("migrate", region, "migrate");
        var objects = Kustomize.render(ManifestTest.OVERLAYS.resolve(region));
        assertSame(ofEcs(task), ofKubernetes(objects, "Job", "meridian-migrate"), Set.of(), SERVER_ONLY);
        assertSameProcess(task, Kustomize.find(objects, "Job", "meridian-migrate"));
    }

    private static void assertSameProcess(JsonNode task, JsonNode object) {
        var container = object.at("/spec/template/spec/containers/0");
        assertEquals(task.path("image"), container.path("image"));
        assertEquals(words(task.path("command")), words(container.path("args")));
        var security = object.at("/spec/template/spec/securityContext");
        assertEquals(
                task.path("user").asText(),
                security.path("runAsUser").asText() + ":"
                        + security.path("runAsGroup").asText());
        assertEquals(task.path("readonlyRootFilesystem"), container.at("/securityContext/readOnlyRootFilesystem"));
        assertEquals(task.at("/linuxParameters/capabilities/drop"), container.at("/securityContext/capabilities/drop"));
    }

    /// Without the size of the heap, which follows from the memory.
    private static List<String> words(JsonNode arguments) {
        var words = new ArrayList<String>();
        arguments.forEach(word -> words.add(word.asText()));
        words.removeIf(word -> word.startsWith("-Xm"));
        return words;
    }
}
