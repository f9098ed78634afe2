package dev.meridian.infra;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;
import java.util.function.Consumer;

/// References within a stack and between stacks, and the attributes that every resource may have.
final class ReferenceChecks {
    /// CloudFormation: "DeletionPolicy attribute", "UpdateReplacePolicy attribute".
    private static final Set<String> POLICIES = Set.of("Delete", "Retain", "RetainExceptOnCreate", "Snapshot");

    private ReferenceChecks() {}

    static void look(Synthesis synthesis, Consumer<Finding> found) {
        for (var stack : synthesis.stacks()) {
            stack.resources().forEach(resource -> resource(synthesis, resource, found));
            walk(
                    synthesis,
                    new Resource(stack, "Outputs", stack.template().path("Outputs")),
                    stack.template().path("Outputs"),
                    found);
        }
    }

    private static void resource(Synthesis synthesis, Resource resource, Consumer<Finding> found) {
        for (var name : new String[] {"DeletionPolicy", "UpdateReplacePolicy"}) {
            var policy = resource.json().path(name);
            if (!policy.isMissingNode() && !POLICIES.contains(policy.asText())) {
                found.accept(resource.finding("deletion-policy", name + " cannot be " + policy.asText()));
            }
        }
        var on = resource.json().path("DependsOn");
        if (on.isTextual()) exists(resource, on.asText(), found);
        on.forEach(id -> exists(resource, id.asText(), found));
        walk(synthesis, resource, resource.properties(), found);
    }

    private static void walk(Synthesis synthesis, Resource resource, JsonNode value, Consumer<Finding> found) {
        if (value.has("Ref") && !value.path("Ref").asText().startsWith("AWS::")) {
            exists(resource, value.path("Ref").asText(), found);
        }
        var attribute = value.path("Fn::GetAtt");
        if (attribute.isArray()) exists(resource, attribute.path(0).asText(), found);
        if (value.has("Fn::GetStackOutput")) output(synthesis, resource, value, found);
        value.forEach(part -> walk(synthesis, resource, part, found));
    }

    private static void exists(Resource resource, String id, Consumer<Finding> found) {
        var template = resource.stack().template();
        if (!template.path("Resources").has(id) && !template.path("Parameters").has(id)) {
            found.accept(resource.finding("reference", "refers to " + id + ", which the stack does not have"));
        }
    }

    private static void output(Synthesis synthesis, Resource resource, JsonNode value, Consumer<Finding> found) {
        var output = value.path("Fn::GetStackOutput");
        var exporter = synthesis.exporter(value);
        if (exporter == null) {
            found.accept(resource.finding(
                    "stack-output",
                    "no stack is called " + output.path("StackName").asText() + " there"));
            return;
        }
        if (!exporter.outputs().contains(output.path("OutputName").asText())) {
            found.accept(resource.finding(
                    "stack-output",
                    exporter.id() + " has no output "
                            + output.path("OutputName").asText()));
        }
        if (!comesBefore(synthesis, exporter.id(), resource.stack())) {
            found.accept(
                    resource.finding("stack-output", "reads " + exporter.id() + ", which need not be deployed before"));
        }
    }

    private static boolean comesBefore(Synthesis synthesis, String earlier, StackTemplate stack) {
        return stack.dependencies().contains(earlier)
                || stack.dependencies().stream().anyMatch(id -> comesBefore(synthesis, earlier, synthesis.stack(id)));
    }
}
