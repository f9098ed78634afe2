package dev.meridian.delivery;

import static dev.meridian.delivery.Kustomize.find;
import static dev.meridian.delivery.Kustomize.kind;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.KubernetesResource;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The rendered Kubernetes manifests: every field exists, the service reads every key, and each pod has what it
/// needs for the restricted policy and a graceful shutdown.
class ManifestTest {
    private static final String WRITER = "eu-west-1";
    private static final Path OVERLAYS = Path.of("k8s/overlays");

    /// `apiVersion/kind` -> its model class.
    private static final Map<String, Class<? extends KubernetesResource>> MODEL = Map.of(
            "v1/ServiceAccount", ServiceAccount.class,
            "v1/ConfigMap", ConfigMap.class,
            "v1/Service", Service.class,
            "apps/v1/Deployment", Deployment.class,
            "batch/v1/Job", Job.class,
            "autoscaling/v2/HorizontalPodAutoscaler", HorizontalPodAutoscaler.class,
            "policy/v1/PodDisruptionBudget", PodDisruptionBudget.class,
            "networking.k8s.io/v1/NetworkPolicy", NetworkPolicy.class);

    private static final ObjectMapper STRICT = new ObjectMapper()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .setAnnotationIntrospector(new NoBagForUnknownFields());

    /// The model classes collect unknown fields in a map; without this map an unknown field is an error.
    private static final class NoBagForUnknownFields extends JacksonAnnotationIntrospector {
        private static final long serialVersionUID = 1;

        @Override
        public Boolean hasAnySetter(Annotated element) {
            return false;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"eu-west-1", "us-east-1"})
    void everyFieldIsKnownToKubernetes(String region) throws Exception {
        var objects = Kustomize.render(OVERLAYS.resolve(region));
        for (var object : objects) {
            assertNothingLost(object);
            assertEquals("meridian", object.path("metadata").path("namespace").asText());
        }
        var kinds = objects.stream().map(Kustomize::kind).collect(Collectors.toCollection(TreeSet::new));
        var expected = new TreeSet<>(MODEL.keySet().stream()
                .map(name -> name.substring(name.lastIndexOf('/') + 1))
                .toList());
        if (!region.equals(WRITER)) expected.remove("Job");
        assertEquals(expected, kinds);
    }

    @Test
    void aFieldThatKubernetesLacksFails() throws Exception {
        var deployment = find(Kustomize.render(OVERLAYS.resolve(WRITER)), "Deployment", "meridian");
        ((ObjectNode) deployment.at("/spec/template/spec/containers/0")).put("readOnlyRootFileSystem", true);
        assertThrows(UnrecognizedPropertyException.class, () -> assertNothingLost(deployment));
    }

    @ParameterizedTest
    @ValueSource(strings = {"eu-west-1", "us-east-1"})
    void everyKeyIsReadAndNoneIsMissing(String region) throws Exception {
        var objects = Kustomize.render(OVERLAYS.resolve(region));
        var container = container(read(objects, "Deployment", "meridian", Deployment.class)
                .getSpec()
                .getTemplate()
                .getSpec());
        var config = read(objects, "ConfigMap", "meridian", ConfigMap.class).getData();
        var given = new TreeSet<>(config.keySet());
        container.getEnv().forEach(variable -> assertTrue(given.add(variable.getName()), variable + " is given twice"));
        var unread = new TreeSet<>(given);
        unread.removeAll(ConfigKeys.read());
        unread.removeAll(expanded(container.getEnv()));
        assertEquals(Set.of(), unread, "keys that nothing reads");
        var missing = new TreeSet<>(ConfigKeys.REQUIRED);
        missing.removeAll(given);
        assertEquals(Set.of(), missing, "keys that production requires");
        assertEquals(region, config.get("AWS_REGION"));
        assertTrue(config.get("MERIDIAN_SQL_READER_URL").contains("." + region + "."), "the reader of this Region");
    }

    @ParameterizedTest
    @ValueSource(strings = {"eu-west-1", "us-east-1"})
    void secretsAreReferencesOnly(String region) throws Exception {
        var objects = Kustomize.render(OVERLAYS.resolve(region));
        assertTrue(objects.stream().noneMatch(object -> kind(object).equals("Secret")));
        for (var object : objects) {
            for (var env : object.findValues("env")) {
                for (var variable : env) {
                    var secret =
                            ConfigKeys.SECRET.contains(variable.path("name").asText());
                    assertEquals(secret, variable.at("/valueFrom").has("secretKeyRef"), variable.toString());
                    if (secret) assertFalse(variable.has("value"));
                }
            }
            if (kind(object).equals("ConfigMap")) {
                ConfigKeys.SECRET.forEach(key -> assertFalse(object.path("data").has(key), key));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"eu-west-1", "us-east-1"})
    void podsFitTheRestrictedPolicy(String region) throws Exception {
        var objects = Kustomize.render(OVERLAYS.resolve(region));
        var pods = objects.stream()
                .filter(object -> Set.of("Deployment", "Job").contains(kind(object)))
                .toList();
        assertEquals(region.equals(WRITER) ? 2 : 1, pods.size());
        for (var object : pods) {
            var pod = STRICT.treeToValue(object.at("/spec/template/spec"), PodSpec.class);
            assertTrue(pod.getSecurityContext().getRunAsNonRoot());
            assertTrue(pod.getSecurityContext().getRunAsUser() > 0);
            assertEquals(
                    "RuntimeDefault",
                    pod.getSecurityContext().getSeccompProfile().getType());
            assertFalse(pod.getAutomountServiceAccountToken());
            var container = container(pod);
            var security = container.getSecurityContext();
            assertFalse(security.getAllowPrivilegeEscalation());
            assertTrue(security.getReadOnlyRootFilesystem());
            assertEquals(List.of("ALL"), security.getCapabilities().getDrop());
            assertEquals("/tmp", container.getVolumeMounts().getFirst().getMountPath());
            assertNotNull(pod.getVolumes().getFirst().getEmptyDir());
            assertEquals(
                    new Quantity("512Mi"), container.getResources().getLimits().get("memory"));
            assertTrue(container
                    .getImage()
                    .matches("\\d{12}\\.dkr\\.ecr\\." + region + "\\.amazonaws\\.com/meridian:\\d.*"));
            assertEquals(Set.of(), unknownReferences(container, objects), "references that nothing answers");
        }
    }

    @Test
    void aPodHasTimeToEnd() throws Exception {
        var pod = read(Kustomize.render(OVERLAYS.resolve(WRITER)), "Deployment", "meridian", Deployment.class)
                .getSpec()
                .getTemplate()
                .getSpec();
        long preStop = container(pod).getLifecycle().getPreStop().getSleep().getSeconds();
        long shutdown = ShutdownSeconds.longest();
        assertTrue(shutdown > 0);
        assertTrue(
                pod.getTerminationGracePeriodSeconds() > preStop + shutdown,
                "preStop " + preStop + " and shutdown " + shutdown + " do not fit");
    }

    @Test
    void probesAskTheManagementPort() throws Exception {
        var objects = Kustomize.render(OVERLAYS.resolve(WRITER));
        var deployment = read(objects, "Deployment", "meridian", Deployment.class);
        var container = container(deployment.getSpec().getTemplate().getSpec());
        var ports = container.getPorts().stream()
                .collect(Collectors.toMap(port -> port.getName(), port -> port.getContainerPort()));
        assertEquals(Map.of("http", 8080, "management", 9000), ports);
        for (var probe :
                List.of(container.getStartupProbe(), container.getReadinessProbe(), container.getLivenessProbe())) {
            assertEquals("management", probe.getHttpGet().getPort().getStrVal());
        }
        assertEquals(
                "/q/health/started", container.getStartupProbe().getHttpGet().getPath());
        assertEquals(
                "/q/health/ready", container.getReadinessProbe().getHttpGet().getPath());
        assertEquals("/q/health/live", container.getLivenessProbe().getHttpGet().getPath());
        assertTrue(container.getReadinessProbe().getTimeoutSeconds() >= 2);
    }

    @Test
    void selectorsFindTheServersOnlyAndTheNetworkPolicyEveryPod() throws Exception {
        var objects = Kustomize.render(OVERLAYS.resolve(WRITER));
        var server = read(objects, "Deployment", "meridian", Deployment.class)
                .getSpec()
                .getTemplate()
                .getMetadata()
                .getLabels();
        var job = read(objects, "Job", "meridian-migrate", Job.class)
                .getSpec()
                .getTemplate()
                .getMetadata()
                .getLabels();
        var selectors = List.of(
                read(objects, "Service", "meridian", Service.class).getSpec().getSelector(),
                read(objects, "PodDisruptionBudget", "meridian", PodDisruptionBudget.class)
                        .getSpec()
                        .getSelector()
                        .getMatchLabels(),
                read(objects, "Deployment", "meridian", Deployment.class)
                        .getSpec()
                        .getSelector()
                        .getMatchLabels());
        for (var selector : selectors) {
            assertTrue(server.entrySet().containsAll(selector.entrySet()));
            assertFalse(job.entrySet().containsAll(selector.entrySet()));
        }
        var policy =
                read(objects, "NetworkPolicy", "meridian", NetworkPolicy.class).getSpec();
        var all = policy.getPodSelector().getMatchLabels().entrySet();
        assertTrue(server.entrySet().containsAll(all) && job.entrySet().containsAll(all));
        var in = policy.getIngress().stream()
                .flatMap(rule -> rule.getPorts().stream())
                .map(port -> port.getPort().getIntVal())
                .collect(Collectors.toSet());
        assertEquals(Set.of(8080, 9000), in);
        var out = policy.getEgress().stream()
                .flatMap(rule -> rule.getPorts().stream())
                .map(port -> port.getPort().getIntVal())
                .collect(Collectors.toSet());
        assertTrue(out.containsAll(Set.of(53, 443, 5432, 4317)), out.toString());
    }

    @Test
    void theMigrationRunsTheMigration() throws Exception {
        var job = read(Kustomize.render(OVERLAYS.resolve(WRITER)), "Job", "meridian-migrate", Job.class);
        assertEquals(
                List.of("migrate"),
                container(job.getSpec().getTemplate().getSpec()).getArgs());
        assertEquals("Never", job.getSpec().getTemplate().getSpec().getRestartPolicy());
    }

    /// Where kustomize is installed, its output and ours are the same.
    @ParameterizedTest
    @ValueSource(strings = {"eu-west-1", "us-east-1"})
    void kustomizeRendersTheSame(String region) throws Exception {
        var process = new ProcessBuilder(
                        "sh",
                        "-c",
                        "kustomize build \"$0\" 2>/dev/null || kubectl kustomize \"$0\" 2>/dev/null || true",
                        OVERLAYS.resolve(region).toString())
                .redirectInput(Path.of("/dev/null").toFile())
                .start();
        var output = new String(process.getInputStream().readAllBytes());
        System.out.printf("kustomize is %s%n", output.isEmpty() ? "not here, our own rendering stands alone" : "here");
        if (output.isEmpty()) return;
        // The hash that kustomize gives the name of a ConfigMap; it replaces pods when their configuration
        // changes.
        var hash = Pattern.compile("(?m)^  name: (meridian-[a-z0-9]{10})$").matcher(output);
        assertTrue(hash.find(), output);
        var theirs = new TreeMap<String, JsonNode>();
        try (var documents = Kustomize.YAML
                .readerFor(ObjectNode.class)
                .<ObjectNode>readValues(output.replace(hash.group(1), "meridian"))) {
            documents.forEachRemaining(object -> theirs.put(kind(object) + Kustomize.name(object), object));
        }
        var ours = new TreeMap<String, JsonNode>();
        Kustomize.render(OVERLAYS.resolve(region))
                .forEach(object -> ours.put(kind(object) + Kustomize.name(object), object));
        assertEquals(theirs, ours);
    }

    private static Container container(PodSpec pod) {
        assertEquals(1, pod.getContainers().size());
        return pod.getContainers().getFirst();
    }

    private static <T> T read(List<ObjectNode> objects, String kind, String name, Class<T> type)
            throws JsonProcessingException {
        return STRICT.treeToValue(find(objects, kind, name), type);
    }

    /// Reads an object into the model and writes it again, which drops everything that the model does not know.
    private static void assertNothingLost(ObjectNode object) throws JsonProcessingException {
        var name = object.path("apiVersion").asText() + "/" + kind(object);
        var type = MODEL.get(name);
        assertNotNull(type, name + " is not in the model");
        var modelled = STRICT.valueToTree(STRICT.treeToValue(object, type));
        assertSubset(object, modelled, name);
    }

    private static void assertSubset(JsonNode ours, JsonNode modelled, String at) {
        if (ours.isObject()) {
            ours.properties().forEach(entry -> {
                var path = at + "." + entry.getKey();
                assertTrue(modelled.has(entry.getKey()), path + " is no field of Kubernetes");
                assertSubset(entry.getValue(), modelled.get(entry.getKey()), path);
            });
        } else if (ours.isArray()) {
            assertEquals(ours.size(), modelled.size(), at);
            for (int i = 0; i < ours.size(); i++) {
                assertSubset(ours.get(i), modelled.get(i), at + "[" + i + "]");
            }
        } else {
            assertEquals(ours.asText(), modelled.asText(), at);
        }
    }

    /// Variables that are used only in the value of another variable.
    private static Set<String> expanded(List<EnvVar> variables) {
        var names = new HashSet<String>();
        var reference = Pattern.compile("\\$\\(([A-Z_]+)\\)");
        variables.stream()
                .filter(variable -> variable.getValue() != null)
                .forEach(variable ->
                        reference.matcher(variable.getValue()).results().forEach(found -> names.add(found.group(1))));
        return names;
    }

    private static Set<String> unknownReferences(Container container, List<ObjectNode> objects) {
        var unknown = new TreeSet<String>();
        for (var source : container.getEnvFrom()) {
            var name = source.getConfigMapRef().getName();
            if (objects.stream()
                    .noneMatch(object -> kind(object).equals("ConfigMap")
                            && Kustomize.name(object).equals(name))) {
                unknown.add(name);
            }
        }
        return unknown;
    }
}
