package dev.meridian.infra;

import static dev.meridian.infra.PlatformStack.allow;
import static dev.meridian.infra.PlatformStack.map;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import software.amazon.awscdk.services.iam.PolicyStatement;

/// What the builds of the pipeline do, as commands of the shell, and what they may do for it.
///
/// The artifact `built` is one file, `image.env`, with the digest. A stage that goes back runs again with
/// the artifact of the execution before, so the older digest is deployed.
final class ReleaseSteps {
    private final Config config;
    private final Names names;
    private final String home;
    private final String repository;

    ReleaseSteps(Config config) {
        this.config = config;
        this.names = new Names(config);
        this.home = config.home().region();
        this.repository = names.repository(home);
    }

    private static Map<String, Object> spec(List<String> commands) {
        return map("version", "0.2", "env", map("shell", "bash"), "phases", map("build", map("commands", commands)));
    }

    /// The native executable with all its tests, the image on the newest base, its digest.
    Map<String, Object> build() {
        var spec = spec(List.of(
                "set -euo pipefail",
                "./mvnw -B -ntp verify -Dnative -Dquarkus.native.container-build=true",
                "src/main/docker/rds-ca.sh",
                "tag=$(date -u +%Y%m%d%H%M%S)-${CODEBUILD_RESOLVED_SOURCE_VERSION:0:12}",
                "docker build --pull -f src/main/docker/Dockerfile.native-micro -t " + repository + ":$tag .",
                "aws ecr get-login-password | docker login --username AWS --password-stdin " + repository,
                "docker push " + repository + ":$tag",
                "digest=$(aws ecr describe-images --repository-name " + names.service()
                        + " --image-ids imageTag=$tag --query 'imageDetails[0].imageDigest' --output text)",
                "printf 'digest=%s\\ntag=%s\\n' \"$digest\" \"$tag\" > image.env"));
        spec.put("artifacts", map("files", List.of("image.env")));
        return spec;
    }

    /// Ends when the scan has found something critical.
    Map<String, Object> scan() {
        return spec(List.of(
                "set -euo pipefail",
                ". ./image.env",
                "aws ecr wait image-scan-complete --repository-name " + names.service()
                        + " --image-id imageDigest=$digest",
                "critical=$(aws ecr describe-image-scan-findings --repository-name " + names.service()
                        + " --image-id imageDigest=$digest"
                        + " --query 'imageScanFindings.findingSeverityCounts.CRITICAL || `0`' --output text)",
                "test \"$critical\" = 0"));
    }

    /// Once, before any Region gets the image.
    Map<String, Object> migrate() {
        var commands = new ArrayList<String>(List.of("set -euo pipefail", ". ./image.env"));
        commands.addAll(lookUp());
        for (var name : migrations()) {
            var family = config.name() + "-" + name;
            commands.addAll(newRevision(home, family));
            commands.add("task=$(aws ecs run-task --cluster " + names.service()
                    + " --launch-type FARGATE --task-definition \"$revision\" --network-configuration"
                    + " \"awsvpcConfiguration={subnets=[$subnets],securityGroups=[$group],assignPublicIp=DISABLED}\""
                    + " --query 'tasks[0].taskArn' --output text)");
            commands.add("aws ecs wait tasks-stopped --cluster " + names.service() + " --tasks \"$task\"");
            commands.add("code=$(aws ecs describe-tasks --cluster " + names.service()
                    + " --tasks \"$task\" --query 'tasks[0].containers[0].exitCode' --output text)");
            commands.add("test \"$code\" = 0");
        }
        return spec(commands);
    }

    private List<String> lookUp() {
        return List.of(
                "subnets=$(aws ec2 describe-subnets --filters Name=tag:aws-cdk:subnet-name,Values=" + NetworkStack.APP
                        + " Name=tag:service,Values=" + config.name()
                        + " --query 'Subnets[].SubnetId' --output text | tr '\\t' ,)",
                "group=$(aws ec2 describe-security-groups --filters Name=tag:service,Values=" + config.name()
                        + " 'Name=description,Values=" + NetworkStack.JOBS
                        + "' --query 'SecurityGroups[0].GroupId' --output text)");
    }

    private List<String> migrations() {
        return config.sql().login() == Config.Login.IAM ? List.of("migrate") : List.of("migrate", "migrate-auditor");
    }

    /// A revision of a task definition that differs from the last one in the image alone.
    private List<String> newRevision(String region, String family) {
        var image = names.repository(region) + "@$digest";
        return List.of(
                "aws ecs describe-task-definition --region " + region + " --task-definition " + family
                        + " --query taskDefinition > task.json",
                "jq --arg image \"" + image + "\" 'del(.taskDefinitionArn,.revision,.status,.requiresAttributes,"
                        + ".compatibilities,.registeredAt,.registeredBy,.deregisteredAt)"
                        + " | .containerDefinitions |= map(if .name == \"collector\" then . else .image = $image end)'"
                        + " task.json > next.json",
                "revision=$(aws ecs register-task-definition --region " + region
                        + " --cli-input-json file://next.json --query taskDefinition.taskDefinitionArn --output text)");
    }

    /// In `WAVE_REGION`. ECS goes back by itself when tasks do not start or an alarm rings; then the
    /// service is stable on the old revision, and the step fails.
    Map<String, Object> deploy() {
        var service = " --cluster " + names.service() + " --service " + names.service();
        var services = " --cluster " + names.service() + " --services " + names.service();
        var commands = new ArrayList<String>(List.of(
                "set -euo pipefail",
                ". ./image.env",
                "export AWS_REGION=$WAVE_REGION AWS_DEFAULT_REGION=$WAVE_REGION"));
        commands.addAll(newRevision("$WAVE_REGION", config.name()));
        commands.addAll(List.of(
                // Nobody is woken meanwhile: the alarms take the deployment back by themselves.
                "(for i in $(seq 20); do aws cloudwatch put-metric-data --namespace " + Alerts.OPERATIONS
                        + " --metric-name " + Alerts.QUIET + " --dimensions region=$WAVE_REGION --value 1;"
                        + " sleep 50; done) > quiet.log 2>&1 & quiet=$!",
                "aws ecs update-service" + service + " --task-definition \"$revision\" > update.json",
                "aws ecs wait services-stable" + services,
                "running=$(aws ecs describe-services" + services
                        + " --query 'services[0].taskDefinition' --output text)",
                "kill $quiet",
                "test \"$running\" = \"$revision\"",
                "aws ssm put-parameter --overwrite --type String --name " + names.imageParameter()
                        + " --value \"$digest\""));
        return spec(commands);
    }

    /// What all of this needs.
    List<PolicyStatement> permissions() {
        var repository = names.arn("ecr", home, "repository/" + names.service());
        var statements = new ArrayList<PolicyStatement>();
        // These three name no resource.
        statements.add(allow(List.of("ecr:GetAuthorizationToken", "ecs:DescribeTaskDefinition"), List.of("*")));
        statements.add(allow(
                List.of("cloudwatch:PutMetricData"),
                List.of("*"),
                Map.of("StringEquals", Map.of("cloudwatch:namespace", Alerts.OPERATIONS))));
        statements.add(allow(List.of("ec2:DescribeSecurityGroups", "ec2:DescribeSubnets"), List.of("*")));
        statements.add(allow(
                List.of(
                        "ecr:BatchCheckLayerAvailability",
                        "ecr:CompleteLayerUpload",
                        "ecr:DescribeImageScanFindings",
                        "ecr:DescribeImages",
                        "ecr:InitiateLayerUpload",
                        "ecr:PutImage",
                        "ecr:UploadLayerPart"),
                List.of(repository)));
        statements.add(allow(
                List.of("ecs:RegisterTaskDefinition"),
                config.regionNames().stream()
                        .flatMap(region -> Stream.concat(Stream.of(config.name()), families(region))
                                .map(family -> names.arn("ecs", region, "task-definition/" + family + ":*")))
                        .toList()));
        statements.add(allow(
                List.of("ecs:RunTask"),
                families(home)
                        .map(family -> names.arn("ecs", home, "task-definition/" + family + ":*"))
                        .toList()));
        statements.add(
                allow(List.of("ecs:DescribeTasks"), List.of(names.arn("ecs", home, "task/" + names.service() + "/*"))));
        statements.add(allow(
                List.of("ecs:DescribeServices", "ecs:UpdateService"),
                config.regionNames().stream().map(names::serviceArn).toList()));
        statements.add(allow(
                List.of("ssm:PutParameter"),
                config.regionNames().stream()
                        .map(region -> names.arn("ssm", region, "parameter" + names.imageParameter()))
                        .toList()));
        statements.add(allow(
                List.of("iam:PassRole"),
                roles().map(names::roleArn).toList(),
                Map.of("StringEquals", Map.of("iam:PassedToService", "ecs-tasks.amazonaws.com"))));
        return statements;
    }

    private Stream<String> families(String region) {
        return region.equals(home) ? migrations().stream().map(name -> config.name() + "-" + name) : Stream.of();
    }

    /// Of the tasks that are registered.
    private Stream<String> roles() {
        return Stream.concat(
                config.regionNames().stream()
                        .flatMap(region -> Stream.of(names.role("", region), names.role("execution", region))),
                migrations().stream()
                        .flatMap(name -> Stream.of(names.role(name, home), names.role(name + "-execution", home))));
    }
}
