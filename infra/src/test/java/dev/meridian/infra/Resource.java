package dev.meridian.infra;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// A resource of a synthesized template.
///
/// @param stack where it is
/// @param id its logical id
/// @param json the whole: type, properties, policies
record Resource(StackTemplate stack, String id, JsonNode json) {
    String type() {
        return json.path("Type").asText();
    }

    JsonNode properties() {
        return json.path("Properties");
    }

    /// The value below the properties, `Cluster.Name` or `Rules.0`; a missing node when there is none.
    JsonNode at(String path) {
        return properties().at("/" + path.replace('.', '/'));
    }

    /// The value as text, with references in a readable form.
    String text(String path) {
        return text(at(path), stack.region());
    }

    List<String> texts(String path) {
        var all = new ArrayList<String>();
        at(path).forEach(value -> all.add(text(value, stack.region())));
        return all;
    }

    Finding finding(String rule, String text) {
        return new Finding(rule, stack.id(), id, text);
    }

    /// Joins are joined, pseudo parameters are filled in, a reference is `${Id}` or `${Id.Attribute}`, a value of
    /// another stack is `${stack/Output}`.
    static String text(JsonNode value, String region) {
        if (value.isMissingNode() || value.isNull()) return "";
        if (value.isValueNode()) return value.asText();
        if (value.isArray()) {
            var parts = new ArrayList<String>();
            value.forEach(part -> parts.add(text(part, region)));
            return String.join(",", parts);
        }
        if (value.has("Ref")) return reference(value.path("Ref").asText(), region);
        if (value.has("Fn::Join")) {
            var parts = new ArrayList<String>();
            value.at("/Fn::Join/1").forEach(part -> parts.add(text(part, region)));
            return String.join(value.at("/Fn::Join/0").asText(), parts);
        }
        if (value.has("Fn::GetAtt")) {
            var attribute = value.path("Fn::GetAtt");
            if (attribute.isTextual()) return "${" + attribute.asText() + "}";
            return "${" + attribute.path(0).asText() + "." + text(attribute.path(1), region) + "}";
        }
        if (value.has("Fn::GetStackOutput")) {
            var output = value.path("Fn::GetStackOutput");
            return "${" + output.path("StackName").asText() + "/"
                    + output.path("OutputName").asText() + "}";
        }
        if (value.has("Fn::Sub")) return sub(value.path("Fn::Sub"), region);
        if (value.has("Fn::Select")) {
            return "${select " + text(value.at("/Fn::Select/0"), region) + " of "
                    + text(value.at("/Fn::Select/1"), region) + "}";
        }
        if (value.has("Fn::ImportValue")) return "${import " + text(value.path("Fn::ImportValue"), region) + "}";
        return value.toString();
    }

    private static String sub(JsonNode sub, String region) {
        var text = sub.isTextual() ? sub.asText() : sub.path(0).asText();
        return text.replace("${AWS::Partition}", "aws")
                .replace("${AWS::Region}", region)
                .replace("${AWS::URLSuffix}", "amazonaws.com")
                .replace("${AWS::AccountId}", StackTemplate.ACCOUNT);
    }

    private static String reference(String name, String region) {
        return switch (name) {
            case "AWS::Partition" -> "aws";
            case "AWS::Region" -> region;
            case "AWS::AccountId" -> StackTemplate.ACCOUNT;
            case "AWS::URLSuffix" -> "amazonaws.com";
            case "AWS::NoValue" -> "";
            default -> "${" + name + "}";
        };
    }

    @Override
    public String toString() {
        return stack.id() + "/" + id;
    }

    static String list(Iterable<JsonNode> values) {
        var all = new ArrayList<String>();
        values.forEach(value -> all.add(value.asText()));
        return all.stream().collect(Collectors.joining(", "));
    }
}
