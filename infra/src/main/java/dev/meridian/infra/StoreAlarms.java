package dev.meridian.infra;

import dev.meridian.dynamo.DynamoTable;
import dev.meridian.infra.Config.SqlKind;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.services.cloudwatch.IMetric;
import software.amazon.awscdk.services.cloudwatch.MathExpression;

/// Alarms on the stores: replication, throttling, errors, capacity, backups.
final class StoreAlarms {
    private final PlatformStack stack;
    private final Alerts alerts;

    StoreAlarms(PlatformStack stack, Alerts alerts) {
        this.stack = stack;
        this.alerts = alerts;
    }

    void add() {
        for (var table : DynamoTable.values()) {
            if (!stack.config.isStrong(table)) lag(table);
            calls(table, Threshold.THROTTLES, "ThrottledRequests", "is throttled");
            calls(table, Threshold.SYSTEM_ERRORS, "SystemErrors", "is failed by DynamoDB");
        }
        if (stack.config.sqlRegions().contains(stack.site())) sql();
        if (stack.config.options().backup()) {
            alerts.add(
                    Threshold.BACKUP,
                    ServiceAlarms.metric("AWS/Backup", "NumberOfBackupJobsFailed", "Sum", Duration.days(1))
                            .dimensionsMap(Map.of("BackupVaultName", stack.names.vault()))
                            .build(),
                    "a backup failed");
        }
    }

    private void lag(DynamoTable table) {
        for (var peer : stack.config.others(stack.site())) {
            alerts.add(
                    Threshold.TABLE_LAG,
                    Threshold.TABLE_LAG.id() + "-" + table.baseName() + "-to-" + peer.region(),
                    ServiceAlarms.metric("AWS/DynamoDB", "ReplicationLatency", "Average", Duration.minutes(1))
                            .dimensionsMap(PlatformStack.sorted(
                                    Map.of("TableName", stack.names.table(table), "ReceivingRegion", peer.region())))
                            .build(),
                    Threshold.TABLE_LAG.limit(),
                    table.baseName() + " reaches " + peer.region() + " late");
        }
    }

    /// DynamoDB counts these by table and operation, never by table alone. So they are added up, over the
    /// operations that the service calls.
    private void calls(DynamoTable table, Threshold threshold, String metric, String what) {
        var metrics = new LinkedHashMap<String, IMetric>();
        for (var action : TablePermissions.actions(table)) {
            var operation = action.substring(action.indexOf(':') + 1);
            if (operation.equals("DescribeTable")) continue;
            metrics.put(
                    "m" + metrics.size(),
                    ServiceAlarms.metric("AWS/DynamoDB", metric, "Sum", Duration.minutes(1))
                            .dimensionsMap(PlatformStack.sorted(
                                    Map.of("TableName", stack.names.table(table), "Operation", operation)))
                            .build());
        }
        var sum = MathExpression.Builder.create()
                .label(table.baseName())
                .expression(metrics.keySet().stream()
                        .map(id -> "FILL(" + id + ", 0)")
                        .collect(Collectors.joining(" + ")))
                .usingMetrics(metrics)
                .period(Duration.minutes(1))
                .build();
        alerts.add(
                threshold,
                threshold.id() + "-" + table.baseName(),
                sum,
                threshold.limit(),
                table.baseName() + " " + what);
    }

    private void sql() {
        alerts.add(Threshold.ACU, cluster("ACUUtilization"), "PostgreSQL is at the end of its capacity");
        if (stack.config.sql().kind() != SqlKind.AURORA_GLOBAL) return;
        alerts.add(Threshold.SQL_LAG, cluster("AuroraGlobalDBReplicationLag"), "PostgreSQL reaches this Region late");
        alerts.add(Threshold.SQL_RPO, cluster("AuroraGlobalDBRPOLag"), "a failover to this Region would lose more");
    }

    private IMetric cluster(String metric) {
        return ServiceAlarms.metric("AWS/RDS", metric, "Maximum", Duration.minutes(1))
                .dimensionsMap(Map.of("DBClusterIdentifier", stack.names.sqlCluster(stack.region)))
                .build();
    }
}
