package dev.meridian.infra;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.meridian.dynamo.DynamoTable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What the tasks' roles may do is what the code does.
class PolicyTest {
    /// Generated from the calls in the code, by a test of the service.
    private static final Path CALLS = Path.of("iam/dynamodb.json");

    static Stream<String> configurations() {
        return Syntheses.five().stream().map(Synthesis::name);
    }

    @ParameterizedTest
    @MethodSource("configurations")
    void aTaskMayDoWithEachTableWhatTheCodeDoes(String name) throws Exception {
        var synthesis = Syntheses.of(name);
        for (var region : synthesis.regions()) {
            var actual = actionsByTable(policies(synthesis, region), region);
            assertEquals(expected(), actual, region);
        }
    }

    @ParameterizedTest
    @MethodSource("configurations")
    void queriesReadNoIndexThatDoesNotExist(String name) {
        var synthesis = Syntheses.of(name);
        for (var region : synthesis.regions()) {
            var indexes = new TreeSet<String>();
            for (var statement : statements(policies(synthesis, region))) {
                for (var arn : arns(statement, region)) {
                    if (arn.contains("/index/")) indexes.add(arn.substring(arn.lastIndexOf(":table/") + 7));
                }
            }
            for (var table : DynamoTable.values()) {
                boolean has = indexes.stream()
                        .anyMatch(index -> index.startsWith("meridian-" + table.baseName() + "/index/"));
                assertEquals(!table.indexes().isEmpty(), has, table.baseName());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("configurations")
    void onlyMigrateReadsTheOwnersSecret(String name) {
        var synthesis = Syntheses.of(name);
        var readers = new TreeSet<String>();
        var secrets = new TreeSet<String>();
        synthesis.resources().forEach(resource -> {
            for (var document : PermissionChecks.identityPolicies(resource)) {
                for (var statement : document.path("Statement")) {
                    var actions = PermissionChecks.values(statement.path("Action"), resource);
                    if (!actions.contains("secretsmanager:GetSecretValue")) continue;
                    var read = new TreeSet<String>();
                    secrets(synthesis, resource.stack(), statement.path("Resource"), read);
                    secrets.addAll(read);
                    if (read.contains("meridian/sql-owner"))
                        readers.add(resource.stack().id());
                }
            }
        });
        assertTrue(secrets.contains("meridian/sql-owner"), "the test sees who reads: " + secrets);
        assertTrue(secrets.contains("meridian/session-keys"), "the test sees who reads: " + secrets);
        readers.removeIf(stack -> stack.startsWith("migrate-") || stack.startsWith("sql-"));
        assertEquals(Set.of(), readers, "may read the owner's password");
    }

    /// The names of the secrets that a value refers to, through outputs of other stacks too.
    private static void secrets(Synthesis synthesis, StackTemplate stack, JsonNode value, Set<String> names) {
        if (value.has("Fn::GetStackOutput")) {
            secrets(synthesis, synthesis.exporter(value), synthesis.output(value), names);
        } else if (value.has("Ref") || value.has("Fn::GetAtt")) {
            var referred = stack.referred(value);
            if (referred == null) return;
            if (referred.type().equals("AWS::SecretsManager::Secret")) names.add(referred.text("Name"));
            if (referred.type().equals("AWS::SecretsManager::SecretTargetAttachment")) {
                secrets(synthesis, stack, referred.at("SecretId"), names);
            }
        } else {
            value.forEach(part -> secrets(synthesis, stack, part, names));
        }
    }

    @ParameterizedTest
    @MethodSource("configurations")
    void tasksLogInAsTheServicesUserOnly(String name) {
        var synthesis = Syntheses.of(name);
        var users = new TreeSet<String>();
        for (var region : synthesis.regions()) {
            for (var statement : statements(policies(synthesis, region))) {
                if (!statement.path("Action").toString().contains("rds-db:connect")) continue;
                for (var arn : arns(statement, region)) users.add(arn.substring(arn.lastIndexOf('/') + 1));
            }
        }
        boolean iam = Syntheses.config(name).sql().login() == Config.Login.IAM;
        assertEquals(iam ? Set.of("meridian_app") : Set.of(), users);
    }

    /// Draining and naming the writer are writes of one item in any Region that lives.
    @ParameterizedTest
    @MethodSource("configurations")
    void anOperatorWritesItemsOfRegionsAndNoOtherTable(String name) {
        var synthesis = Syntheses.of(name);
        var stack = synthesis.stack("access-" + synthesis.home());
        var operator = role(stack, "meridian-operator");
        var seen = new TreeSet<String>();
        for (var statement : statements(policies(stack, operator))) {
            for (var action : actions(statement)) {
                if (!action.startsWith("dynamodb:")) continue;
                for (var arn : arns(statement, stack.region())) seen.add(action + " " + arn);
            }
        }
        var expected = new TreeSet<String>();
        for (var region : synthesis.regions()) {
            for (var action : List.of("GetItem", "UpdateItem")) {
                expected.add("dynamodb:%s arn:aws:dynamodb:%s:%s:table/meridian-regions"
                        .formatted(action, region, StackTemplate.ACCOUNT));
            }
        }
        assertEquals(expected, seen);
    }

    @ParameterizedTest
    @MethodSource("configurations")
    void anOperatorNeedsASecondFactorAndAReleaseATokenOfItsBranch(String name) {
        var stack = Syntheses.of(name).stack("access-" + Syntheses.of(name).home());
        var operator = role(stack, "meridian-operator").at("AssumeRolePolicyDocument.Statement");
        assertEquals(1, operator.size());
        assertEquals(
                "true",
                operator.at("/0/Condition/Bool/aws:MultiFactorAuthPresent").asText());
        var release = role(stack, "meridian-release").at("AssumeRolePolicyDocument.Statement");
        assertEquals(1, release.size());
        assertEquals("sts:AssumeRoleWithWebIdentity", release.at("/0/Action").asText());
        var token = release.at("/0/Condition/StringEquals");
        assertEquals(
                "repo:example/meridian:ref:refs/heads/main",
                token.path("token.actions.githubusercontent.com:sub").asText());
        assertEquals(
                "sts.amazonaws.com",
                token.path("token.actions.githubusercontent.com:aud").asText());
    }

    private static Resource role(StackTemplate stack, String name) {
        return stack.resources("AWS::IAM::Role")
                .filter(role -> role.text("RoleName").equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no role " + name));
    }

    @ParameterizedTest
    @MethodSource("configurations")
    void nobodyChangesATableByHand(String name) {
        for (var region : Syntheses.of(name).regions()) {
            for (var statement : statements(policies(Syntheses.of(name), region))) {
                if (statement.path("Effect").asText().equals("Deny")) continue;
                var text = statement.path("Action").toString();
                for (var action : List.of("CreateTable", "UpdateTable", "DeleteTable", "dynamodb:*")) {
                    assertFalse(text.contains(action), text);
                }
            }
        }
    }

    /// The policies of the role that the service's tasks have.
    private static List<Resource> policies(Synthesis synthesis, String region) {
        var stack = synthesis.stack("service-" + region);
        var task = stack.resources(ServiceChecks.TASK).findFirst().orElseThrow();
        var role = synthesis.referred(stack, task.at("TaskRoleArn"));
        assertTrue(role != null, "the task has a role of its stack");
        return policies(stack, role);
    }

    private static List<Resource> policies(StackTemplate stack, Resource role) {
        var all = new ArrayList<Resource>(List.of(role));
        stack.resources("AWS::IAM::Policy")
                .filter(policy -> {
                    for (var attached : policy.at("Roles")) {
                        if (attached.path("Ref").asText().equals(role.id())) return true;
                    }
                    return false;
                })
                .forEach(all::add);
        return all;
    }

    private static List<JsonNode> statements(List<Resource> policies) {
        var all = new ArrayList<JsonNode>();
        for (var policy : policies) {
            for (var document : PermissionChecks.identityPolicies(policy))
                document.path("Statement").forEach(all::add);
        }
        return all;
    }

    private static List<String> arns(JsonNode statement, String region) {
        var resource = statement.path("Resource");
        if (!resource.isArray()) return List.of(Resource.text(resource, region));
        var all = new ArrayList<String>();
        resource.forEach(arn -> all.add(Resource.text(arn, region)));
        return all;
    }

    /// Actions on the tables of a Region, by table; those on indexes count for the table.
    private static Map<String, Set<String>> actionsByTable(List<Resource> policies, String region) {
        var all = new TreeMap<String, Set<String>>();
        for (var statement : statements(policies)) {
            if (statement.path("Effect").asText().equals("Deny")) continue;
            for (var arn : arns(statement, region)) {
                if (!arn.contains(":dynamodb:" + region + ":")) continue;
                var table = arn.replaceAll(".*:table/", "").replaceAll("/index/.*", "");
                for (var action : actions(statement))
                    all.computeIfAbsent(table, any -> new TreeSet<>()).add(action);
            }
        }
        return all;
    }

    private static List<String> actions(JsonNode statement) {
        var action = statement.path("Action");
        if (!action.isArray()) return List.of(action.asText());
        var all = new ArrayList<String>();
        action.forEach(one -> all.add(one.asText()));
        return all;
    }

    private static Map<String, Set<String>> expected() throws Exception {
        var all = new TreeMap<String, Set<String>>();
        for (var statement : Synthesis.JSON.readTree(CALLS.toFile()).path("Statement")) {
            var arn = statement.path("Resource").path(0).asText();
            all.put(arn.substring(arn.lastIndexOf('/') + 1), new TreeSet<>(actions(statement)));
        }
        return all;
    }
}
