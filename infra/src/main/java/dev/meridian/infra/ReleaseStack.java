package dev.meridian.infra;

import dev.meridian.infra.Config.Architecture;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import software.amazon.awscdk.services.iam.Role;
import software.amazon.awscdk.services.iam.ServicePrincipal;
import software.amazon.awscdk.services.s3.Bucket;
import software.constructs.Construct;

/// The pipeline: build and test natively, scan, migrate, then one Region after the other. A Region gets
/// the image, runs it until the bake is over, and goes back by itself if an alarm rings; a person
/// approves the next one. A push starts it, and so does Monday morning: the image is built anew on the
/// newest bases, as its own are old by then.
///
/// Its roles are written here, since those that CDK makes may do more than they need.
final class ReleaseStack extends PlatformStack {
    private final Bucket artifacts;
    private final Role builds;
    private final ReleaseSteps steps;

    ReleaseStack(Construct scope, Config config) {
        super(scope, Part.RELEASE, config, config.home().region());
        artifacts = bucket("Artifacts", 90);
        steps = new ReleaseSteps(config);
        builds = role("Builds", "release-build", "codebuild.amazonaws.com");
        permitBuilds();
        var projects = new ArrayList<String>();
        projects.add(project("build", steps.build(), true));
        projects.add(project("scan", steps.scan(), false));
        projects.add(project("migrate", steps.migrate(), false));
        projects.add(project("deploy", steps.deploy(), false));
        var pipeline = pipeline(projects);
        weekly(pipeline);
    }

    private Role role(String id, String name, String service) {
        return Role.Builder.create(this, id)
                .roleName(names.role(name))
                .assumedBy(new ServicePrincipal(service))
                .build();
    }

    private void permitBuilds() {
        builds.addToPolicy(allow(
                List.of("logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"),
                List.of(names.arn("logs", region, "log-group:/aws/codebuild/" + config.name() + "-*"))));
        builds.addToPolicy(allow(
                List.of("s3:GetObject", "s3:GetObjectVersion", "s3:PutObject"),
                List.of(artifacts.getBucketArn() + "/*")));
        steps.permissions().forEach(builds::addToPolicy);
    }

    private String project(String name, Map<String, Object> spec, boolean builds) {
        var arm = config.architecture() == Architecture.ARM;
        return resource(
                        "Project-" + name,
                        "AWS::CodeBuild::Project",
                        map(
                                "Name", config.name() + "-" + name,
                                "ServiceRole", this.builds.getRoleArn(),
                                "Artifacts", map("Type", "CODEPIPELINE"),
                                "Source", map("Type", "CODEPIPELINE", "BuildSpec", json(spec)),
                                "Environment",
                                        map(
                                                "Type", arm ? "ARM_CONTAINER" : "LINUX_CONTAINER",
                                                "Image",
                                                        arm
                                                                ? "aws/codebuild/amazonlinux-aarch64-standard:3.0"
                                                                : "aws/codebuild/amazonlinux-x86_64-standard:5.0",
                                                "ComputeType", builds ? "BUILD_GENERAL1_LARGE" : "BUILD_GENERAL1_SMALL",
                                                // Docker builds the image and runs it in tests.
                                                "PrivilegedMode", builds),
                                "TimeoutInMinutes", builds ? 90 : 60,
                                "Cache",
                                        builds
                                                ? map(
                                                        "Type",
                                                        "LOCAL",
                                                        "Modes",
                                                        List.of("LOCAL_DOCKER_LAYER_CACHE", "LOCAL_CUSTOM_CACHE"))
                                                : null,
                                "Tags", serviceTags()))
                .getRef();
    }

    /// @param projects build, scan, migrate, deploy
    private String pipeline(List<String> projects) {
        var connection = names.arn(
                "codeconnections", region, "connection/" + config.release().connection());
        var role = role("PipelineRole", "pipeline", "codepipeline.amazonaws.com");
        role.addToPolicy(allow(List.of("codeconnections:UseConnection"), List.of(connection)));
        role.addToPolicy(allow(
                List.of("codebuild:BatchGetBuilds", "codebuild:StartBuild", "codebuild:StopBuild"),
                projects.stream()
                        .map(project -> names.arn("codebuild", region, "project/" + project))
                        .toList()));
        role.addToPolicy(allow(
                List.of("s3:GetObject", "s3:GetObjectVersion", "s3:PutObject"),
                List.of(artifacts.getBucketArn() + "/*")));
        role.addToPolicy(allow(
                List.of("s3:GetBucketLocation", "s3:GetBucketVersioning", "s3:ListBucket"),
                List.of(artifacts.getBucketArn())));
        // The bakes ask for alarms of each Region; describing them knows no resource.
        role.addToPolicy(allow(List.of("cloudwatch:DescribeAlarms"), List.of("*")));
        var stages = new ArrayList<Map<String, Object>>();
        stages.add(stage("Source", List.of(source(connection))));
        stages.add(stage("Build", List.of(build("Build", "Build", projects.get(0), "source", "built", null))));
        stages.add(stage("Scan", List.of(build("Scan", "Test", projects.get(1), "built", null, null))));
        stages.add(stage("Migrate", List.of(build("Migrate", "Build", projects.get(2), "built", null, null))));
        for (var name : config.regionNames()) stages.add(wave(name, projects.get(3)));
        var pipeline = resource(
                "Pipeline",
                "AWS::CodePipeline::Pipeline",
                map(
                        "Name",
                        config.name(),
                        "PipelineType",
                        "V2",
                        "ExecutionMode",
                        "QUEUED",
                        "RestartExecutionOnUpdate",
                        false,
                        "RoleArn",
                        role.getRoleArn(),
                        "ArtifactStore",
                        map("Type", "S3", "Location", artifacts.getBucketName()),
                        "Stages",
                        stages,
                        "Tags",
                        serviceTags()));
        pipeline.getNode().addDependency(role);
        return pipeline.getRef();
    }

    private static Map<String, Object> stage(String name, List<Map<String, Object>> actions) {
        return map("Name", name, "Actions", actions);
    }

    private Map<String, Object> source(String connection) {
        return map(
                "Name", "GitHub",
                "ActionTypeId", type("Source", "CodeStarSourceConnection"),
                "Configuration",
                        map(
                                "ConnectionArn",
                                connection,
                                "FullRepositoryId",
                                config.release().repository(),
                                "BranchName",
                                config.release().branch(),
                                "DetectChanges",
                                "true"),
                "OutputArtifacts", List.of(map("Name", "source")),
                "RunOrder", 1);
    }

    private static Map<String, Object> type(String category, String provider) {
        return map("Category", category, "Owner", "AWS", "Provider", provider, "Version", "1");
    }

    private static Map<String, Object> build(
            String name, String category, String project, String input, String output, String region) {
        return map(
                "Name",
                name,
                "ActionTypeId",
                type(category, "CodeBuild"),
                "Configuration",
                map(
                        "ProjectName",
                        project,
                        "EnvironmentVariables",
                        region == null
                                ? null
                                : "[{\"name\":\"WAVE_REGION\",\"type\":\"PLAINTEXT\",\"value\":\"" + region + "\"}]"),
                "InputArtifacts",
                List.of(map("Name", input)),
                "OutputArtifacts",
                output == null ? null : List.of(map("Name", output)),
                "RunOrder",
                2);
    }

    /// One Region. The bake is a condition on success: it fails when an alarm rings, and the stage goes
    /// back.
    private Map<String, Object> wave(String name, String deploy) {
        var actions = new ArrayList<Map<String, Object>>();
        if (!name.equals(config.home().region())) {
            actions.add(map(
                    "Name",
                    "Approve",
                    "ActionTypeId",
                    type("Approval", "Manual"),
                    "Configuration",
                    map("CustomData", "The Regions before are well; go on with " + name + "?"),
                    "RunOrder",
                    1));
        }
        actions.add(build("Deploy", "Build", deploy, "built", null, name));
        var rules = new ArrayList<Map<String, Object>>();
        for (var kind : List.of(Threshold.ERRORS, Threshold.LATENCY, Threshold.JOURNAL_AGE)) {
            rules.add(map(
                    "Name",
                    "Bake-" + kind.id(),
                    "RuleTypeId",
                    map("Category", "Rule", "Owner", "AWS", "Provider", "CloudWatchAlarm", "Version", "1"),
                    "Region",
                    name,
                    "Configuration",
                    map(
                            "AlarmName", names.alarm(kind.id(), name),
                            "AlarmStates", "ALARM",
                            "WaitTime", String.valueOf(config.release().bake()))));
        }
        var wave = stage("Wave-" + name, actions);
        wave.put("OnSuccess", map("Conditions", List.of(map("Result", "ROLLBACK", "Rules", rules))));
        wave.put("OnFailure", map("Result", "ROLLBACK"));
        return wave;
    }

    private void weekly(String pipeline) {
        var arn = names.arn("codepipeline", region, pipeline);
        var role = role("Weekly", "release-weekly", "events.amazonaws.com");
        role.addToPolicy(allow(List.of("codepipeline:StartPipelineExecution"), List.of(arn)));
        resource(
                "Rebuild",
                "AWS::Events::Rule",
                map(
                        "Description", "Builds the image anew on the newest bases",
                        "State", "ENABLED",
                        "ScheduleExpression", "cron(0 4 ? * MON *)",
                        "Targets", List.of(map("Id", "pipeline", "Arn", arn, "RoleArn", role.getRoleArn()))));
    }
}
