package dev.meridian.infra;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/// The templates of one synthesis, read back.
///
/// @param stacks by id
record Templates(Map<String, JsonNode> stacks) {
    static Templates read(Path directory) {
        try {
            var json = new ObjectMapper();
            var stacks = new TreeMap<String, JsonNode>();
            var manifest = json.readTree(directory.resolve("manifest.json").toFile());
            for (var artifact : manifest.get("artifacts").properties()) {
                if (!artifact.getValue().path("type").asText().equals("aws:cloudformation:stack")) continue;
                var file = artifact.getValue().at("/properties/templateFile").asText();
                stacks.put(
                        artifact.getKey(), json.readTree(directory.resolve(file).toFile()));
            }
            return new Templates(stacks);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int resources() {
        return stacks.values().stream()
                .mapToInt(template -> template.path("Resources").size())
                .sum();
    }

    /// How many resources of a type all stacks have.
    int count(String type) {
        int count = 0;
        for (var template : stacks.values()) {
            for (var resource : template.path("Resources")) {
                if (resource.path("Type").asText().equals(type)) count++;
            }
        }
        return count;
    }
}
