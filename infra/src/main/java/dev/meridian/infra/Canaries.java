package dev.meridian.infra;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.services.cloudwatch.Metric;
import software.amazon.awscdk.services.iam.Role;
import software.amazon.awscdk.services.iam.ServicePrincipal;
import software.amazon.awscdk.services.s3.Bucket;
import software.amazon.awscdk.services.synthetics.ArtifactsBucketLocation;
import software.amazon.awscdk.services.synthetics.Canary;
import software.amazon.awscdk.services.synthetics.Code;
import software.amazon.awscdk.services.synthetics.CustomTestOptions;
import software.amazon.awscdk.services.synthetics.Runtime;
import software.amazon.awscdk.services.synthetics.Schedule;
import software.amazon.awscdk.services.synthetics.Test;

/// The canaries of one stack: journeys of `infra/canaries` that run every few minutes against one Region,
/// or against the store's own name.
final class Canaries {
    static final String ORDER = "order";
    static final List<String> JOURNEYS = List.of("home", "catalog", "cart", "checkout", ORDER);

    private static final int ANSWERS_KEPT_DAYS = 31;

    private final PlatformStack stack;
    private final Alerts alerts;
    private final Bucket artifacts;
    private final Role role;

    Canaries(PlatformStack stack, Alerts alerts) {
        this.stack = stack;
        this.alerts = alerts;
        artifacts = stack.bucket("CanaryArtifacts", ANSWERS_KEPT_DAYS);
        role = role();
    }

    private Role role() {
        var made = Role.Builder.create(stack, "CanaryRole")
                .roleName(stack.names.role("canary-" + stack.part.id(), stack.region))
                .assumedBy(new ServicePrincipal("lambda.amazonaws.com"))
                .build();
        made.addToPolicy(
                PlatformStack.allow(List.of("s3:PutObject"), List.of(artifacts.getBucketArn() + "/canaries/*")));
        made.addToPolicy(PlatformStack.allow(List.of("s3:GetBucketLocation"), List.of(artifacts.getBucketArn())));
        made.addToPolicy(PlatformStack.allow(List.of("s3:ListAllMyBuckets"), List.of("*")));
        made.addToPolicy(PlatformStack.allow(
                List.of("cloudwatch:PutMetricData"),
                List.of("*"),
                Map.of("StringEquals", Map.of("cloudwatch:namespace", "CloudWatchSynthetics"))));
        made.addToPolicy(PlatformStack.allow(
                List.of("logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"),
                List.of(stack.names.arn("logs", stack.region, "log-group:/aws/lambda/cwsyn-*"))));
        return made;
    }

    /// @param target a Region
    void against(String journey, String target) {
        add(journey, target, stack.names.host(target), Threshold.CANARY.id() + "-" + target);
    }

    /// Against the name that customers use.
    void againstTheStore(String journey) {
        add(journey, "store", stack.config.zone().name(), Threshold.CANARY.id() + "-store-" + journey);
    }

    private void add(String journey, String target, String host, String alarm) {
        var minutes = stack.config.options().canaries();
        var canary = Canary.Builder.create(stack, "Canary-" + journey + "-" + target)
                .canaryName(stack.names.canary(journey, target))
                .runtime(Runtime.SYNTHETICS_NODEJS_PLAYWRIGHT_6_0)
                .test(Test.custom(CustomTestOptions.builder()
                        .handler(journey + ".handler")
                        .code(Code.fromAsset(scripts().toString()))
                        .build()))
                .schedule(Schedule.rate(Duration.minutes(minutes)))
                .timeout(Duration.seconds(55))
                .environmentVariables(Map.of("STORE", "https://" + host))
                .artifactsBucketLocation(ArtifactsBucketLocation.builder()
                        .bucket(artifacts)
                        .prefix("canaries")
                        .build())
                .role(role)
                .provisionedResourceCleanup(true)
                .successRetentionPeriod(Duration.days(7))
                .failureRetentionPeriod(Duration.days(ANSWERS_KEPT_DAYS))
                .build();
        canary.getNode().addDependency(role);
        alerts.add(
                Threshold.CANARY,
                alarm,
                passed(journey, target, minutes),
                Threshold.CANARY.limit(),
                "the journey " + journey + " of " + host + " fails, seen from " + stack.region);
    }

    private Metric passed(String journey, String target, int minutes) {
        return Metric.Builder.create()
                .namespace("CloudWatchSynthetics")
                .metricName("SuccessPercent")
                .dimensionsMap(Map.of("CanaryName", stack.names.canary(journey, target)))
                .statistic("Average")
                .period(Duration.minutes(minutes))
                .build();
    }

    /// `infra/canaries`, wherever the process was started.
    static Path scripts() {
        var beside = Path.of("canaries");
        return Files.isDirectory(beside)
                ? beside.toAbsolutePath()
                : Path.of("infra", "canaries").toAbsolutePath();
    }
}
