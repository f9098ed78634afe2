package dev.meridian.delivery;

import static dev.meridian.delivery.Kustomize.find;
import static dev.meridian.delivery.Kustomize.kind;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
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
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import java.nio.file.Path;
import java.util.ArrayList;
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
    static final Path OVERLAYS = Path.of("k8s/overlays");

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
        var config = read(objects, "ConfigMap", "meridian", ConfigMap.class).getData();
        var container = container(pod(objects, "Deployment", "meridian"));
        var given = new TreeSet<>(config.keySet());
        container.getEnv().forEach(variable -> assertTrue(given.add(variable.getName()), variable + " is given twice"));
        var unread = ConfigKeys.missing(given, ConfigKeys.read());
        unread.removeAll(expanded(container.getEnv()));
        assertEquals(Set.of(), unread, "keys that nothing reads");
        assertEquals(Set.of(), ConfigKeys.missing(ConfigKeys.SERVER, given), "settings that a server requires");
        ConfigKeys.assertConnection(config, region);
    }

    /// The password comes from a file that the kubelet renews. Nothing else than the mounted files is a secret.
    @ParameterizedTest
    @ValueSource(strings = {"eu-west-1", "us-east-1"})
    void filesThatTheSettingsNameAreMounted(String region) throws Exception {
        var objects = Kustomize.render(OVERLAYS.resolve(region));
        var config = read(objects, "ConfigMap", "meridian", ConfigMap.class).getData();
        var pod = pod(objects, "Deployment", "meridian");
        var login = container(pod).getEnv().stream()
                .filter(variable -> variable.getName().equals("MERIDIAN_SQL_PASSWORD_FILE"))
                .findFirst()
                .orElseThrow()
                .getValue();
        assertEquals("meridian-sql", volume(pod, login).getSecret().getSecretName());
        assertEquals(0440, volume(pod, login).getSecret().getDefaultMode());
        assertEquals(
                pod.getSecurityContext().getRunAsGroup(),
                pod.getSecurityContext().getFsGroup());
        assertEquals(
                "rds-ca",
                volume(pod, config.get("MERIDIAN_SQL_TLS_CA")).getConfigMap().getName());
        for (var mount : container(pod).getVolumeMounts()) {
            assertNull(mount.getSubPath(), "a file that is mounted alone is not renewed");
            assertTrue(mount.getMountPath().equals("/tmp") || Boolean.TRUE.equals(mount.getReadOnly()));
        }
        if (!region.equals(WRITER)) return;
        var job = pod(objects, "Job", "meridian-migrate");
        assertEquals(
                "rds-ca",
                volume(job, config.get("MERIDIAN_SQL_TLS_CA")).getConfigMap().getName());
    }

    /// The volume that has a file at a path.
    private static Volume volume(PodSpec pod, String path) {
        var mount = container(pod).getVolumeMounts().stream()
                .filter(m -> path.equals(m.getMountPath() + "/" + Path.of(path).getFileName()))
                .findFirst()
                .orElseThrow();
        var volume = pod.getVolumes().stream()
                .filter(v -> v.getName().equals(mount.getName()))
                .findFirst()
                .orElseThrow();
        var items = volume.getSecret() != null
                ? volume.getSecret().getItems()
                : volume.getConfigMap().getItems();
        assertEquals(Path.of(path).getFileName().toString(), items.getFirst().getPath());
        return volume;
    }

    static PodSpec pod(List<ObjectNode> objects, String kind, String name) throws JsonProcessingException {
        return STRICT.treeToValue(find(objects, kind, name).at("/spec/template/spec"), PodSpec.class);
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
            assertTrue(
                    container
                            .getImage()
                            .matches("\\d{12}\\.dkr\\.ecr\\." + region
                                    + "\\.amazonaws\\.com/meridian@sha256:[0-9a-f]{64}"),
                    container::getImage);
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
        assertTrue(preStop >= 20, "a load balancer with targets by address needs as long to stop sending");
        assertTrue(
                pod.getTerminationGracePeriodSeconds() >= preStop + shutdown + 10,
                "preStop " + preStop + " and shutdown " + shutdown + " do not fit");
    }

    @Test
    void probesAskTheManagementPort() throws Exception {
        var objects = Kustomize.render(OVERLAYS.resolve(WRITER));
        var deployment = read(objects, "Deployment", "meridian", Deployment.class);
        var container = container(deployment.getSpec().getTemplate().getSpec());
        var ports = container.getPorts().stream()
                .collect(Collectors.toMap(port -> port.getName(), port -> port.getContainerPort()));
        assertEquals(Map.of("http", 8080, "management", 9000, "admin", 8090), ports);
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
                read(objects, "Service", "meridian-administration", Service.class)
                        .getSpec()
                        .getSelector(),
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
    }

    /// What a rule admits, as `port peer`; a peer is a network, the labels of a namespace and pods, or `anywhere`.
    private static Set<String> rules(List<ObjectNode> objects, String direction, String peers) {
        var rules = new TreeSet<String>();
        objects.stream()
                .filter(object -> kind(object).equals("NetworkPolicy"))
                .flatMap(policy -> policy.at("/spec/" + direction).valueStream())
                .forEach(rule -> rule.path("ports").forEach(port -> {
                    if (!rule.has(peers)) rules.add(port.path("port").asInt() + " anywhere");
                    rule.path(peers).forEach(peer -> rules.add(port.path("port").asInt() + " " + peer(peer)));
                }));
        return rules;
    }

    private static String peer(JsonNode peer) {
        if (peer.has("ipBlock")) return peer.at("/ipBlock/cidr").asText();
        var labels = new ArrayList<String>();
        for (var selector : List.of("namespaceSelector", "podSelector")) {
            peer.path(selector).path("matchLabels").forEach(label -> labels.add(label.asText()));
        }
        assertFalse(labels.isEmpty(), "every namespace: " + peer);
        return String.join("/", labels);
    }

    /// What faces the world has the port of customers alone, and nothing forwards to the one of administrators.
    @ParameterizedTest
    @ValueSource(strings = {"eu-west-1", "us-east-1"})
    void nothingOutsideOfTheClusterReachesThePortOfAdministrators(String region) throws Exception {
        var objects = Kustomize.render(OVERLAYS.resolve(region));
        var ports = new TreeSet<String>();
        for (var object : objects) {
            if (kind(object).matches("Ingress|.*Route|TargetGroupBinding"))
                assertFalse(object.toString().contains("administration"), object::toString);
            if (!kind(object).equals("Service")) continue;
            assertEquals("ClusterIP", object.at("/spec/type").asText());
            object.at("/spec/ports")
                    .forEach(port -> ports.add(object.at("/metadata/name").asText() + " "
                            + port.path("targetPort").asText()));
        }
        assertEquals(Set.of("meridian http", "meridian-administration admin"), ports);
    }

    /// Health and metrics have no login, so only probes and the scraper may ask for them. Probes of the
    /// kubelet need no rule.
    @ParameterizedTest
    @ValueSource(strings = {"eu-west-1", "us-east-1"})
    void theNetworkIsClosedButForWhatIsNeeded(String region) throws Exception {
        var objects = Kustomize.render(OVERLAYS.resolve(region));
        var subnets = region.equals("eu-west-1") ? "10.10.0.0/22" : "10.20.0.0/22";
        assertEquals(
                Set.of("8080 anywhere", "9000 observability", "9000 " + subnets, "8090 operations"),
                rules(objects, "ingress", "from"));
        assertEquals(
                Set.of(
                        "53 kube-system/kube-dns",
                        "53 169.254.20.10/32",
                        "443 anywhere",
                        "4317 observability",
                        "5432 10.10.8.0/22",
                        "5432 10.20.8.0/22",
                        "80 169.254.170.23/32",
                        "80 fd00:ec2::23/128"),
                rules(objects, "egress", "to"));
        for (var object : objects) {
            if (!kind(object).equals("NetworkPolicy")) continue;
            assertEquals(
                    Map.of("app.kubernetes.io/name", "meridian"),
                    STRICT.treeToValue(object, NetworkPolicy.class)
                            .getSpec()
                            .getPodSelector()
                            .getMatchLabels());
        }
    }

    /// The service compares this number with what the writer admits.
    @Test
    void theNumberOfTasksIsThatOfTheAutoscalerInBothRegions() throws Exception {
        int tasks = 0;
        for (var region : List.of("eu-west-1", "us-east-1")) {
            var objects = Kustomize.render(OVERLAYS.resolve(region));
            tasks += read(objects, "HorizontalPodAutoscaler", "meridian", HorizontalPodAutoscaler.class)
                    .getSpec()
                    .getMaxReplicas();
            tasks += read(objects, "Deployment", "meridian", Deployment.class)
                    .getSpec()
                    .getStrategy()
                    .getRollingUpdate()
                    .getMaxSurge()
                    .getIntVal();
        }
        var config = read(Kustomize.render(OVERLAYS.resolve(WRITER)), "ConfigMap", "meridian", ConfigMap.class);
        assertEquals(Integer.toString(tasks), config.getData().get("MERIDIAN_SQL_TASKS_MAX"));
    }

    /// With IRSA the SDK would need a module that the service does not have.
    @ParameterizedTest
    @ValueSource(strings = {"eu-west-1", "us-east-1"})
    void credentialsComeFromPodIdentity(String region) throws Exception {
        var account = find(Kustomize.render(OVERLAYS.resolve(region)), "ServiceAccount", "meridian");
        assertFalse(account.path("metadata").has("annotations"), account::toString);
    }

    @Test
    void theMigrationRunsTheMigration() throws Exception {
        var job = read(Kustomize.render(OVERLAYS.resolve(WRITER)), "Job", "meridian-migrate", Job.class);
        assertEquals(
                List.of("migrate"),
                container(job.getSpec().getTemplate().getSpec()).getArgs());
        assertEquals("Never", job.getSpec().getTemplate().getSpec().getRestartPolicy());
        var secrets = container(job.getSpec().getTemplate().getSpec()).getEnv().stream()
                .filter(variable -> variable.getValueFrom() != null)
                .collect(Collectors.toMap(
                        EnvVar::getName,
                        variable -> variable.getValueFrom().getSecretKeyRef().getName()));
        assertEquals(
                Map.of(
                        "MERIDIAN_SQL_OWNER_USERNAME", "meridian-owner",
                        "MERIDIAN_SQL_OWNER_PASSWORD", "meridian-owner"),
                secrets);
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

    static Container container(PodSpec pod) {
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
