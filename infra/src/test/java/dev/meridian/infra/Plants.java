package dev.meridian.infra;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;

/// The planted mistakes: 65 kinds with which the linters were measured, of which they leave 30, and our own.
final class Plants {
    private static final String POLICY = "AWS::IAM::Policy";
    private final List<Plant> all = new ArrayList<>();

    private Plants() {}

    static List<Plant> all() {
        var plants = new Plants();
        plants.shapes();
        plants.permissions();
        plants.routing();
        plants.networks();
        plants.operations();
        plants.release();
        plants.watching();
        plants.stores();
        plants.tasks();
        plants.own();
        return plants.all;
    }

    /// A linter finds it, or we do.
    private void linted(String name, String type, Consumer<Plant.Edit> change) {
        linted(name, type, any -> true, change);
    }

    private void linted(String name, String type, Predicate<Resource> where, Consumer<Plant.Edit> change) {
        all.add(new Plant(name, false, type, where, change));
    }

    /// We must find it.
    private void ours(String name, String type, Predicate<Resource> where, Consumer<Plant.Edit> change) {
        all.add(new Plant(name, true, type, where, change));
    }

    private void ours(String name, String type, Consumer<Plant.Edit> change) {
        ours(name, type, any -> true, change);
    }

    private void shapes() {
        linted("01 property that does not exist", ServiceChecks.SERVICE, edit -> edit.set("DesiredCounts", 3));
        linted(
                "02 property that does not exist, nested",
                ServiceChecks.TASK,
                edit -> edit.set("ContainerDefinitions.0.StopTimeouts", 3));
        linted("03 value of an enumeration", TableChecks.TABLE, edit -> edit.set("BillingMode", "FREE"));
        linted(
                "04 comparison that does not exist",
                AlarmChecks.ALARM,
                edit -> edit.set("ComparisonOperator", "GreaterThen"));
        linted(
                "05 text for a number",
                RecordChecks.CHECK,
                edit -> edit.set("HealthCheckConfig.FailureThreshold", "two"));
        linted("06 list for a text", SqlChecks.CLUSTER, edit -> edit.set("EngineVersion", List.of("17.7")));
        linted("07 required property missing", AlarmChecks.ALARM, edit -> edit.remove("ComparisonOperator"));
        linted(
                "08 reference to nothing",
                ServiceChecks.SERVICE,
                edit -> edit.set("Cluster", Map.of("Ref", "NoSuchThing")));
        linted(
                "09 attribute that does not exist",
                ServiceChecks.SERVICE,
                edit -> edit.set(
                        "TaskDefinition",
                        Map.of(
                                "Fn::GetAtt",
                                List.of(
                                        edit.json()
                                                .at("/Properties/TaskDefinition/Ref")
                                                .asText(),
                                        "Nome"))));
        linted(
                "12 circular dependency",
                NetworkChecks.VPC,
                edit -> edit.attribute(
                        "DependsOn",
                        List.of(edit.stack()
                                .resources(NetworkChecks.SUBNET)
                                .findFirst()
                                .orElseThrow()
                                .id())));
        linted("62 property of a table that does not exist", TableChecks.TABLE, edit -> edit.set("NoSuch", 1));
        linted("63 property of an alarm that does not exist", AlarmChecks.ALARM, edit -> edit.set("Treshold", 1));
        linted(
                "64 type that does not exist",
                AlarmChecks.ALARM,
                edit -> edit.attribute("Type", "AWS::CloudWatch::Alarms"));
        linted("65 deletion policy", TableChecks.TABLE, edit -> edit.attribute("DeletionPolicy", "Keep"));
    }

    private void permissions() {
        linted("13 element of a policy", POLICY, edit -> edit.set("PolicyDocument.Statement.0.Effects", "Allow"));
        linted("14 effect", POLICY, edit -> edit.set("PolicyDocument.Statement.0.Effect", "Permit"));
        linted(
                "15 action that does not exist",
                POLICY,
                edit -> edit.set("PolicyDocument.Statement.0.Action", "rds:SwitchGlobalCluster"));
        linted(
                "16 service that does not exist",
                POLICY,
                edit -> edit.set("PolicyDocument.Statement.0.Action", "dynamo:GetItem"));
        ours(
                "17 ARN with too few parts",
                POLICY,
                edit -> edit.set("PolicyDocument.Statement.0.Resource", "arn:aws:rds:global-cluster/meridian"));
        linted("18 resource of another service", POLICY, edit -> {
            edit.set("PolicyDocument.Statement.0.Action", "rds:SwitchoverGlobalCluster");
            edit.set("PolicyDocument.Statement.0.Resource", "arn:aws:dynamodb:eu-west-1:111122223333:table/x");
        });
        linted("19 role that is no ARN", ServiceChecks.TASK, edit -> edit.set("TaskRoleArn", "meridian-task"));
    }

    private void routing() {
        linted("24 alias with a time to live", RecordChecks.RECORD, edit -> edit.set("TTL", "60"));
        ours("25 two routing policies", RecordChecks.RECORD, Plants::isRouted, edit -> edit.set("Weight", 10));
        ours(
                "26 routing policy without identifier",
                RecordChecks.RECORD,
                Plants::isRouted,
                edit -> edit.remove("SetIdentifier"));
        ours(
                "55 output that does not exist",
                RecordChecks.RECORD,
                Plants::isRouted,
                edit -> edit.set(
                        "AliasTarget.DNSName",
                        Map.of(
                                "Fn::GetStackOutput",
                                Map.of(
                                        "StackName",
                                        "meridian-service-eu-west-1",
                                        "Region",
                                        "eu-west-1",
                                        "OutputName",
                                        "Nowhere"))));
        linted("60 health check without type", RecordChecks.CHECK, edit -> edit.remove("HealthCheckConfig.Type"));
    }

    private void networks() {
        ours("11 zone of another Region", NetworkChecks.SUBNET, edit -> edit.set("AvailabilityZone", "us-west-2a"));
        linted("27 network with 33 bits", NetworkChecks.SUBNET, edit -> edit.set("CidrBlock", "10.10.0.0/33"));
        linted("28 subnets that overlap", NetworkChecks.SUBNET, edit -> edit.set("CidrBlock", "10.10.0.0/17"));
        ours("29 subnet outside of its VPC", NetworkChecks.SUBNET, edit -> edit.set("CidrBlock", "10.99.0.0/24"));
        linted("50 ports reversed", NetworkChecks.INGRESS, edit -> {
            edit.set("FromPort", 9000);
            edit.set("ToPort", 80);
        });
        linted(
                "51 database open to the world",
                NetworkChecks.GROUP,
                edit -> edit.set(
                        "SecurityGroupIngress",
                        List.of(Map.of(
                                "CidrIp",
                                "0.0.0.0/0",
                                "IpProtocol",
                                "tcp",
                                "FromPort",
                                5432,
                                "ToPort",
                                5432,
                                "Description",
                                "x"))));
    }

    private void operations() {
        ours(
                "30 action of a step",
                DocumentChecks.DOCUMENT,
                document -> step(document) >= 0,
                edit -> edit.set("Content.mainSteps." + step(edit) + ".action", "aws:executeAwsAp"));
        ours(
                "31 member of a call",
                DocumentChecks.DOCUMENT,
                document -> step(document) >= 0,
                edit -> edit.set("Content.mainSteps." + step(edit) + ".inputs.TargetDbCluster", "x"));
        linted(
                "32 schema version of a document",
                DocumentChecks.DOCUMENT,
                edit -> edit.set("Content.schemaVersion", "9.9"));
        ours(
                "33 step that does not exist",
                DocumentChecks.DOCUMENT,
                edit -> edit.set("Content.mainSteps.0.nextStep", "Nowhere"));
        ours(
                "34 action of a drill",
                DrillChecks.EXPERIMENT,
                edit -> edit.set("Actions." + action(edit) + ".ActionId", "aws:ecs:stop-tasks"));
        ours("35 target of a drill", DrillChecks.EXPERIMENT, edit -> {
            var targets = edit.json().at("/Properties/Actions/" + action(edit) + "/Targets");
            edit.set(
                    "Actions." + action(edit) + ".Targets."
                            + targets.fieldNames().next(),
                    "Nowhere");
        });
        ours(
                "46 schedule of a backup",
                BackupChecks.PLAN,
                edit -> edit.set("BackupPlan.BackupPlanRule.0.ScheduleExpression", "cron(0 4 * * * )"));
    }

    private void release() {
        ours(
                "38 phase of a build",
                ReleaseChecks.BUILD,
                edit -> edit.set(
                        "Source.BuildSpec", "{\"version\":\"0.2\",\"phases\":{\"built\":{\"command\":[\"x\"]}}}"));
        linted(
                "39 artifact that nobody makes",
                ReleaseChecks.PIPELINE,
                edit -> edit.set("Stages.1.Actions.0.InputArtifacts", List.of(Map.of("Name", "Nowhere"))));
        ours(
                "40 provider of an action",
                ReleaseChecks.PIPELINE,
                edit -> edit.set("Stages.1.Actions.0.ActionTypeId.Provider", "CodeBuilt"));
    }

    private void watching() {
        ours("20 alarm that tells nobody", AlarmChecks.ALARM, edit -> edit.set("AlarmActions", List.of("ops-topic")));
        ours(
                "36 dashboard with a widget that is none",
                DashboardChecks.DASHBOARD,
                edit -> edit.set("DashboardBody", "{\"widgets\":[{\"type\":\"metrics\",\"x\":99}]}"));
        ours("37 dashboard that is no JSON", DashboardChecks.DASHBOARD, edit -> edit.set("DashboardBody", "{widgets:"));
        ours("41 rate of a canary", CanaryChecks.CANARY, edit -> edit.set("Schedule.Expression", "rate(5 minute)"));
        ours(
                "42 runtime of a canary",
                CanaryChecks.CANARY,
                edit -> edit.set("RuntimeVersion", "syn-nodejs-puppeteer-99.0"));
        linted("43 days that logs are kept", "AWS::Logs::LogGroup", edit -> edit.set("RetentionInDays", 31));
        linted(
                "47 period of an alarm",
                AlarmChecks.ALARM,
                alarm -> !alarm.text("Period").isEmpty(),
                edit -> edit.set("Period", 45));
        ours("48 rule of a composite alarm", AlarmChecks.COMPOSITE, edit -> edit.set("AlarmRule", "ALARM(x AND"));
    }

    private void stores() {
        linted("10 class of a database", SqlChecks.INSTANCE, edit -> edit.set("DBInstanceClass", "db.r3.large"));
        linted("22 version of a database", SqlChecks.CLUSTER, edit -> edit.set("EngineVersion", "17.99"));
        linted("23 engine of a database", SqlChecks.INSTANCE, edit -> edit.set("Engine", "aurora-postgres"));
        ours("45 key without attribute", TableChecks.TABLE, edit -> edit.set("KeySchema.0.AttributeName", "nowhere"));
        ours(
                "49 capacity that does not exist",
                SqlChecks.CLUSTER,
                edit -> edit.set("ServerlessV2ScalingConfiguration.MinCapacity", 0.7));
        ours("52 database in plain text", SqlChecks.CLUSTER, edit -> {
            edit.set("StorageEncrypted", false);
            edit.remove("KmsKeyId");
        });
        ours(
                "53 replica that can be deleted",
                TableChecks.TABLE,
                edit -> edit.set("Replicas.1.DeletionProtectionEnabled", false));
        ours("54 backups of one day", SqlChecks.CLUSTER, edit -> edit.set("BackupRetentionPeriod", 1));
        ours(
                "57 replica in a Region that does not exist",
                TableChecks.TABLE,
                edit -> edit.set("Replicas.1.Region", "us-east-9"));
        ours("59 table without keys", TableChecks.TABLE, edit -> edit.remove("KeySchema"));
    }

    private void tasks() {
        linted("21 size of a task", ServiceChecks.TASK, edit -> edit.set("Memory", "4096"));
        ours("44 check longer than its interval", ServiceChecks.TARGETS, edit -> {
            edit.set("HealthCheckTimeoutSeconds", 30);
            edit.set("HealthCheckIntervalSeconds", 10);
        });
        ours(
                "56 port that no container has",
                ServiceChecks.SERVICE,
                edit -> edit.set("LoadBalancers.0.ContainerPort", 8099));
        ours(
                "58 secret in the environment",
                ServiceChecks.TASK,
                edit -> edit.set(
                        "ContainerDefinitions.0.Environment",
                        List.of(Map.of(
                                "Name",
                                "AWS_SECRET_ACCESS_KEY",
                                "Value",
                                "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"))));
        linted("61 container without image", ServiceChecks.TASK, edit -> edit.remove("ContainerDefinitions.0.Image"));
    }

    private void own() {
        ours("66 role that may do anything", POLICY, edit -> {
            edit.set("PolicyDocument.Statement.0.Action", "*");
            edit.set("PolicyDocument.Statement.0.Resource", "*");
        });
        ours(
                "67 alarm that sleeps without data",
                AlarmChecks.ALARM,
                Plants::breaches,
                edit -> edit.set("TreatMissingData", "notBreaching"));
        ours(
                "68 drill that nothing stops",
                DrillChecks.EXPERIMENT,
                edit -> edit.set("StopConditions", List.of(Map.of("Source", "none"))));
        ours(
                "69 drill that passes without targets",
                DrillChecks.EXPERIMENT,
                edit -> edit.set("ExperimentOptions.EmptyTargetResolutionMode", "skip"));
        ours("70 management port open to the world", NetworkChecks.INGRESS, edit -> {
            edit.set("CidrIp", "0.0.0.0/0");
            edit.set("FromPort", 9000);
            edit.set("ToPort", 9000);
        });
        ours(
                "71 old policy of TLS",
                EdgeChecks.LISTENER,
                listener -> listener.text("Protocol").equals("HTTPS"),
                edit -> edit.set("SslPolicy", "ELBSecurityPolicy-2016-08"));
        ours(
                "72 answers without TLS",
                EdgeChecks.LISTENER,
                listener -> listener.text("Protocol").equals("HTTP"),
                edit -> edit.set("DefaultActions.0.Type", "forward"));
        ours("73 public bucket", "AWS::S3::Bucket", edit -> edit.remove("PublicAccessBlockConfiguration"));
        ours(
                "74 metric that the service does not have",
                AlarmChecks.ALARM,
                alarm -> alarm.text("MetricName").startsWith("meridian_"),
                edit -> edit.set(
                        "MetricName", edit.json().at("/Properties/MetricName").asText() + "s"));
        ours(
                "75 setting that the service does not know",
                ServiceChecks.TASK,
                edit -> edit.set("ContainerDefinitions.0.Environment.0.Name", "MERIDIAN_SQL_WRITER_URI"));
        ours(
                "76 health check on a page that always answers",
                RecordChecks.CHECK,
                Plants::asks,
                edit -> edit.set("HealthCheckConfig.ResourcePath", "/"));
        ours(
                "77 alias that ignores its target",
                RecordChecks.RECORD,
                Plants::isRouted,
                edit -> edit.set("AliasTarget.EvaluateTargetHealth", false));
        ours(
                "78 backup in its own Region",
                BackupChecks.PLAN,
                edit -> edit.set(
                        "BackupPlan.BackupPlanRule.0.CopyActions.0.DestinationBackupVaultArn",
                        "arn:aws:backup:eu-west-1:111122223333:backup-vault:meridian"));
        ours(
                "79 table that a deletion takes along",
                TableChecks.TABLE,
                edit -> edit.attribute("DeletionPolicy", "Delete"));
        ours(
                "80 variable of a document that nothing sets",
                DocumentChecks.DOCUMENT,
                document -> step(document) >= 0,
                edit -> edit.set(
                        "Content.mainSteps." + step(edit) + ".inputs.DBClusterIdentifier", "{{ Nowhere.Id }}"));
        ours(
                "81 wave that stays when an alarm rings",
                ReleaseChecks.PIPELINE,
                edit -> edit.remove("Stages." + wave(edit, 0) + ".OnSuccess"));
        ours(
                "82 wave that nobody approves",
                ReleaseChecks.PIPELINE,
                edit -> edit.remove("Stages." + wave(edit, 1) + ".Actions.0"));
        ours(
                "83 administrators' port behind the public load balancer",
                ServiceChecks.TARGETS,
                edit -> edit.set("Port", ServiceTask.ADMIN_PORT));
        ours(
                "84 administrators' port that the load balancer may reach",
                NetworkChecks.INGRESS,
                ingress -> ingress.text("FromPort").equals(String.valueOf(ServiceTask.PORT)),
                edit -> edit.set("ToPort", ServiceTask.ADMIN_PORT));
        ours("85 administrators' port open to a public network", NetworkChecks.INGRESS, edit -> {
            edit.set("CidrIp", "198.51.100.0/24");
            edit.set("FromPort", ServiceTask.ADMIN_PORT);
            edit.set("ToPort", ServiceTask.ADMIN_PORT);
        });
        signingIn();
    }

    private void signingIn() {
        ours("86 server that is not told who may call", ServiceChecks.TASK, Plants::serves, edit -> {
            var container = "ContainerDefinitions." + server(edit.json().at("/Properties/ContainerDefinitions"));
            var settings = edit.json().at("/Properties/" + container.replace('.', '/') + "/Environment");
            for (int i = 0; i < settings.size(); i++) {
                if (settings.path(i).path("Name").asText().equals("MERIDIAN_IDENTITY"))
                    edit.remove(container + ".Environment." + i);
            }
        });
        ours("87 user pool that can be deleted", IdentityChecks.POOL, edit -> edit.remove("DeletionProtection"));
        ours(
                "88 client that gets tokens in an address",
                IdentityChecks.CLIENT,
                edit -> edit.set("AllowedOAuthFlows", List.of("implicit")));
        ours(
                "89 sign-in that ends at a page without TLS",
                IdentityChecks.CLIENT,
                client -> !client.at("CallbackURLs").isEmpty(),
                edit -> edit.set("CallbackURLs", List.of("http://store.example.com/sign-in/return")));
    }

    private static boolean serves(Resource task) {
        return server(task.at("ContainerDefinitions")) >= 0;
    }

    /// The number of the container that takes requests; -1: none does.
    private static int server(JsonNode containers) {
        for (int i = 0; i < containers.size(); i++) {
            if (IdentityChecks.serves(containers.path(i))) return i;
        }
        return -1;
    }

    /// The place of a wave among the stages of a pipeline.
    private static int wave(Plant.Edit edit, int number) {
        var stages = edit.json().at("/Properties/Stages");
        for (int i = 0; i < stages.size(); i++) {
            if (stages.path(i).path("Name").asText().startsWith("Wave-") && number-- == 0) return i;
        }
        throw new AssertionError("no wave");
    }

    private static boolean isRouted(Resource record) {
        return !record.text("SetIdentifier").isEmpty() && record.text("Weight").isEmpty();
    }

    private static boolean breaches(Resource alarm) {
        return List.of("meridian_health_up", "meridian_sql_available", "SuccessPercent", "HealthCheckStatus")
                .contains(alarm.text("MetricName"));
    }

    private static boolean asks(Resource check) {
        return !check.text("HealthCheckConfig.ResourcePath").isEmpty();
    }

    /// The number of the first step that calls an API; -1: none does.
    private static int step(Resource document) {
        return step(document.at("Content.mainSteps"));
    }

    private static int step(Plant.Edit edit) {
        return step(edit.json().at("/Properties/Content/mainSteps"));
    }

    private static int step(JsonNode steps) {
        for (int i = 0; i < steps.size(); i++) {
            if (steps.path(i).path("action").asText().equals("aws:executeAwsApi")) return i;
        }
        return -1;
    }

    /// The first action of a drill that has a target.
    private static String action(Plant.Edit edit) {
        for (var action : edit.json().at("/Properties/Actions").properties()) {
            if (!action.getValue().path("Targets").isEmpty()) return action.getKey();
        }
        throw new AssertionError("no action has a target");
    }
}
