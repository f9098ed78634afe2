package dev.meridian.infra;

import dev.meridian.dynamo.DynamoTable;
import dev.meridian.infra.Config.Login;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import software.amazon.awscdk.CfnResource;
import software.amazon.awscdk.Fn;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.services.iam.ManagedPolicy;
import software.amazon.awscdk.services.iam.Role;
import software.amazon.awscdk.services.iam.ServicePrincipal;
import software.constructs.Construct;

/// What operates a Region: documents, tasks that run once, drills, the vault of backups; at home also the
/// plan of backups and the budget.
final class OperateStack extends PlatformStack {
    private static final int BACKUPS_KEPT_DAYS = 35;

    /// @param sql of this Region, or the only one
    OperateStack(Construct scope, Config config, String region, NetworkStack network, SqlStack sql) {
        super(scope, Part.OPERATE, config, region);
        var role = Role.Builder.create(this, "Automation")
                .roleName(names.role("automation", region))
                .assumedBy(new ServicePrincipal("ssm.amazonaws.com"))
                .build();
        var documents = new Documents(this, role.getRoleArn());
        documents.drain();
        documents.raiseEpoch();
        role.addToPolicy(allow(List.of("dynamodb:UpdateItem"), List.of(names.tableArn(DynamoTable.REGIONS, region))));
        var jobs = new Jobs(this, network);
        jobs.permit(role);
        if (sql.region.equals(region)) restores(role, documents, jobs, network, sql);
        if (config.sql().login() == Login.PASSWORD) redeploys(role, documents);
        if (config.options().drills()) new Drills(this).make();
        if (config.options().backup()) backup();
        if (!isHome()) return;
        budget();
        if (config.options().resilienceHub()) resilienceHub();
    }

    private void restores(Role role, Documents documents, Jobs jobs, NetworkStack network, SqlStack sql) {
        var restores = new Restores(this, documents, jobs, network, sql);
        restores.permit(role);
        restores.make();
        resource(
                "Restored",
                "AWS::RDS::DBSubnetGroup",
                map(
                        "DBSubnetGroupName",
                        config.name() + "-restored",
                        "DBSubnetGroupDescription",
                        "Clusters that are restored beside the running one",
                        "SubnetIds",
                        network.subnetIds(NetworkStack.DATA),
                        "Tags",
                        serviceTags()));
    }

    /// A rotation at home replaces the tasks of every Region: each has the new password before the old
    /// one ends.
    private void redeploys(Role role, Documents documents) {
        documents.redeploy();
        role.addToPolicy(allow(List.of("ecs:UpdateService"), List.of(names.serviceArn(region))));
        var events = Role.Builder.create(this, "Rotations")
                .roleName(names.role("rotations", region))
                .assumedBy(new ServicePrincipal("events.amazonaws.com"))
                .build();
        var definition = names.arn("ssm", region, "automation-definition/" + names.document("redeploy"));
        events.addToPolicy(allow(List.of("ssm:StartAutomationExecution"), List.of(definition + ":*")));
        events.addToPolicy(allow(
                List.of("iam:PassRole"),
                List.of(role.getRoleArn()),
                Map.of("StringEquals", Map.of("iam:PassedToService", "ssm.amazonaws.com"))));
        rotated(rotationTargets(events, definition));
    }

    private List<Map<String, Object>> rotationTargets(Role events, String definition) {
        var targets = new ArrayList<Map<String, Object>>();
        targets.add(map("Id", "redeploy", "Arn", definition + ":$DEFAULT", "RoleArn", events.getRoleArn()));
        if (isHome()) {
            var buses = config.others(site()).stream()
                    .map(other -> names.arn("events", other.region(), "event-bus/default"))
                    .toList();
            events.addToPolicy(allow(List.of("events:PutEvents"), buses));
            for (var bus : buses) {
                targets.add(map("Id", "bus-" + targets.size(), "Arn", bus, "RoleArn", events.getRoleArn()));
            }
        }
        return targets;
    }

    private void rotated(List<Map<String, Object>> targets) {
        resource(
                "Rotated",
                "AWS::Events::Rule",
                map(
                        "Description",
                        "The password of the service has changed",
                        "State",
                        "ENABLED",
                        "EventPattern",
                        map(
                                "source",
                                List.of("aws.secretsmanager"),
                                "detail-type",
                                List.of("AWS Service Event via CloudTrail"),
                                "detail",
                                map(
                                        "eventName",
                                        List.of("RotationSucceeded"),
                                        "additionalEventData",
                                        map(
                                                "SecretId",
                                                List.of(map(
                                                        "prefix",
                                                        names.arn(
                                                                "secretsmanager",
                                                                config.home().region(),
                                                                "secret:" + names.secret("sql-app"))))))),
                        "Targets",
                        targets));
    }

    /// Nobody can empty the vault, the account's administrator neither: the lock is final three days
    /// after it was made.
    private void backup() {
        var vault = resource(
                "Vault",
                "AWS::Backup::BackupVault",
                map(
                        "BackupVaultName",
                        names.vault(),
                        "LockConfiguration",
                        map("MinRetentionDays", 7, "MaxRetentionDays", 365, "ChangeableForDays", 3),
                        "BackupVaultTags",
                        map("service", config.name())));
        vault.applyRemovalPolicy(RemovalPolicy.RETAIN);
        if (isHome()) select(plan(vault));
    }

    /// A copy each day, and one in the next Region.
    private CfnResource plan(CfnResource vault) {
        var kept = map("DeleteAfterDays", BACKUPS_KEPT_DAYS);
        var copies = config.others(site()).stream()
                .limit(1)
                .map(other -> map(
                        "DestinationBackupVaultArn",
                        names.arn("backup", other.region(), "backup-vault:" + names.vault()),
                        "Lifecycle",
                        kept))
                .toList();
        return resource(
                "BackupPlan",
                "AWS::Backup::BackupPlan",
                map(
                        "BackupPlan",
                        map(
                                "BackupPlanName",
                                config.name(),
                                "BackupPlanRule",
                                List.of(map(
                                        "RuleName",
                                        "daily",
                                        "TargetBackupVault",
                                        vault.getRef(),
                                        "ScheduleExpression",
                                        "cron(0 5 * * ? *)",
                                        "StartWindowMinutes",
                                        60,
                                        "CompletionWindowMinutes",
                                        480,
                                        "Lifecycle",
                                        kept,
                                        "CopyActions",
                                        copies)))));
    }

    private void select(CfnResource plan) {
        var role = Role.Builder.create(this, "BackupRole")
                .roleName(names.role("backup", region))
                .assumedBy(new ServicePrincipal("backup.amazonaws.com"))
                .managedPolicies(List.of(
                        ManagedPolicy.fromAwsManagedPolicyName("service-role/AWSBackupServiceRolePolicyForBackup")))
                .build();
        var saved = new ArrayList<String>();
        for (var table : DynamoTable.values()) saved.add(names.tableArn(table, region));
        saved.add(names.sqlClusterArn(region));
        resource(
                "BackupSelection",
                "AWS::Backup::BackupSelection",
                map(
                        "BackupPlanId",
                        plan.getRef(),
                        "BackupSelection",
                        map("SelectionName", "stores", "IamRoleArn", role.getRoleArn(), "Resources", saved)));
    }

    private void budget() {
        var subscribers = List.of(
                map("SubscriptionType", "EMAIL", "Address", config.options().email()));
        var notifications = new ArrayList<Map<String, Object>>();
        for (var kind : List.of("FORECASTED", "ACTUAL")) {
            notifications.add(map(
                    "Notification",
                    map(
                            "NotificationType",
                            kind,
                            "ComparisonOperator",
                            "GREATER_THAN",
                            "ThresholdType",
                            "PERCENTAGE",
                            "Threshold",
                            100),
                    "Subscribers",
                    subscribers));
        }
        resource(
                "Budget",
                "AWS::Budgets::Budget",
                map(
                        "Budget",
                        map(
                                "BudgetName", config.name(),
                                "BudgetType", "COST",
                                "TimeUnit", "MONTHLY",
                                "BudgetLimit", map("Amount", config.options().budget(), "Unit", "USD"),
                                "CostFilters", map("TagKeyValue", List.of("user:service$" + config.name()))),
                        "NotificationsWithSubscribers",
                        notifications));
    }

    private void resilienceHub() {
        var policy = resource(
                "ResiliencyPolicy",
                "AWS::ResilienceHub::ResiliencyPolicy",
                map(
                        "PolicyName", config.name(),
                        "Tier", "MissionCritical",
                        "Policy",
                                map(
                                        "Software", map("RtoInSecs", 300, "RpoInSecs", 60),
                                        "Hardware", map("RtoInSecs", 60, "RpoInSecs", 0),
                                        "AZ", map("RtoInSecs", 60, "RpoInSecs", 0),
                                        "Region", map("RtoInSecs", 900, "RpoInSecs", 60)),
                        "Tags", map("service", config.name())));
        var stacks = config.regionNames().stream()
                .map(name -> map(
                        "MappingType", "CfnStack",
                        "LogicalStackName", names.stack(Part.SERVICE, name),
                        "PhysicalResourceId",
                                map(
                                        "Type",
                                        "Arn",
                                        "Identifier",
                                        Fn.getStackOutput(
                                                names.stack(Part.SERVICE, name), ServiceStack.STACK_ID, name))))
                .toList();
        resource(
                "ResilienceHub",
                "AWS::ResilienceHub::App",
                map(
                        "Name",
                        config.name(),
                        "ResiliencyPolicyArn",
                        policy.getAtt("PolicyArn").toString(),
                        "AppAssessmentSchedule",
                        "Daily",
                        "AppTemplateBody",
                        "{\"resources\":[],\"appComponents\":[],\"excludedResources\":{\"logicalResourceIds\":[]},\"version\":2.0}",
                        "ResourceMappings",
                        stacks,
                        "Tags",
                        map("service", config.name())));
    }
}
