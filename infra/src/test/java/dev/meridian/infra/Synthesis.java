package dev.meridian.infra;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// The templates of one configuration, as they were written.
///
/// @param name of the configuration
/// @param directory where they are
/// @param regions of the store, the first is home
/// @param manifest `manifest.json`
/// @param stacks all, in the order of the manifest
record Synthesis(String name, Path directory, List<String> regions, JsonNode manifest, List<StackTemplate> stacks) {
    static final ObjectMapper JSON = new ObjectMapper();

    static Synthesis read(String name, Path directory, List<String> regions) {
        try {
            var manifest = JSON.readTree(directory.resolve("manifest.json").toFile());
            var stacks = new ArrayList<StackTemplate>();
            for (var entry : manifest.path("artifacts").properties()) {
                if (entry.getValue().path("type").asText().equals("aws:cloudformation:stack")) {
                    stacks.add(stack(directory, manifest, entry.getKey(), entry.getValue()));
                }
            }
            return new Synthesis(name, directory, regions, manifest, List.copyOf(stacks));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static StackTemplate stack(Path directory, JsonNode manifest, String id, JsonNode artifact)
            throws IOException {
        var properties = artifact.path("properties");
        var environment = artifact.path("environment").asText();
        var dependencies = new ArrayList<String>();
        artifact.path("dependencies").forEach(on -> {
            var type = manifest.path("artifacts").path(on.asText()).path("type").asText();
            if (type.equals("aws:cloudformation:stack")) dependencies.add(on.asText());
        });
        var file = properties.path("templateFile").asText();
        return new StackTemplate(
                id,
                properties.path("stackName").asText(id),
                environment.substring(environment.lastIndexOf('/') + 1),
                properties.path("terminationProtection").asBoolean(),
                dependencies,
                file,
                JSON.readTree(Files.readString(directory.resolve(file))));
    }

    String home() {
        return regions.getFirst();
    }

    Stream<Resource> resources() {
        return stacks.stream().flatMap(StackTemplate::resources);
    }

    Stream<Resource> resources(String type) {
        return resources().filter(resource -> resource.type().equals(type));
    }

    StackTemplate stack(String id) {
        return stacks.stream()
                .filter(stack -> stack.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no stack " + id + " in " + name));
    }

    /// The value behind `Fn::GetStackOutput`; a missing node when it is none, or names what does not exist.
    JsonNode output(JsonNode value) {
        return exporter(value) == null
                ? JSON.missingNode()
                : exporter(value)
                        .template()
                        .path("Outputs")
                        .path(value.at("/Fn::GetStackOutput/OutputName").asText())
                        .path("Value");
    }

    /// The stack that a `Fn::GetStackOutput` names; null when there is none.
    StackTemplate exporter(JsonNode value) {
        var output = value.path("Fn::GetStackOutput");
        return stacks.stream()
                .filter(stack -> stack.name().equals(output.path("StackName").asText()))
                .filter(stack -> !output.has("Region")
                        || stack.region().equals(Resource.text(output.path("Region"), stack.region())))
                .findFirst()
                .orElse(null);
    }

    /// The resource that a value of a stack refers to, in this stack or through an output of another; null: none.
    Resource referred(StackTemplate from, JsonNode value) {
        if (!value.has("Fn::GetStackOutput")) return from.referred(value);
        var exporter = exporter(value);
        return exporter == null ? null : exporter.referred(output(value));
    }

    /// The same with one stack changed.
    Synthesis with(StackTemplate changed) {
        var all = new ArrayList<StackTemplate>();
        for (var stack : stacks) all.add(stack.id().equals(changed.id()) ? changed : stack);
        return new Synthesis(name, directory, regions, manifest, List.copyOf(all));
    }
}
