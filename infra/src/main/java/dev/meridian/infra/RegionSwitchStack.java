package dev.meridian.infra;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awscdk.Fn;
import software.amazon.awscdk.Token;
import software.amazon.awscdk.services.iam.Role;
import software.amazon.awscdk.services.iam.ServicePrincipal;
import software.constructs.Construct;

/// A plan of Region switch. To deactivate a Region it takes it out of DNS first: the other one accepts
/// orders into the journal while the SQL writer moves, which a person approves. Nothing triggers it: an
/// alarm cannot tell a Region that is lost from one that is cut off.
///
/// The plan makes the health checks of its DNS step. Once they exist, their ids go into `planChecks`.
final class RegionSwitchStack extends PlatformStack {
    private static final int RECOVERY_MINUTES = 15;

    RegionSwitchStack(Construct scope, Config config) {
        super(scope, Part.CONTROL, config, config.home().region());
        var role = Role.Builder.create(this, "Role")
                .roleName(names.role("region-switch"))
                .assumedBy(new ServicePrincipal("arc-region-switch.amazonaws.com"))
                .build();
        permit(role);
        var capacity = map(
                "Name",
                "capacity",
                "ExecutionBlockType",
                "Parallel",
                "ExecutionBlockConfiguration",
                map("ParallelConfig", map("Steps", List.of(scaleTasks(), scaleSql()))));
        var plan = resource(
                "Plan",
                "AWS::ARCRegionSwitch::Plan",
                map(
                        "Name", config.name(),
                        "Description", "Takes a Region out of traffic, and the SQL writer away from it.",
                        "RecoveryApproach", "activeActive",
                        "Regions", config.regionNames(),
                        "ExecutionRole", role.getRoleArn(),
                        "RecoveryTimeObjectiveMinutes", RECOVERY_MINUTES,
                        "Workflows",
                                List.of(
                                        workflow("deactivate", List.of(dns(), capacity, approval(), writer())),
                                        workflow("activate", List.of(scaleTasks(), dns()))),
                        "Tags", Map.of("service", config.name())));
        plan.getNode().addDependency(role);
        output("Checks", Fn.join(",", Token.asList(plan.getAtt("PlanHealthChecks"))));
    }

    private void permit(Role role) {
        var services = config.regionNames().stream().map(names::serviceArn).toList();
        var clusters = config.regionNames().stream().map(names::sqlClusterArn).toList();
        var writers = new ArrayList<>(clusters);
        writers.add(names.globalClusterArn());
        role.addToPolicy(allow(List.of("ecs:DescribeServices", "ecs:UpdateService"), services));
        role.addToPolicy(allow(List.of("rds:FailoverGlobalCluster", "rds:SwitchoverGlobalCluster"), writers));
        role.addToPolicy(allow(List.of("rds:ModifyDBCluster"), clusters));
        // What is described has no name before it is known.
        role.addToPolicy(allow(
                List.of(
                        "application-autoscaling:DescribeScalableTargets",
                        "cloudwatch:GetMetricStatistics",
                        "ecs:DescribeClusters",
                        "rds:DescribeDBClusters",
                        "rds:DescribeGlobalClusters"),
                List.of("*")));
        role.addToPolicy(allow(
                List.of("application-autoscaling:RegisterScalableTarget"),
                config.regionNames().stream()
                        .map(name -> names.arn("application-autoscaling", name, "scalable-target/*"))
                        .toList()));
        role.addToPolicy(allow(
                List.of("route53:ListResourceRecordSets"),
                List.of("arn:aws:route53:::hostedzone/" + config.zone().id())));
    }

    private static Map<String, Object> workflow(String action, List<Map<String, Object>> steps) {
        return map("WorkflowTargetAction", action, "Steps", steps);
    }

    private static Map<String, Object> step(String name, String type, String key, Map<String, Object> configuration) {
        return map(
                "Name", name,
                "ExecutionBlockType", type,
                "ExecutionBlockConfiguration", map(key, configuration));
    }

    private Map<String, Object> dns() {
        var sets = config.regionNames().stream()
                .map(name -> map("Region", name, "RecordSetIdentifier", name))
                .toList();
        return step(
                "dns",
                "Route53HealthCheck",
                "Route53HealthCheckConfig",
                map(
                        "HostedZoneId",
                        config.zone().id(),
                        "RecordName",
                        names.healthyRegions(),
                        "RecordSets",
                        sets,
                        "TimeoutMinutes",
                        5));
    }

    private Map<String, Object> scaleTasks() {
        var services = config.regionNames().stream()
                .map(name -> map("ClusterArn", names.clusterArn(name), "ServiceArn", names.serviceArn(name)))
                .toList();
        return step(
                "tasks",
                "ECSServiceScaling",
                "EcsCapacityIncreaseConfig",
                map(
                        "Services",
                        services,
                        "TargetPercent",
                        200,
                        "CapacityMonitoringApproach",
                        "sampledMaxInLast24Hours",
                        "Ungraceful",
                        map("MinimumSuccessPercentage", 50),
                        "TimeoutMinutes",
                        10));
    }

    private Map<String, Object> scaleSql() {
        var clusters = new LinkedHashMap<String, Object>();
        config.regionNames().forEach(name -> clusters.put(name, names.sqlClusterArn(name)));
        return step(
                "sql-capacity",
                "AuroraServerlessScaling",
                "AuroraServerlessScalingConfig",
                map(
                        "GlobalClusterIdentifier",
                        names.globalCluster(),
                        "RegionDatabaseClusterArns",
                        clusters,
                        "TargetPercent",
                        100,
                        "TimeoutMinutes",
                        10));
    }

    private Map<String, Object> approval() {
        return step(
                "approve",
                "ManualApproval",
                "ExecutionApprovalConfig",
                map("ApprovalRole", names.roleArn(names.role(AccessStack.OPERATOR)), "TimeoutMinutes", 60));
    }

    private Map<String, Object> writer() {
        return step(
                "writer",
                "AuroraGlobalDatabase",
                "GlobalAuroraConfig",
                map(
                        "GlobalClusterIdentifier", names.globalCluster(),
                        "DatabaseClusterArns",
                                config.regionNames().stream()
                                        .map(names::sqlClusterArn)
                                        .toList(),
                        "Behavior", "switchoverOnly",
                        "Ungraceful", map("Ungraceful", "failover"),
                        "TimeoutMinutes", 20));
    }
}
