package dev.meridian.infra;

import io.github.cdklabs.cdknag.AwsSolutionsChecks;
import io.github.cdklabs.cdknag.NagPackProps;
import io.github.cdklabs.cdknag.NagPackSuppression;
import io.github.cdklabs.cdknag.NagReportFormat;
import io.github.cdklabs.cdknag.NagSuppressions;
import io.github.cdklabs.cdknag.RegexAppliesTo;
import java.util.List;
import java.util.Set;
import software.amazon.awscdk.App;
import software.amazon.awscdk.Aspects;

/// A synthesis is refused for each finding of cdk-nag and of CDK's own rules that is not listed here, with
/// its templates and the reason. Nothing is acknowledged at a construct: that silences a rule in the whole
/// app. An entry that silences nothing in one of its parts fails a test.
///
/// @param parts the templates
/// @param rule of cdk-nag, or of CDK
/// @param findings the beginning of them, for cdk-nag as a regular expression, or null for the whole rule;
/// for CDK of the property
/// @param reason why it is right here
record Silenced(Set<Part> parts, String rule, String findings, String reason) {
    private static final String WILDCARD = "AwsSolutions-IAM5";
    private static final String MANAGED = "AwsSolutions-IAM4";
    private static final String ARN = "Resource::arn:aws:";

    static final List<Silenced> ALL = List.of(
            new Silenced(
                    Set.of(Part.NETWORK),
                    "W3010",
                    "AvailabilityZone",
                    "Zones come from the configuration, so that a synthesis asks no account."),
            new Silenced(
                    Set.of(Part.SQL, Part.SERVICE, Part.OPERATE),
                    "W9007",
                    "Subnet",
                    "The rule takes the outputs of another stack for equal: each is another subnet."),
            new Silenced(
                    Set.of(Part.SECRETS),
                    "AwsSolutions-SMG4",
                    null,
                    "These are lists, changed entry by entry, each step in all Regions before the next (docs/deployment.md)."),
            new Silenced(
                    Set.of(Part.SERVICE),
                    "AwsSolutions-EC23",
                    null,
                    "The load balancer is the entrance of a public store; the web ACL is in front of it."),
            new Silenced(
                    Set.of(Part.MIGRATE, Part.SERVICE, Part.OPERATE),
                    "AwsSolutions-ECS2",
                    null,
                    "The environment has no secrets: they are references to Secrets Manager."),
            new Silenced(
                    Set.of(Part.SERVICE, Part.WATCH, Part.OBSERVER, Part.RELEASE),
                    "AwsSolutions-S1",
                    null,
                    "The bucket has logs or artifacts itself, for weeks, and no reader but their makers."),
            new Silenced(
                    Set.of(
                            Part.MIGRATE,
                            Part.SERVICE,
                            Part.CONTROL,
                            Part.WATCH,
                            Part.OBSERVER,
                            Part.OPERATE,
                            Part.ACCESS,
                            Part.RELEASE),
                    WILDCARD,
                    "Resource::\\*",
                    "Only actions that name no resource: log-in to the registry, traces, metrics, descriptions."),
            new Silenced(
                    Set.of(Part.WATCH, Part.OBSERVER, Part.RELEASE),
                    WILDCARD,
                    "Resource::<(CanaryArtifacts|Artifacts)\\w+\\.Arn>/",
                    "The objects of a bucket that has nothing else."),
            new Silenced(
                    Set.of(Part.WATCH, Part.OBSERVER, Part.RELEASE),
                    WILDCARD,
                    ARN + "logs:[^:]+:[0-9]+:log-group:/aws/(lambda/cwsyn-|codebuild/)",
                    "The names of these log groups end with what AWS chooses."),
            new Silenced(
                    Set.of(Part.OPERATE, Part.RELEASE),
                    WILDCARD,
                    ARN + "ecs:[^:]+:[0-9]+:(task-definition/[a-z0-9-]+:|task/)",
                    "Revisions and tasks get their numbers when they are made."),
            new Silenced(
                    Set.of(Part.OPERATE),
                    WILDCARD,
                    ARN + "rds:[^:]+:[0-9]+:cluster-snapshot:",
                    "Aurora names the snapshot of a lost writer."),
            new Silenced(
                    Set.of(Part.OPERATE),
                    WILDCARD,
                    ARN
                            + "(dynamodb:[^:]+:[0-9]+:table/[a-z0-9-]+-restored-|rds-db:[^:]+:[0-9]+:dbuser:\\*/meridian_audit)",
                    "What a drill restores; the auditor only reads."),
            new Silenced(
                    Set.of(Part.OPERATE),
                    MANAGED,
                    "Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSFaultInjectionSimulator",
                    "AWS keeps them in step with the actions of its drills."),
            new Silenced(
                    Set.of(Part.OPERATE),
                    MANAGED,
                    "Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup",
                    "AWS keeps it in step with what it backs up."),
            new Silenced(
                    Set.of(Part.OPERATE, Part.ACCESS),
                    WILDCARD,
                    ARN + "(fis:[^:]+:[0-9]+:experiment|ssm:[^:]+:[0-9]+:automation-)",
                    "Experiments, executions and versions get their ids when they are made."),
            new Silenced(
                    Set.of(Part.ACCESS, Part.CONTROL),
                    WILDCARD,
                    ARN + "(application-autoscaling:[^:]+|arc-region-switch:|route53-recovery-control:):?[0-9]+:",
                    "AWS chooses the ids of these."));

    static void apply(App app, List<PlatformStack> stacks) {
        Aspects.of(app)
                .add(new AwsSolutionsChecks(NagPackProps.builder()
                        .reports(true)
                        .reportFormats(List.of(NagReportFormat.CSV))
                        .build()));
        for (var stack : stacks) {
            var silenced = ALL.stream()
                    .filter(each -> each.isOfNag() && each.parts.contains(stack.part))
                    .map(Silenced::suppression)
                    .toList();
            if (!silenced.isEmpty()) NagSuppressions.addStackSuppressions(stack, silenced);
        }
    }

    /// Whether it silences cdk-nag, which does so itself; else it silences a rule of CDK, in [Report].
    boolean isOfNag() {
        return rule.startsWith("AwsSolutions-");
    }

    /// Whether it silences what a rule of CDK found.
    boolean silences(Report.Violation violation) {
        return !isOfNag()
                && rule.equals(violation.rule())
                && parts.stream().anyMatch(part -> violation.stack().startsWith(part.id() + "-"))
                && violation.property().startsWith(findings);
    }

    private NagPackSuppression suppression() {
        var suppression = NagPackSuppression.builder().id(rule).reason(reason);
        return findings == null
                ? suppression.build()
                : suppression
                        .appliesTo(List.of(RegexAppliesTo.builder()
                                .regex("/^" + findings.replace("/", "\\/") + ".*$/")
                                .build()))
                        .build();
    }
}
