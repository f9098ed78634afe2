package dev.meridian.infra;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/// Statements of policies: their form, and that nobody may do anything with everything.
final class PermissionChecks {
    private static final Set<String> ELEMENTS = Set.of(
            "Sid",
            "Effect",
            "Action",
            "NotAction",
            "Resource",
            "NotResource",
            "Condition",
            "Principal",
            "NotPrincipal");

    private static final Pattern ACTION = Pattern.compile("[a-z0-9-]+:[A-Za-z*]+");

    /// A token may stand for the whole or for any part.
    private static final Pattern ARN = Pattern.compile("arn:[^:]+:[a-z0-9-]+:[^:]*:[^:]*:.+", Pattern.DOTALL);

    /// Services of the actions here, as the Service Authorization Reference spells them.
    private static final Set<String> SERVICES = Set.of(
            "acm",
            "application-autoscaling",
            "arc-region-switch",
            "aps",
            "autoscaling",
            "backup",
            "backup-storage",
            "budgets",
            "cloudformation",
            "cloudwatch",
            "codebuild",
            "codeconnections",
            "codepipeline",
            "codestar-connections",
            "dynamodb",
            "ec2",
            "ecr",
            "ecs",
            "elasticloadbalancing",
            "events",
            "fis",
            "iam",
            "inspector2",
            "kms",
            "lambda",
            "logs",
            "rds",
            "rds-db",
            "resiliencehub",
            "route53",
            "route53-recovery-cluster",
            "route53-recovery-control-config",
            "s3",
            "scheduler",
            "secretsmanager",
            "sns",
            "ssm",
            "ssmmessages",
            "states",
            "sts",
            "synthetics",
            "tag",
            "wafv2",
            "xray");

    /// Actions that work on no resource: the Service Authorization Reference has none for them.
    private static final Set<String> WITHOUT_RESOURCE = Set.of(
            "cloudwatch:PutMetricData",
            "cloudwatch:DescribeAlarms",
            "cloudwatch:GetMetricData",
            "cloudwatch:GetMetricStatistics",
            "dynamodb:ListTables",
            "ec2:CreateNetworkInterface",
            "ec2:DeleteNetworkInterface",
            "ecr:GetAuthorizationToken",
            "ecs:DescribeTaskDefinition",
            "ecs:RegisterTaskDefinition",
            "ecs:ListTasks",
            "ecs:DeregisterTaskDefinition",
            "elasticloadbalancing:DescribeTargetHealth",
            "inspector2:ListCoverage",
            "inspector2:ListFindings",
            "logs:CreateLogDelivery",
            "logs:DescribeLogGroups",
            "logs:DescribeResourcePolicies",
            "logs:PutResourcePolicy",
            "route53:ListHostedZones",
            "s3:ListAllMyBuckets",
            "secretsmanager:GetRandomPassword",
            "tag:GetResources",
            "xray:GetSamplingRules",
            "xray:GetSamplingTargets",
            "xray:GetSamplingStatisticSummaries",
            "xray:PutTelemetryRecords",
            "xray:PutTraceSegments",
            "xray:PutSpans",
            "xray:PutSpansForIndexing");

    /// Lists of what there is; most of them cannot be narrowed.
    private static final Pattern READS =
            Pattern.compile("(application-autoscaling|cloudwatch|ec2|ecs|elasticloadbalancing|rds):Describe\\w+");

    private PermissionChecks() {}

    static void look(Synthesis synthesis, Consumer<Finding> found) {
        synthesis.resources().forEach(resource -> {
            for (var document : documents(resource)) {
                var statements = document.path("Statement");
                if (statements.isObject()) statement(resource, statements, found);
                else statements.forEach(statement -> statement(resource, statement, found));
            }
            for (var name : List.of("TaskRoleArn", "ExecutionRoleArn", "RoleArn", "ExecutionRole")) {
                var arn = resource.text(name);
                if (!arn.isEmpty() && !arn.startsWith("${") && !arn.matches("arn:aws:iam::\\d{12}:role/.+")) {
                    found.accept(resource.finding("role-arn", name + " is no ARN of a role: " + arn));
                }
            }
        });
    }

    /// The policies of an identity, not those of resources, keys and buckets.
    static List<JsonNode> identityPolicies(Resource resource) {
        var all = new ArrayList<JsonNode>();
        switch (resource.type()) {
            case "AWS::IAM::Policy", "AWS::IAM::ManagedPolicy" -> all.add(resource.at("PolicyDocument"));
            case "AWS::IAM::Role" -> resource.at("Policies").forEach(policy -> all.add(policy.path("PolicyDocument")));
            default -> {}
        }
        return all;
    }

    private static List<JsonNode> documents(Resource resource) {
        var all = identityPolicies(resource);
        for (var name :
                List.of("AssumeRolePolicyDocument", "PolicyDocument", "KeyPolicy", "ResourcePolicy", "AccessPolicy")) {
            if (!resource.at(name).isMissingNode() && !all.contains(resource.at(name))) all.add(resource.at(name));
        }
        return all;
    }

    private static void statement(Resource resource, JsonNode statement, Consumer<Finding> found) {
        statement.fieldNames().forEachRemaining(name -> {
            if (!ELEMENTS.contains(name))
                found.accept(resource.finding("statement", "a statement has no element " + name));
        });
        var effect = statement.path("Effect").asText();
        if (!Set.of("Allow", "Deny").contains(effect))
            found.accept(resource.finding("statement", "no effect: " + effect));
        for (var action : values(statement.path("Action"), resource)) {
            if (action.equals("*")) continue;
            if (!ACTION.matcher(action).matches() || !SERVICES.contains(action.split(":")[0])) {
                found.accept(resource.finding("action", "no action: " + action));
            }
        }
        for (var arn : values(statement.path("Resource"), resource)) {
            if (!arn.equals("*") && !arn.startsWith("${") && !ARN.matcher(arn).matches()) {
                found.accept(resource.finding("arn", "no ARN: " + arn));
            }
        }
        if (effect.equals("Allow") && !identityPolicies(resource).isEmpty() && !statement.has("Principal"))
            width(resource, statement, found);
    }

    private static void width(Resource resource, JsonNode statement, Consumer<Finding> found) {
        var actions = values(statement.path("Action"), resource);
        if (statement.has("NotAction") || statement.has("NotResource")) {
            found.accept(resource.finding("wide", "allows all but what it lists"));
        }
        for (var action : actions) {
            if (action.equals("*") || action.endsWith(":*")) {
                found.accept(resource.finding("wide", "allows " + action));
            }
        }
        if (!values(statement.path("Resource"), resource).contains("*")) return;
        if (conditional(statement)) return;
        for (var action : actions) {
            if (!WITHOUT_RESOURCE.contains(action) && !READS.matcher(action).matches()) {
                found.accept(resource.finding("wide", "allows " + action + " on everything"));
            }
        }
    }

    /// A condition on what the resource is or belongs to narrows `*`.
    private static boolean conditional(JsonNode statement) {
        var text = statement.path("Condition").toString();
        return text.contains("iam:PassedToService")
                || text.contains("aws:ResourceTag")
                || text.contains("ecs:cluster")
                || text.contains("cloudwatch:namespace")
                || text.contains("ec2:");
    }

    static List<String> values(JsonNode value, Resource resource) {
        var region = resource.stack().region();
        if (value.isMissingNode()) return List.of();
        if (!value.isArray()) return List.of(Resource.text(value, region));
        var all = new ArrayList<String>();
        value.forEach(one -> all.add(Resource.text(one, region)));
        return all;
    }
}
