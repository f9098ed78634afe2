package dev.meridian.infra;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;

/// Pipelines and the builds in them ("Build specification reference for CodeBuild", "Action structure reference").
final class ReleaseChecks {
    static final String PIPELINE = "AWS::CodePipeline::Pipeline";
    static final String BUILD = "AWS::CodeBuild::Project";
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

    private static final Set<String> SECTIONS =
            Set.of("version", "run-as", "env", "proxy", "batch", "phases", "reports", "artifacts", "cache");
    private static final Set<String> PHASES = Set.of("install", "pre_build", "build", "post_build");
    private static final Set<String> IN_PHASE =
            Set.of("run-as", "on-failure", "runtime-versions", "commands", "finally", "steps");

    private static final Set<String> PROVIDERS = Set.of(
            "Source AWS CodeStarSourceConnection",
            "Source AWS S3",
            "Source AWS ECR",
            "Build AWS CodeBuild",
            "Test AWS CodeBuild",
            "Build AWS ECRBuildAndPublish",
            "Invoke AWS InspectorScan",
            "Test AWS InspectorScan",
            "Invoke AWS Lambda",
            "Invoke AWS CodePipeline",
            "Compute AWS Commands",
            "Approval AWS Manual",
            "Deploy AWS ECS",
            "Deploy AWS CloudFormation",
            "Deploy AWS CodeDeployToECS");

    private ReleaseChecks() {}

    static void look(Synthesis synthesis, Consumer<Finding> found) {
        synthesis.resources(BUILD).forEach(project -> spec(project, found));
        synthesis.resources(PIPELINE).forEach(pipeline -> pipeline(synthesis, pipeline, found));
    }

    private static void spec(Resource project, Consumer<Finding> found) {
        var text = project.text("Source.BuildSpec");
        if (text.isEmpty() || text.matches("[\\w/.-]+\\.ya?ml")) return;
        try {
            var spec = YAML.readTree(text);
            if (!spec.path("version").asText().matches("0\\.2"))
                found.accept(project.finding("buildspec", "the version is not 0.2"));
            unknown(project, spec, SECTIONS, found);
            if (spec.path("phases").isEmpty()) found.accept(project.finding("buildspec", "has no phases"));
            unknown(project, spec.path("phases"), PHASES, found);
            for (var phase : spec.path("phases")) unknown(project, phase, IN_PHASE, found);
        } catch (IOException e) {
            found.accept(project.finding("buildspec", "is neither YAML nor JSON: " + e.getMessage()));
        }
    }

    private static void unknown(Resource project, JsonNode node, Set<String> known, Consumer<Finding> found) {
        node.fieldNames().forEachRemaining(name -> {
            if (!known.contains(name)) found.accept(project.finding("buildspec", "unknown: " + name));
        });
    }

    private static void pipeline(Synthesis synthesis, Resource pipeline, Consumer<Finding> found) {
        var made = new HashSet<String>();
        boolean approved = false;
        int deployments = 0;
        for (var stage : pipeline.at("Stages")) {
            boolean deploys = false;
            for (var action : stage.path("Actions")) {
                var id = action.path("ActionTypeId");
                var provider = id.path("Category").asText() + " "
                        + id.path("Owner").asText() + " " + id.path("Provider").asText();
                if (!PROVIDERS.contains(provider))
                    found.accept(pipeline.finding("pipeline-provider", "no provider: " + provider));
                for (var input : action.path("InputArtifacts")) {
                    if (!made.contains(input.path("Name").asText())) {
                        found.accept(pipeline.finding(
                                "pipeline-artifact",
                                "nothing made " + input.path("Name").asText() + " before"));
                    }
                }
                action.path("OutputArtifacts")
                        .forEach(output -> made.add(output.path("Name").asText()));
                approved |= provider.equals("Approval AWS Manual");
                deploys |= action.at("/Configuration/EnvironmentVariables")
                        .asText()
                        .contains("WAVE_REGION");
            }
            if (!deploys) continue;
            if (++deployments > 1 && !approved)
                found.accept(pipeline.finding(
                        "pipeline-wave", "nobody approves " + stage.path("Name").asText()));
            approved = false;
            wave(pipeline, stage, found);
        }
        if (deployments != synthesis.regions().size()) {
            found.accept(pipeline.finding("pipeline-wave", deployments + " waves for " + synthesis.regions()));
        }
    }

    /// A wave bakes on alarms and goes back by itself.
    private static void wave(Resource pipeline, JsonNode stage, Consumer<Finding> found) {
        var name = stage.path("Name").asText();
        if (!stage.at("/OnFailure/Result").asText().equals("ROLLBACK")) {
            found.accept(pipeline.finding("pipeline-wave", name + " does not go back when it fails"));
        }
        boolean bakes = false;
        for (var condition : stage.at("/OnSuccess/Conditions")) {
            for (var rule : condition.path("Rules"))
                bakes |= rule.at("/RuleTypeId/Provider").asText().equals("CloudWatchAlarm");
        }
        if (!bakes) found.accept(pipeline.finding("pipeline-wave", name + " waits for no alarm"));
    }
}
