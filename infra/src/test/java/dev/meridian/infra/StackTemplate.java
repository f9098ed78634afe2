package dev.meridian.infra;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// A synthesized stack.
///
/// @param id in the app, `tables-eu-west-1`
/// @param name in CloudFormation
/// @param region where it is deployed
/// @param protection whether CloudFormation refuses to delete it
/// @param dependencies ids of the stacks that are deployed before
/// @param file the template's file name
/// @param template its text as JSON
record StackTemplate(
        String id,
        String name,
        String region,
        boolean protection,
        List<String> dependencies,
        String file,
        JsonNode template) {
    /// The account of the examples in AWS's documentation, which the configurations of the tests have.
    static final String ACCOUNT = "111122223333";

    Stream<Resource> resources() {
        var all = new ArrayList<Resource>();
        template.path("Resources")
                .properties()
                .forEach(entry -> all.add(new Resource(this, entry.getKey(), entry.getValue())));
        return all.stream();
    }

    Stream<Resource> resources(String type) {
        return resources().filter(resource -> resource.type().equals(type));
    }

    /// The resource of a `Ref` or `Fn::GetAtt`; null when the value is none of them, or refers to nothing.
    Resource referred(JsonNode value) {
        var attribute = value.path("Fn::GetAtt");
        var id = value.has("Ref")
                ? value.path("Ref").asText()
                : attribute.isTextual()
                        ? attribute.asText().split("\\.")[0]
                        : attribute.path(0).asText();
        var json = template.path("Resources").path(id);
        return json.isMissingNode() ? null : new Resource(this, id, json);
    }

    Set<String> outputs() {
        var names = new java.util.TreeSet<String>();
        template.path("Outputs").fieldNames().forEachRemaining(names::add);
        return names;
    }

    StackTemplate with(JsonNode changed) {
        return new StackTemplate(id, name, region, protection, dependencies, file, changed);
    }
}
