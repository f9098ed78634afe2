package dev.meridian.infra;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/// Experiments of the Fault Injection Service ("AWS FIS Actions reference").
final class DrillChecks {
    static final String EXPERIMENT = "AWS::FIS::ExperimentTemplate";

    /// What an action takes.
    ///
    /// @param target the name of its target, empty: none
    /// @param type the resources of the target
    /// @param required parameters
    /// @param optional parameters
    private record Action(String target, String type, Set<String> required, Set<String> optional) {}

    private static final Map<String, Action> ACTIONS = Map.ofEntries(
            Map.entry("aws:ecs:stop-task", new Action("Tasks", "aws:ecs:task", Set.of(), Set.of())),
            Map.entry(
                    "aws:ecs:task-network-blackhole-port",
                    new Action(
                            "Tasks",
                            "aws:ecs:task",
                            Set.of("duration", "port", "protocol", "trafficType"),
                            Set.of("useEcsFaultInjectionEndpoints"))),
            Map.entry(
                    "aws:dynamodb:global-table-pause-replication",
                    new Action("Tables", "aws:dynamodb:global-table", Set.of("duration"), Set.of())),
            Map.entry(
                    "aws:network:disrupt-connectivity",
                    new Action(
                            "Subnets", "aws:ec2:subnet", Set.of("duration", "scope"), Set.of("prefixListIdentifier"))),
            Map.entry(
                    "aws:network:route-table-disrupt-cross-region-connectivity",
                    new Action("Subnets", "aws:ec2:subnet", Set.of("duration", "region"), Set.of())),
            Map.entry("aws:rds:failover-db-cluster", new Action("Clusters", "aws:rds:cluster", Set.of(), Set.of())),
            Map.entry(
                    "aws:rds:reboot-db-instances",
                    new Action("DBInstances", "aws:rds:db", Set.of(), Set.of("forceFailover"))),
            Map.entry("aws:fis:wait", new Action("", "", Set.of("duration"), Set.of())),
            Map.entry(
                    "aws:cloudwatch:assert-alarm-state",
                    new Action("", "", Set.of("alarmArns", "alarmStates"), Set.of())),
            Map.entry(
                    "aws:ssm:start-automation-execution",
                    new Action(
                            "",
                            "",
                            Set.of("documentArn", "maxDuration"),
                            Set.of("documentParameters", "documentVersion"))));

    private DrillChecks() {}

    static void look(Synthesis synthesis, Consumer<Finding> found) {
        synthesis.resources(EXPERIMENT).forEach(experiment -> {
            var used = new HashSet<String>();
            experiment.at("Actions").properties().forEach(action -> {
                var id = action.getValue().path("ActionId").asText();
                var known = ACTIONS.get(id);
                if (known == null) {
                    found.accept(experiment.finding("drill-action", "no action: " + id));
                    return;
                }
                parameters(experiment, action.getKey(), action.getValue().path("Parameters"), known, found);
                targets(experiment, action.getKey(), action.getValue().path("Targets"), known, used, found);
                for (var after : action.getValue().path("StartAfter")) {
                    if (!experiment.at("Actions").has(after.asText())) {
                        found.accept(experiment.finding(
                                "drill-action",
                                action.getKey() + " starts after " + after.asText() + ", which is none"));
                    }
                }
            });
            experiment.at("Targets").fieldNames().forEachRemaining(name -> {
                if (!used.contains(name))
                    found.accept(experiment.finding("drill-target", "nothing uses the target " + name));
            });
            safety(synthesis, experiment, found);
        });
    }

    private static void parameters(
            Resource experiment, String name, JsonNode parameters, Action known, Consumer<Finding> found) {
        for (var required : known.required()) {
            if (!parameters.has(required))
                found.accept(experiment.finding("drill-action", name + " needs " + required));
        }
        parameters.fieldNames().forEachRemaining(given -> {
            if (!known.required().contains(given) && !known.optional().contains(given)) {
                found.accept(experiment.finding("drill-action", name + " has no parameter " + given));
            }
        });
        var duration = parameters.path("duration").asText();
        if (!duration.isEmpty() && !duration.matches("PT(\\d+H)?(\\d+M)?(\\d+S)?")) {
            found.accept(experiment.finding("drill-action", name + " has no duration: " + duration));
        }
    }

    private static void targets(
            Resource experiment,
            String name,
            JsonNode targets,
            Action known,
            Set<String> used,
            Consumer<Finding> found) {
        if (!known.target().isEmpty() && !targets.has(known.target())) {
            found.accept(experiment.finding("drill-target", name + " needs the target " + known.target()));
        }
        targets.properties().forEach(entry -> {
            var target = experiment.at("Targets").path(entry.getValue().asText());
            used.add(entry.getValue().asText());
            if (!entry.getKey().equals(known.target())) {
                found.accept(experiment.finding("drill-target", name + " has no target " + entry.getKey()));
            } else if (target.isMissingNode()) {
                found.accept(experiment.finding(
                        "drill-target", "there is no target " + entry.getValue().asText()));
            } else if (!target.path("ResourceType").asText().equals(known.type())) {
                found.accept(experiment.finding("drill-target", name + " works on " + known.type()));
            }
        });
    }

    /// A drill ends when an alarm of ours rings, and does not pass because it found nothing to break.
    private static void safety(Synthesis synthesis, Resource experiment, Consumer<Finding> found) {
        var names = AlarmChecks.names(synthesis);
        boolean stops = false;
        for (var condition : experiment.at("StopConditions")) {
            var alarm =
                    Resource.text(condition.path("Value"), experiment.stack().region());
            boolean isAlarm = condition.path("Source").asText().equals("aws:cloudwatch:alarm");
            if (isAlarm
                    && !names.contains(alarm)
                    && !names.contains(alarm.substring(alarm.indexOf(":alarm:") + 7))
                    && !alarm.contains("/")) {
                found.accept(experiment.finding("drill-stop", "there is no alarm " + alarm));
            }
            stops |= isAlarm;
        }
        if (!stops) found.accept(experiment.finding("drill-stop", "no alarm stops it"));
        if (!experiment.text("ExperimentOptions.EmptyTargetResolutionMode").equals("fail")) {
            found.accept(experiment.finding("drill-empty", "passes when it finds nothing to break"));
        }
    }
}
