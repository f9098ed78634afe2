package dev.meridian.infra;

import static dev.meridian.infra.Documents.await;
import static dev.meridian.infra.Documents.call;
import static dev.meridian.infra.PlatformStack.map;

import dev.meridian.dynamo.DynamoTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import software.amazon.awscdk.services.iam.Role;

/// Documents that restore beside the running store, compare, and remove what they restored, whatever
/// happened.
///
/// `reconcile` takes a snapshot, such as the one that Aurora keeps of a lost writer. `restore-drill`
/// takes the latest restorable second of this Region's cluster and of all tables; it shows that restoring
/// works and how long it takes.
final class Restores {
    private static final String CLEAN = "step:DeleteInstance";
    private static final int HOURS_2 = 7_200;

    private final PlatformStack stack;
    private final Documents documents;
    private final Jobs jobs;
    private final NetworkStack network;
    private final SqlStack sql;

    Restores(PlatformStack stack, Documents documents, Jobs jobs, NetworkStack network, SqlStack sql) {
        this.stack = stack;
        this.documents = documents;
        this.jobs = jobs;
        this.network = network;
        this.sql = sql;
    }

    /// The restored cluster.
    static String cluster(PlatformStack stack) {
        return stack.names.sqlCluster("restored");
    }

    /// The restored tables begin with this.
    static String tables(PlatformStack stack) {
        return stack.config.name() + "-restored-";
    }

    void make() {
        var since = map(
                "type", "String",
                "description", "Only orders taken at or after this time",
                "default", "1970-01-01T00:00:00Z",
                "allowedPattern", "^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z$");
        documents.make(
                "reconcile",
                "Restores a snapshot of PostgreSQL beside the running cluster and lists the orders that differ.",
                map(
                        "Snapshot",
                        map(
                                "type", "String",
                                "description", "The snapshot of the old writer",
                                "allowedPattern", "^[A-Za-z0-9:-]{1,255}$"),
                        "Since",
                        since),
                steps(restoreSnapshot(), List.of()));
        documents.make(
                "restore-drill",
                "Restores PostgreSQL and all tables beside the running ones, compares, and removes them.",
                map("Since", since),
                steps(restoreLatest(), List.of(DynamoTable.values())));
    }

    private List<Map<String, Object>> steps(Map<String, Object> restore, List<DynamoTable> tables) {
        var steps = new ArrayList<Map<String, Object>>();
        for (var table : tables) steps.add(restoreTable(table));
        steps.add(restore);
        steps.add(cleaning(call(
                "CreateInstance",
                "rds",
                "CreateDBInstance",
                map(
                        "DBInstanceIdentifier",
                        instance(),
                        "DBClusterIdentifier",
                        cluster(stack),
                        "DBInstanceClass",
                        "db.serverless",
                        "Engine",
                        "aurora-postgresql",
                        "PubliclyAccessible",
                        false))));
        steps.add(cleaning(await(
                "AwaitInstance",
                HOURS_2,
                "rds",
                "DescribeDBInstances",
                map("DBInstanceIdentifier", instance()),
                "$.DBInstances[0].DBInstanceStatus",
                "available")));
        steps.add(cleaning(endpoint()));
        steps.add(cleaning(compare()));
        steps.add(cleaning(await(
                "AwaitReconcile",
                3_600,
                "ecs",
                "DescribeTasks",
                map("cluster", stack.names.service(), "tasks", List.of("{{ Reconcile.Task }}")),
                "$.tasks[0].lastStatus",
                "STOPPED")));
        remove(steps, tables);
        steps.add(result());
        return steps;
    }

    /// What goes on with the removal when it fails.
    private static Map<String, Object> cleaning(Map<String, Object> step) {
        step.put("onFailure", CLEAN);
        return step;
    }

    private String instance() {
        return cluster(stack) + "-a";
    }

    private Map<String, Object> restoreSnapshot() {
        var request = map("SnapshotIdentifier", "{{ Snapshot }}", "Engine", "aurora-postgresql");
        request.putAll(likeTheCluster());
        return cleaning(call("Restore", "rds", "RestoreDBClusterFromSnapshot", request));
    }

    private Map<String, Object> restoreLatest() {
        var request = map(
                "SourceDBClusterIdentifier",
                stack.names.sqlCluster(sql.region),
                "RestoreType",
                "full-copy",
                "UseLatestRestorableTime",
                true);
        request.putAll(likeTheCluster());
        return cleaning(call("Restore", "rds", "RestoreDBClusterToPointInTime", request));
    }

    private Map<String, Object> likeTheCluster() {
        return map(
                "DBClusterIdentifier",
                cluster(stack),
                "DBSubnetGroupName",
                stack.config.name() + "-restored",
                "VpcSecurityGroupIds",
                List.of(sql.group.getSecurityGroupId()),
                "EnableIAMDatabaseAuthentication",
                true,
                "ServerlessV2ScalingConfiguration",
                map("MinCapacity", stack.config.sql().capacityMin(), "MaxCapacity", 4),
                "DeletionProtection",
                false);
    }

    private Map<String, Object> endpoint() {
        var step = call("Endpoint", "rds", "DescribeDBClusters", map("DBClusterIdentifier", cluster(stack)));
        step.put("outputs", List.of(map("Name", "Host", "Selector", "$.DBClusters[0].Endpoint", "Type", "String")));
        return step;
    }

    private Map<String, Object> compare() {
        var command = List.of(
                "reconcile",
                "--iam",
                "--since",
                "{{ Since }}",
                "--format",
                "csv",
                "--old",
                "postgresql://{{ Endpoint.Host }}:5432/" + SqlStack.DATABASE,
                "--new",
                "postgresql://" + sql.readerHost() + ":5432/" + SqlStack.DATABASE);
        var network = map(
                "awsvpcConfiguration",
                map(
                        "subnets", this.network.subnetIds(NetworkStack.APP),
                        "securityGroups", List.of(this.network.jobs.getSecurityGroupId()),
                        "assignPublicIp", "DISABLED"));
        var step = call(
                "Reconcile",
                "ecs",
                "RunTask",
                map(
                        "cluster", stack.names.service(),
                        "taskDefinition", jobs.reconcileFamily(),
                        "launchType", "FARGATE",
                        "networkConfiguration", network,
                        "overrides",
                                map("containerOverrides", List.of(map("name", Jobs.RECONCILE, "command", command)))));
        step.put("outputs", List.of(map("Name", "Task", "Selector", "$.tasks[0].taskArn", "Type", "String")));
        return step;
    }

    private Map<String, Object> restoreTable(DynamoTable table) {
        return cleaning(call(
                "Restore" + step(table),
                "dynamodb",
                "RestoreTableToPointInTime",
                map(
                        "SourceTableName",
                        stack.names.table(table),
                        "TargetTableName",
                        tables(stack) + table.baseName(),
                        "UseLatestRestorableTime",
                        true)));
    }

    private Map<String, Object> awaitTable(DynamoTable table) {
        return await(
                "Await" + step(table),
                HOURS_2,
                "dynamodb",
                "DescribeTable",
                map("TableName", tables(stack) + table.baseName()),
                "$.Table.TableStatus",
                "ACTIVE");
    }

    private static String step(DynamoTable table) {
        var name = new StringBuilder();
        for (var word : table.name().split("_")) {
            name.append(word.charAt(0)).append(word.substring(1).toLowerCase(Locale.ROOT));
        }
        return name.toString();
    }

    /// Goes on when something is not there. A table can be deleted once it is restored, which is what a
    /// drill shows: one that is not in time makes the whole execution fail, after the removal.
    private void remove(List<Map<String, Object>> steps, List<DynamoTable> tables) {
        steps.add(removal(
                "DeleteInstance",
                "rds",
                "DeleteDBInstance",
                map("DBInstanceIdentifier", instance(), "SkipFinalSnapshot", true)));
        steps.add(removal(
                "DeleteCluster",
                "rds",
                "DeleteDBCluster",
                map("DBClusterIdentifier", cluster(stack), "SkipFinalSnapshot", true)));
        for (var table : tables) {
            var restored = awaitTable(table);
            restored.put("onFailure", "Continue");
            steps.add(restored);
            steps.add(removal(
                    "Delete" + step(table),
                    "dynamodb",
                    "DeleteTable",
                    map("TableName", tables(stack) + table.baseName())));
        }
    }

    private static Map<String, Object> removal(String name, String service, String api, Map<String, Object> request) {
        var step = call(name, service, api, request);
        step.put("onFailure", "Continue");
        step.put("isCritical", false);
        return step;
    }

    /// 0: both are equal; 1: they differ, and the log of the task says in what.
    private Map<String, Object> result() {
        return map(
                "name",
                "Result",
                "action",
                "aws:assertAwsResourceProperty",
                "isEnd",
                true,
                "inputs",
                map(
                        "Service",
                        "ecs",
                        "Api",
                        "DescribeTasks",
                        "cluster",
                        stack.names.service(),
                        "tasks",
                        List.of("{{ Reconcile.Task }}"),
                        "PropertySelector",
                        "$.tasks[0].containers[0].exitCode",
                        "DesiredValues",
                        List.of("0", "1")));
    }

    /// What the role of the documents needs for this.
    void permit(Role role) {
        var region = stack.region;
        var restored = stack.names.arn("rds", region, "cluster:" + cluster(stack));
        role.addToPolicy(PlatformStack.allow(
                List.of("rds:RestoreDBClusterFromSnapshot", "rds:RestoreDBClusterToPointInTime"),
                List.of(
                        restored,
                        stack.names.sqlClusterArn(region),
                        stack.names.arn("rds", region, "cluster-snapshot:*"),
                        stack.names.arn("rds", region, "subgrp:" + stack.config.name() + "-restored"))));
        role.addToPolicy(PlatformStack.allow(
                List.of("rds:CreateDBInstance", "rds:DeleteDBCluster", "rds:DeleteDBInstance"),
                List.of(restored, stack.names.arn("rds", region, "db:" + instance()))));
        role.addToPolicy(
                PlatformStack.allow(List.of("rds:DescribeDBClusters", "rds:DescribeDBInstances"), List.of("*")));
        for (var table : DynamoTable.values()) {
            role.addToPolicy(PlatformStack.allow(
                    List.of("dynamodb:RestoreTableToPointInTime"), List.of(stack.names.tableArn(table, region))));
        }
        role.addToPolicy(PlatformStack.allow(
                List.of(
                        "dynamodb:BatchWriteItem",
                        "dynamodb:DeleteItem",
                        "dynamodb:DeleteTable",
                        "dynamodb:DescribeTable",
                        "dynamodb:GetItem",
                        "dynamodb:PutItem",
                        "dynamodb:Query",
                        "dynamodb:RestoreTableToPointInTime",
                        "dynamodb:Scan",
                        "dynamodb:UpdateItem"),
                List.of(stack.names.arn("dynamodb", region, "table/" + tables(stack) + "*"))));
    }
}
