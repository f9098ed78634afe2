package dev.meridian.infra;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Documents of Systems Manager, run on an AWS that fails one step: what is restored is removed whatever happens, and
/// the role may do what the steps do.
class RunbookTest {
    static Stream<String> configurations() {
        return Syntheses.five().stream().map(Synthesis::name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"reconcile", "restore-drill"})
    void whateverStepFailsWhatWasMadeIsRemoved(String name) {
        for (var region : Syntheses.of("default").regions()) {
            var steps = steps(document("default", region, name));
            assertEquals(Set.of(), left(steps, run(steps, "")), name + " leaves something when all goes well");
            for (var step : steps) {
                var failing = step.path("name").asText();
                // What cannot be removed stays, and the execution says so.
                if (api(step).startsWith("Delete")) continue;
                assertEquals(Set.of(), left(steps, run(steps, failing)), name + " when " + failing + " fails");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("configurations")
    void theRoleMayDoWhatTheStepsDo(String name) {
        for (var stack : Syntheses.of(name).stacks()) {
            stack.resources(DocumentChecks.DOCUMENT).forEach(document -> {
                var role = stack.referred(DocumentChecks.content(document).path("assumeRole"));
                assertTrue(role != null, document + " has a role of its stack");
                var allowed = allowed(stack, role);
                var missing = new TreeSet<String>();
                for (var step : steps(document)) {
                    var inputs = step.path("inputs");
                    if (inputs.path("Api").asText().isEmpty()) continue;
                    var action = inputs.path("Service").asText() + ":" + api(step);
                    if (!allowed.contains(action)) missing.add(action);
                    if (api(step).equals("RunTask") && !allowed.contains("iam:PassRole")) missing.add("iam:PassRole");
                }
                assertEquals(Set.of(), missing, document.text("Name"));
            });
        }
    }

    /// The steps that succeed when one fails, in the order in which they run.
    private static Set<String> run(List<JsonNode> steps, String failing) {
        var done = new LinkedHashSet<String>();
        var byName = new HashMap<String, Integer>();
        for (int i = 0; i < steps.size(); i++)
            byName.put(steps.get(i).path("name").asText(), i);
        var seen = new HashSet<Integer>();
        for (int at = 0; at < steps.size() && seen.add(at); ) {
            var step = steps.get(at);
            var name = step.path("name").asText();
            if (name.equals(failing)) {
                var then = step.path("onFailure").asText("Abort");
                if (then.equals("Abort")) return done;
                at = then.startsWith("step:") ? byName.get(then.substring(5)) : at + 1;
                continue;
            }
            done.add(name);
            if (step.path("isEnd").asBoolean()) return done;
            at = step.has("nextStep") ? byName.get(step.path("nextStep").asText()) : at + 1;
        }
        return done;
    }

    /// What was made by the steps that ran and not removed by one.
    private static Set<String> left(List<JsonNode> steps, Set<String> done) {
        var left = new TreeSet<String>();
        for (var step : steps) {
            if (!done.contains(step.path("name").asText())) continue;
            var inputs = step.path("inputs");
            var made = Map.of(
                            "RestoreDBClusterFromSnapshot", "DBClusterIdentifier",
                            "RestoreDBClusterToPointInTime", "DBClusterIdentifier",
                            "CreateDBInstance", "DBInstanceIdentifier",
                            "RestoreTableToPointInTime", "TargetTableName")
                    .get(api(step));
            if (made != null) left.add(inputs.path(made).asText());
            var removed = Map.of(
                            "DeleteDBCluster", "DBClusterIdentifier",
                            "DeleteDBInstance", "DBInstanceIdentifier",
                            "DeleteTable", "TableName")
                    .get(api(step));
            if (removed != null) left.remove(inputs.path(removed).asText());
        }
        return left;
    }

    private static Set<String> allowed(StackTemplate stack, Resource role) {
        var policies = new ArrayList<Resource>(List.of(role));
        stack.resources("AWS::IAM::Policy")
                .filter(policy -> policy.at("Roles").toString().contains("\"" + role.id() + "\""))
                .forEach(policies::add);
        var all = new HashSet<String>();
        for (var policy : policies) {
            for (var document : PermissionChecks.identityPolicies(policy)) {
                for (var statement : document.path("Statement")) {
                    all.addAll(PermissionChecks.values(statement.path("Action"), policy));
                }
            }
        }
        return all;
    }

    private static Resource document(String name, String region, String document) {
        return Syntheses.of(name)
                .stack("operate-" + region)
                .resources(DocumentChecks.DOCUMENT)
                .filter(each -> each.text("Name").equals("meridian-" + document))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no document " + document + " in " + region));
    }

    private static List<JsonNode> steps(Resource document) {
        var steps = new ArrayList<JsonNode>();
        DocumentChecks.content(document).path("mainSteps").forEach(steps::add);
        return steps;
    }

    private static String api(JsonNode step) {
        return step.at("/inputs/Api").asText();
    }
}
