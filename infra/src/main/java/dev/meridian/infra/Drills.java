package dev.meridian.infra;

import static dev.meridian.infra.PlatformStack.map;

import dev.meridian.dynamo.DynamoTable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import software.amazon.awscdk.services.iam.ManagedPolicy;
import software.amazon.awscdk.services.iam.Role;
import software.amazon.awscdk.services.iam.ServicePrincipal;

/// Experiments of the Fault Injection Service, and for each a schedule that is off.
///
/// Each stops when the canary against another Region fails, and fails itself when it finds nothing to
/// break.
final class Drills {
    private static final String DURATION = "PT10M";

    private final PlatformStack stack;
    private final Role role;
    private final Role scheduler;

    Drills(PlatformStack stack) {
        this.stack = stack;
        this.role = role();
        this.scheduler = Role.Builder.create(stack, "DrillScheduler")
                .roleName(stack.names.role("drill-schedule", stack.region))
                .assumedBy(new ServicePrincipal("scheduler.amazonaws.com"))
                .build();
        scheduler.addToPolicy(PlatformStack.allow(
                List.of("fis:StartExperiment"),
                List.of(
                        stack.names.arn("fis", stack.region, "experiment-template/*"),
                        stack.names.arn("fis", stack.region, "experiment/*"))));
    }

    private Role role() {
        var made = Role.Builder.create(stack, "DrillRole")
                .roleName(stack.names.role("drill", stack.region))
                .assumedBy(new ServicePrincipal("fis.amazonaws.com"))
                .managedPolicies(Stream.of("ECS", "Network", "RDS")
                        .map(part -> ManagedPolicy.fromAwsManagedPolicyName(
                                "service-role/AWSFaultInjectionSimulator" + part + "Access"))
                        .toList())
                .build();
        made.addToPolicy(PlatformStack.allow(
                List.of(
                        "dynamodb:DeleteResourcePolicy",
                        "dynamodb:DescribeTable",
                        "dynamodb:GetResourcePolicy",
                        "dynamodb:PutResourcePolicy"),
                eventualTables()));
        made.addToPolicy(PlatformStack.allow(List.of("tag:GetResources"), List.of("*")));
        return made;
    }

    /// An MRSC table has no replication that could pause.
    private List<String> eventualTables() {
        return Arrays.stream(DynamoTable.values())
                .filter(table -> !stack.config.isStrong(table))
                .map(table -> stack.names.tableArn(table, stack.region))
                .toList();
    }

    void make() {
        var stopHalf = action("aws:ecs:stop-task", "Tasks", "HalfOfTheTasks");
        var pause = timed("aws:dynamodb:global-table-pause-replication", "Tables", "Tables");
        drill("tasks-killed", map("HalfOfTheTasks", tasks()), map("StopTasks", stopHalf));
        drill("replication-paused", map("Tables", tables()), map("PauseReplication", pause));
        drill("az-lost", map("Zone", subnets(stack.site().zones().getFirst())), map("CutZone", cutZone()));
        if (stack.config.sqlRegions().contains(stack.site())) {
            drill(
                    "writer-failover",
                    map("Cluster", cluster()),
                    map("FailOver", action("aws:rds:failover-db-cluster", "Clusters", "Cluster")));
        }
        isolated(pause);
    }

    /// Cuts each other Region off from this one, and the tables with it.
    private void isolated(Map<String, Object> pause) {
        var actions = new LinkedHashMap<String, Object>();
        actions.put("PauseReplication", pause);
        String before = null;
        for (var peer : stack.config.others(stack.site())) {
            var cut = timed(
                    "aws:network:route-table-disrupt-cross-region-connectivity",
                    "Subnets",
                    "AppSubnets",
                    "region",
                    peer.region());
            var name = "CutOff-" + peer.region();
            if (before != null) cut.put("StartAfter", List.of(before));
            actions.put(name, cut);
            before = name;
        }
        drill("region-isolated", map("Tables", tables(), "AppSubnets", subnets(null)), actions);
    }

    private Map<String, Object> cutZone() {
        return timed("aws:network:disrupt-connectivity", "Subnets", "Zone", "scope", "all");
    }

    private static Map<String, Object> action(String id, String kind, String target) {
        return map("ActionId", id, "Targets", map(kind, target));
    }

    private static Map<String, Object> timed(String id, String kind, String target, Object... more) {
        var action = action(id, kind, target);
        var parameters = map("duration", DURATION);
        parameters.putAll(map(more));
        action.put("Parameters", parameters);
        return action;
    }

    private Map<String, Object> tasks() {
        return map(
                "ResourceType", "aws:ecs:task",
                "SelectionMode", "PERCENT(50)",
                "Parameters", map("cluster", stack.names.service(), "service", stack.names.service()));
    }

    private Map<String, Object> tables() {
        return map(
                "ResourceType", "aws:dynamodb:global-table",
                "SelectionMode", "ALL",
                "ResourceArns", eventualTables());
    }

    /// @param zone its letter, or null for all
    private Map<String, Object> subnets(String zone) {
        return map(
                "ResourceType",
                "aws:ec2:subnet",
                "SelectionMode",
                "ALL",
                "ResourceTags",
                map("service", stack.config.name()),
                "Parameters",
                zone == null ? null : map("availabilityZoneIdentifier", stack.region + zone));
    }

    private Map<String, Object> cluster() {
        return map(
                "ResourceType", "aws:rds:cluster",
                "SelectionMode", "ALL",
                "ResourceArns", List.of(stack.names.sqlClusterArn(stack.region)));
    }

    private void drill(String name, Map<String, Object> targets, Map<String, Object> actions) {
        var stops = new ArrayList<Map<String, Object>>();
        for (var peer : stack.config.others(stack.site())) {
            stops.add(map(
                    "Source",
                    "aws:cloudwatch:alarm",
                    "Value",
                    stack.names.alarmArn(Threshold.CANARY.id() + "-" + peer.region(), stack.region)));
        }
        var template = stack.resource(
                "Drill-" + name,
                "AWS::FIS::ExperimentTemplate",
                map(
                        "Description", name,
                        "RoleArn", role.getRoleArn(),
                        "Targets", targets,
                        "Actions", actions,
                        "StopConditions", stops,
                        "ExperimentOptions",
                                map("AccountTargeting", "single-account", "EmptyTargetResolutionMode", "fail"),
                        "Tags", map("Name", stack.names.document(name), "service", stack.config.name())));
        template.getNode().addDependency(role);
        schedule(name, template.getRef());
    }

    private void schedule(String name, String template) {
        stack.resource(
                "Schedule-" + name,
                "AWS::Scheduler::Schedule",
                map(
                        "Name",
                        stack.names.document(name),
                        "Description",
                        "Once a month; off until somebody wants it.",
                        "State",
                        "DISABLED",
                        "ScheduleExpression",
                        "cron(0 9 ? * TUE#2 *)",
                        "FlexibleTimeWindow",
                        map("Mode", "OFF"),
                        "Target",
                        map(
                                "Arn",
                                "arn:aws:scheduler:::aws-sdk:fis:startExperiment",
                                "RoleArn",
                                scheduler.getRoleArn(),
                                "Input",
                                "{\"ExperimentTemplateId\":\"" + template + "\"}")));
    }
}
