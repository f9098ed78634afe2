package dev.meridian.infra;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.meridian.dynamo.DynamoTable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What the service and its documents say, the templates say too.
class ContractTest {
    static Stream<String> configurations() {
        return Syntheses.five().stream().map(Synthesis::name);
    }

    @ParameterizedTest
    @MethodSource("configurations")
    void theTablesAreThoseOfTheService(String name) {
        var keys = new TreeMap<String, List<String>>();
        Syntheses.of(name).resources(TableChecks.TABLE).forEach(table -> {
            var own = new java.util.ArrayList<String>();
            table.at("KeySchema")
                    .forEach(key -> own.add(key.path("AttributeName").asText()));
            table.at("GlobalSecondaryIndexes")
                    .forEach(index -> own.add(index.path("IndexName").asText()));
            own.add("ttl " + table.text("TimeToLiveSpecification.AttributeName"));
            keys.put(table.text("TableName"), own);
        });
        var declared = new TreeMap<String, List<String>>();
        for (var table : DynamoTable.values()) {
            var own = new java.util.ArrayList<>(List.of(table.hashKey()));
            table.rangeKey().ifPresent(own::add);
            table.indexes().forEach(index -> own.add(index.name()));
            own.add("ttl " + table.timeToLive().orElse(""));
            declared.put("meridian-" + table.baseName(), own);
        }
        assertEquals(declared, keys);
    }

    @ParameterizedTest
    @MethodSource("configurations")
    void onlyTheJournalIsEverStrong(String name) {
        var strong = new TreeSet<String>();
        Syntheses.of(name)
                .resources(TableChecks.TABLE)
                .filter(table -> table.text("MultiRegionConsistency").equals("STRONG"))
                .forEach(table -> strong.add(table.text("TableName")));
        boolean wanted = Syntheses.config(name).journal().consistency() == Config.Consistency.MRSC;
        assertEquals(wanted ? Set.of("meridian-order-journal") : Set.of(), strong);
    }

    @ParameterizedTest
    @MethodSource("configurations")
    void aTaskKnowsWhatADeploymentMustSet(String name) {
        var synthesis = Syntheses.of(name);
        for (var region : synthesis.regions()) {
            var set = settings(synthesis.stack("service-" + region), "meridian");
            for (var key : List.of(
                    "AWS_REGION",
                    "MERIDIAN_SQL_WRITER_URL",
                    "MERIDIAN_SQL_READER_URL",
                    "MERIDIAN_SQL_USERNAME",
                    "MERIDIAN_SQL_TLS_CA",
                    "MERIDIAN_IDENTITY",
                    "MERIDIAN_ADMIN_TOKENS",
                    "MERIDIAN_GUEST_SECRET",
                    "MERIDIAN_SESSION_KEYS")) {
                assertTrue(set.containsKey(key), region + " has no " + key);
            }
            boolean iam = "true".equals(set.get("MERIDIAN_SQL_IAM"));
            assertTrue(iam != set.containsKey("MERIDIAN_SQL_PASSWORD"), "tokens or a password: " + set.keySet());
            assertEquals(region, set.get("AWS_REGION"));
        }
    }

    /// Every task may have to write to every cluster.
    @ParameterizedTest
    @MethodSource("configurations")
    void theCandidatesAreTheClustersOfAllRegions(String name) {
        var synthesis = Syntheses.of(name);
        for (var region : synthesis.regions()) {
            var set = settings(synthesis.stack("service-" + region), "meridian");
            var all = set.get("MERIDIAN_SQL_WRITER_URL") + "," + set.getOrDefault("MERIDIAN_SQL_WRITER_CANDIDATES", "");
            var stacks = new TreeSet<String>();
            for (var site : Syntheses.config(name).sqlRegions()) {
                if (all.contains("sql-" + site.region())) stacks.add(site.region());
            }
            assertEquals(Syntheses.config(name).sqlRegions().size(), stacks.size(), all);
            for (var url : all.split(",")) {
                if (!url.isEmpty()) assertTrue(url.contains("sslmode=verify-full"), url);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("configurations")
    void theTaskIsTheDocumentedOne(String name) {
        var synthesis = Syntheses.of(name);
        for (var region : synthesis.regions()) {
            var task = synthesis
                    .stack("service-" + region)
                    .resources(ServiceChecks.TASK)
                    .findFirst()
                    .orElseThrow();
            assertEquals("256", task.text("Cpu"));
            assertEquals("512", task.text("Memory"));
            int memory = 0;
            for (var container : task.at("ContainerDefinitions"))
                memory += container.path("Memory").asInt();
            assertEquals(512, memory, "the containers share all of the task's memory");
            var service = container(task, "meridian");
            assertEquals(30, service.path("StopTimeout").asInt());
            assertEquals(
                    "[\"CMD\",\"/meridian\",\"health\"]",
                    service.at("/HealthCheck/Command").toString());
            assertEquals(
                    "[\"ALL\"]",
                    service.at("/LinuxParameters/Capabilities/Drop").toString());
            assertFalse(container(task, "collector").path("Essential").asBoolean(true), "the collector may fail");
        }
    }

    /// Docs: `docs/deployment.md`, "There are three health checks".
    @ParameterizedTest
    @MethodSource("configurations")
    void thereAreThreeHealthChecks(String name) {
        var synthesis = Syntheses.of(name);
        boolean accelerated = Syntheses.config(name).routing() == Config.Routing.GLOBAL_ACCELERATOR;
        for (var region : synthesis.regions()) {
            var paths = new TreeSet<String>();
            synthesis
                    .stack("service-" + region)
                    .resources(ServiceChecks.TARGETS)
                    .forEach(targets -> paths.add(targets.text("HealthCheckPath")));
            assertTrue(paths.contains("/q/health/ready"), paths.toString());
            assertEquals(accelerated, paths.contains("/health"), "Global Accelerator looks at target groups");
        }
        var checked = new HashSet<String>();
        synthesis
                .resources(RecordChecks.CHECK)
                .forEach(check -> checked.add(check.text("HealthCheckConfig.FullyQualifiedDomainName")));
        for (var region : synthesis.regions())
            assertTrue(checked.contains(region + ".store.example.com"), checked.toString());
    }

    /// `/q/openapi` alone of the management paths is for everybody.
    @ParameterizedTest
    @MethodSource("configurations")
    void theWorldCallsNeitherAdministrationNorManagement(String name) {
        var synthesis = Syntheses.of(name);
        for (var region : synthesis.regions()) {
            var refused = new TreeSet<String>();
            var refusedAt = new HashMap<String, Integer>();
            int openApi = Integer.MAX_VALUE;
            for (var rule : synthesis
                    .stack("service-" + region)
                    .resources(EdgeChecks.RULE)
                    .toList()) {
                var text = rule.at("Conditions").toString();
                int priority = rule.at("Priority").asInt();
                var action = rule.text("Actions.0.Type");
                assertFalse(action.equals("forward") && text.contains("/admin"), "nobody from outside reaches /admin");
                if (action.equals("forward") && text.contains("/q/openapi")) openApi = Math.min(openApi, priority);
                if (!action.equals("fixed-response")) continue;
                assertTrue(Set.of("403", "404").contains(rule.text("Actions.0.FixedResponseConfig.StatusCode")));
                for (var path : List.of("/admin", "/q/")) {
                    if (text.contains(path)) {
                        refused.add(path);
                        refusedAt.merge(path, priority, Math::min);
                    }
                }
            }
            assertEquals(Set.of("/admin", "/q/"), refused, region);
            assertTrue(openApi < refusedAt.get("/q/"), "/q/openapi comes before the refusal");
        }
    }

    @Test
    void onlyTheConfiguredNetworksReachThePortOfAdministrators() {
        assertEquals(Set.of(), administrators("default"));
        assertEquals(Set.of("10.200.0.0/24"), administrators("three"));
    }

    private static Set<String> administrators(String name) {
        var from = new TreeSet<String>();
        var synthesis = Syntheses.of(name);
        synthesis
                .resources(NetworkChecks.GROUP)
                .forEach(group -> group.at("SecurityGroupIngress").forEach(rule -> {
                    if (rule.path("FromPort").asInt() == ServiceTask.ADMIN_PORT)
                        from.add(rule.path("CidrIp").asText());
                }));
        synthesis.resources(NetworkChecks.INGRESS).forEach(rule -> {
            if (rule.at("FromPort").asInt() == ServiceTask.ADMIN_PORT) from.add(rule.text("CidrIp"));
        });
        return from;
    }

    /// A line that the service does not write counts nothing, and a count that nobody reads is in vain.
    @Test
    void logFiltersCountWhatTheServiceLogsAndSomebodyReadsIt() throws Exception {
        var sources = sources();
        var read = new TreeSet<String>();
        var counted = new TreeSet<String>();
        var synthesis = Syntheses.of("default");
        synthesis.resources(AlarmChecks.ALARM).forEach(alarm -> read.add(alarm.text("MetricName")));
        synthesis
                .resources(DashboardChecks.DASHBOARD)
                .forEach(board -> DashboardChecks.metrics(board).forEach(metric -> read.add(metric[1])));
        synthesis.resources("AWS::Logs::MetricFilter").forEach(filter -> {
            counted.add(filter.text("MetricTransformations.0.MetricName"));
            var message =
                    filter.text("FilterPattern").replaceAll("^\\{ \\$\\.(message|level) = \"(.*?)\\*?\" }$", "$2");
            assertTrue(message.equals("ERROR") || sources.contains("\"" + message), filter.text("FilterPattern"));
        });
        assertEquals(Set.of("Errors", "MissingOrders"), counted);
        assertTrue(read.containsAll(counted), "nobody reads all of " + counted);
    }

    private static String sources() throws Exception {
        var text = new StringBuilder();
        try (var files = Files.walk(Path.of("../src/main/java/dev/meridian"))) {
            for (var file : files.filter(Files::isRegularFile).toList()) text.append(Files.readString(file));
        }
        return text.toString();
    }

    /// Those of PostgreSQL rotate by themselves; the lists by the runbook.
    @ParameterizedTest
    @MethodSource("configurations")
    void secretsAreInEveryRegionAndRotateAsTheirUsersNeed(String name) {
        var synthesis = Syntheses.of(name);
        var others =
                Set.copyOf(synthesis.regions().subList(1, synthesis.regions().size()));
        var rotations = new TreeMap<String, String>();
        synthesis.resources("AWS::SecretsManager::Secret").forEach(secret -> {
            rotations.put(secret.text("Name"), "");
            var replicas = new TreeSet<String>();
            secret.at("ReplicaRegions")
                    .forEach(replica -> replicas.add(replica.path("Region").asText()));
            assertEquals(others, replicas, secret.text("Name"));
        });
        synthesis.resources("AWS::SecretsManager::RotationSchedule").forEach(schedule -> {
            var secret = synthesis.referred(schedule.stack(), schedule.at("SecretId"));
            if (!secret.type().equals("AWS::SecretsManager::Secret")) {
                secret = synthesis.referred(schedule.stack(), secret.at("SecretId"));
            }
            rotations.put(secret.text("Name"), schedule.text("HostedRotationLambda.RotationType"));
        });
        var expected = new TreeMap<>(Map.of(
                "meridian/admin-tokens", "",
                "meridian/guest-secret", "",
                "meridian/session-keys", "",
                "meridian/sql-owner", "PostgreSQLSingleUser"));
        boolean password = Syntheses.config(name).sql().login() == Config.Login.PASSWORD;
        if (password) expected.put("meridian/sql-app", "PostgreSQLMultiUser");
        assertEquals(expected, rotations);
    }

    /// Names in the runbooks of the infrastructure exist: stacks, documents, alarms.
    @Test
    void theGuideNamesOnlyWhatThereIs() throws Exception {
        var known = new TreeSet<String>();
        for (var synthesis : Syntheses.five()) {
            synthesis.stacks().forEach(stack -> known.add(stack.name()));
            synthesis.resources().forEach(resource -> {
                for (var property : List.of("Name", "AlarmName", "DashboardName", "RoleName", "BackupVaultName")) {
                    known.add(resource.text(property));
                }
            });
        }
        var unknown = new TreeSet<String>();
        try (var files = Files.list(Path.of("../docs/cloud"))) {
            for (var file : files.toList()) {
                java.util.regex.Pattern.compile("`(meridian-[a-z0-9-]+)`")
                        .matcher(Files.readString(file))
                        .results()
                        .map(name -> name.group(1))
                        .filter(name -> !known.contains(name))
                        .forEach(unknown::add);
            }
        }
        assertEquals(Set.of(), unknown, "in docs/cloud");
    }

    /// A region's alarms read its own Region, and a dimension that the collector makes.
    @Test
    void alarmsOnTheServiceReadOneRegion() {
        Syntheses.of("default")
                .resources(AlarmChecks.ALARM)
                .filter(alarm -> alarm.text("Namespace").equals(ContractChecks.NAMESPACE))
                .forEach(alarm -> {
                    var dimensions = new HashMap<String, String>();
                    alarm.at("Dimensions")
                            .forEach(one -> dimensions.put(
                                    one.path("Name").asText(), one.path("Value").asText()));
                    assertTrue(
                            Syntheses.of("default").regions().contains(dimensions.get("region")),
                            alarm + " " + dimensions);
                    var metric = Arrays.stream(ServiceMetric.values())
                            .filter(one -> one.id().equals(alarm.text("MetricName")))
                            .findFirst();
                    assertTrue(metric.isPresent(), alarm + " reads what the collector does not pass on");
                });
    }

    private static Map<String, String> settings(StackTemplate stack, String container) {
        var task = stack.resources(ServiceChecks.TASK).findFirst().orElseThrow();
        var all = new TreeMap<String, String>();
        var found = container(task, container);
        found.path("Environment")
                .forEach(one -> all.put(one.path("Name").asText(), Resource.text(one.path("Value"), stack.region())));
        found.path("Secrets")
                .forEach(one ->
                        all.put(one.path("Name").asText(), Resource.text(one.path("ValueFrom"), stack.region())));
        return all;
    }

    private static com.fasterxml.jackson.databind.JsonNode container(Resource task, String name) {
        for (var container : task.at("ContainerDefinitions")) {
            if (container.path("Name").asText().equals(name)) return container;
        }
        throw new AssertionError(task + " has no container " + name);
    }
}
