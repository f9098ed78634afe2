package dev.meridian.infra;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/// Documents of Systems Manager Automation ("Systems Manager Automation actions reference").
final class DocumentChecks {
    static final String DOCUMENT = "AWS::SSM::Document";

    private static final Set<String> ACTIONS = Set.of(
            "aws:approve",
            "aws:assertAwsResourceProperty",
            "aws:branch",
            "aws:changeInstanceState",
            "aws:copyImage",
            "aws:createImage",
            "aws:createStack",
            "aws:createTags",
            "aws:deleteImage",
            "aws:deleteStack",
            "aws:executeAutomation",
            "aws:executeAwsApi",
            "aws:executeScript",
            "aws:executeStateMachine",
            "aws:invokeLambdaFunction",
            "aws:invokeWebhook",
            "aws:loop",
            "aws:pause",
            "aws:runCommand",
            "aws:runInstances",
            "aws:sleep",
            "aws:updateVariable",
            "aws:waitForAwsResourceProperty");

    private static final Set<String> STEP_FIELDS = Set.of(
            "name",
            "action",
            "inputs",
            "description",
            "maxAttempts",
            "timeoutSeconds",
            "onFailure",
            "onCancel",
            "nextStep",
            "isEnd",
            "isCritical",
            "outputs",
            "preview");

    /// Inputs of steps that call an API, besides the members of its request.
    private static final Map<String, Set<String>> INPUTS = Map.of(
            "aws:executeAwsApi", Set.of("Service", "Api"),
            "aws:waitForAwsResourceProperty", Set.of("Service", "Api", "PropertySelector", "DesiredValues"),
            "aws:assertAwsResourceProperty", Set.of("Service", "Api", "PropertySelector", "DesiredValues"));

    private static final Pattern VARIABLE = Pattern.compile("\\{\\{\\s*([\\w:.]+)\\s*}}");

    private DocumentChecks() {}

    static void look(Synthesis synthesis, Consumer<Finding> found) {
        synthesis
                .resources(DOCUMENT)
                .filter(document -> document.text("DocumentType").equals("Automation"))
                .forEach(document -> new Reading(document, found).read());
    }

    /// The content, which may be an object or a text.
    static JsonNode content(Resource document) {
        var content = document.at("Content");
        if (content.isObject() && !content.has("Fn::Join") && !content.has("Fn::Sub")) return content;
        try {
            return Synthesis.JSON.readTree(document.text("Content"));
        } catch (JsonProcessingException e) {
            return Synthesis.JSON.missingNode();
        }
    }

    private record Reading(Resource document, Consumer<Finding> found) {
        void read() {
            var content = content(document);
            if (!content.path("schemaVersion").asText().equals("0.3")) {
                say("schemaVersion must be 0.3 and is "
                        + content.path("schemaVersion").asText());
            }
            if (content.path("assumeRole").isMissingNode()) say("has no assumeRole: it would act as whoever starts it");
            var names = new HashSet<String>();
            for (var step : content.path("mainSteps")) {
                if (!names.add(step.path("name").asText()))
                    say("two steps are called " + step.path("name").asText());
            }
            if (names.isEmpty()) say("has no steps");
            var known = new HashSet<String>();
            content.path("parameters").fieldNames().forEachRemaining(known::add);
            content.path("variables").fieldNames().forEachRemaining(name -> known.add("variable:" + name));
            for (var step : content.path("mainSteps")) step(step, names, known);
            variables(content.path("outputs"), known);
        }

        private void step(JsonNode step, Set<String> names, Set<String> known) {
            var name = step.path("name").asText();
            var action = step.path("action").asText();
            if (!ACTIONS.contains(action)) say(name + ": no action: " + action);
            step.fieldNames().forEachRemaining(field -> {
                if (!STEP_FIELDS.contains(field)) say(name + ": a step has no " + field);
            });
            next(name, step.path("nextStep").asText(""), names);
            for (var field : List.of("onFailure", "onCancel")) {
                var value = step.path(field).asText("");
                if (value.startsWith("step:")) next(name, value.substring(5), names);
                else if (!Set.of("", "Abort", "Continue").contains(value)) say(name + ": no " + field + ": " + value);
            }
            var inputs = step.path("inputs");
            for (var choice : inputs.path("Choices"))
                next(name, choice.path("NextStep").asText(), names);
            next(
                    name,
                    inputs.path("Default").asText(""),
                    action.equals("aws:branch")
                            ? names
                            : Set.of(inputs.path("Default").asText("")));
            if (INPUTS.containsKey(action)) call(name, action, inputs);
            variables(inputs, known);
            for (var output : step.path("outputs"))
                known.add(name + "." + output.path("Name").asText());
            standard(action).forEach(output -> known.add(name + "." + output));
        }

        private void next(String step, String name, Set<String> names) {
            if (!name.isEmpty() && !names.contains(name)) say(step + ": there is no step " + name);
        }

        private void call(String step, String action, JsonNode inputs) {
            var service = inputs.path("Service").asText();
            var api = inputs.path("Api").asText();
            var members = AwsApis.members(service, api);
            if (members == null) {
                say(step + ": unknown call " + service + " " + api);
                return;
            }
            inputs.fieldNames().forEachRemaining(name -> {
                if (!members.contains(name) && !INPUTS.get(action).contains(name)) {
                    say(step + ": " + api + " has no member " + name);
                }
            });
        }

        private void variables(JsonNode value, Set<String> known) {
            if (value.isTextual()) {
                var matcher = VARIABLE.matcher(value.asText());
                while (matcher.find()) {
                    var name = matcher.group(1);
                    boolean global = name.startsWith("global:") || name.startsWith("automation:");
                    if (!global && !known.contains(name))
                        say("{{ " + name + " }} is neither a parameter nor an earlier output");
                }
            }
            value.forEach(part -> variables(part, known));
        }

        /// Outputs that actions have without saying so.
        private static List<String> standard(String action) {
            return switch (action) {
                case "aws:approve" -> List.of("ApprovalStatus", "ApproverDecisions");
                case "aws:executeScript" -> List.of("OutputPayload");
                case "aws:executeAutomation" -> List.of("ExecutionId", "Output", "Status");
                default -> List.of("Output", "OutputPayload");
            };
        }

        private void say(String text) {
            found.accept(document.finding("automation", text));
        }
    }
}
