package dev.meridian.infra;

import dev.meridian.dynamo.DynamoTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.services.iam.AccountPrincipal;
import software.amazon.awscdk.services.iam.Role;
import software.amazon.awscdk.services.iam.WebIdentityPrincipal;
import software.constructs.Construct;

/// The roles of people and of the release. An operator needs a second factor. The release has no key that
/// lasts: its workflow on GitHub is known by a token for this repository and branch.
final class AccessStack extends PlatformStack {
    static final String OPERATOR = "operator";
    static final String RELEASE = "release";

    private static final String GITHUB = "token.actions.githubusercontent.com";

    AccessStack(Construct scope, Config config) {
        super(scope, Part.ACCESS, config, config.home().region());
        operator();
        release();
    }

    /// May fail over and back, run documents and drills, and look; nothing else.
    private void operator() {
        var role = Role.Builder.create(this, "Operator")
                .roleName(names.role(OPERATOR))
                .description("Fails over and back; needs a second factor")
                .maxSessionDuration(Duration.hours(4))
                .assumedBy(new AccountPrincipal(config.account())
                        .withConditions(Map.of("Bool", Map.of("aws:MultiFactorAuthPresent", "true"))))
                .build();
        // Drains, undrains and raises the writer epoch without the service: one item in any Region that lives.
        role.addToPolicy(allow(
                List.of("dynamodb:GetItem", "dynamodb:UpdateItem"),
                each(name -> names.tableArn(DynamoTable.REGIONS, name))));
        failovers(role);
        documents(role);
        if (config.options().drills()) drills(role);
        role.addToPolicy(allow(
                List.of(
                        "cloudwatch:DescribeAlarms",
                        "cloudwatch:GetMetricData",
                        "rds:DescribeDBClusters",
                        "rds:DescribeGlobalClusters"),
                List.of("*")));
        switches(role);
    }

    private void failovers(Role role) {
        var clusters = new ArrayList<>(each(names::sqlClusterArn));
        clusters.add(names.globalClusterArn());
        role.addToPolicy(allow(List.of("rds:FailoverGlobalCluster", "rds:SwitchoverGlobalCluster"), clusters));
        role.addToPolicy(allow(List.of("ecs:DescribeServices", "ecs:UpdateService"), each(names::serviceArn)));
        role.addToPolicy(allow(
                List.of("application-autoscaling:RegisterScalableTarget"),
                each(name -> names.arn("application-autoscaling", name, "scalable-target/*"))));
    }

    private void documents(Role role) {
        role.addToPolicy(allow(
                List.of("ssm:StartAutomationExecution"),
                each(name -> names.arn("ssm", name, "automation-definition/" + config.name() + "-*:*"))));
        role.addToPolicy(allow(
                List.of("ssm:GetAutomationExecution", "ssm:StopAutomationExecution"),
                each(name -> names.arn("ssm", name, "automation-execution/*"))));
        role.addToPolicy(allow(
                List.of("iam:PassRole"),
                each(name -> names.roleArn(names.role("automation", name))),
                Map.of("StringEquals", Map.of("iam:PassedToService", "ssm.amazonaws.com"))));
    }

    private void drills(Role role) {
        role.addToPolicy(allow(
                List.of("fis:GetExperiment", "fis:StartExperiment", "fis:StopExperiment"),
                Stream.concat(
                                each(name -> names.arn("fis", name, "experiment-template/*")).stream(),
                                each(name -> names.arn("fis", name, "experiment/*")).stream())
                        .toList()));
        role.addToPolicy(allow(
                List.of("cloudwatch:PutMetricData"),
                List.of("*"),
                Map.of("StringEquals", Map.of("cloudwatch:namespace", Alerts.OPERATIONS))));
    }

    private void switches(Role role) {
        switch (config.control()) {
            case HEALTH_CHECK -> {}
            case ARC_ROUTING_CONTROL ->
                role.addToPolicy(allow(
                        List.of(
                                "route53-recovery-cluster:GetRoutingControlState",
                                "route53-recovery-cluster:UpdateRoutingControlState",
                                "route53-recovery-cluster:UpdateRoutingControlStates"),
                        List.of(names.arn("route53-recovery-control", "", "controlpanel/*"))));
            case ARC_REGION_SWITCH ->
                role.addToPolicy(allow(
                        List.of(
                                "arc-region-switch:ApprovePlanExecutionStep",
                                "arc-region-switch:GetPlanExecution",
                                "arc-region-switch:StartPlanExecution"),
                        List.of(names.arn("arc-region-switch", "", "plan/" + config.name() + ":*"))));
        }
    }

    /// May push an image and start the pipeline.
    private void release() {
        var provider = resource(
                "GitHub",
                "AWS::IAM::OIDCProvider",
                map(
                        "Url", "https://" + GITHUB,
                        "ClientIdList", List.of("sts.amazonaws.com"),
                        "Tags", serviceTags()));
        var role = Role.Builder.create(this, "Release")
                .roleName(names.role(RELEASE))
                .description("The release workflow of " + config.release().repository())
                .maxSessionDuration(Duration.hours(2))
                .assumedBy(new WebIdentityPrincipal(
                        provider.getRef(),
                        Map.of(
                                "StringEquals",
                                sorted(Map.of(
                                        GITHUB + ":aud",
                                        "sts.amazonaws.com",
                                        GITHUB + ":sub",
                                        "repo:%s:ref:refs/heads/%s"
                                                .formatted(
                                                        config.release().repository(),
                                                        config.release().branch()))))))
                .build();
        role.addToPolicy(allow(List.of("ecr:GetAuthorizationToken"), List.of("*")));
        role.addToPolicy(allow(
                List.of(
                        "ecr:BatchCheckLayerAvailability",
                        "ecr:CompleteLayerUpload",
                        "ecr:InitiateLayerUpload",
                        "ecr:PutImage",
                        "ecr:UploadLayerPart"),
                List.of(names.arn("ecr", region, "repository/" + names.service()))));
        if (!config.options().pipeline()) return;
        role.addToPolicy(allow(
                List.of("codepipeline:GetPipelineExecution", "codepipeline:StartPipelineExecution"),
                List.of(names.arn("codepipeline", region, config.name()))));
    }

    private List<String> each(UnaryOperator<String> arn) {
        return config.regionNames().stream().map(arn).toList();
    }
}
