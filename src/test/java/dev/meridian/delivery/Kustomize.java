package dev.meridian.delivery;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Renders the part of kustomize that k8s/ uses, and rejects everything else: resources, a namespace,
/// ConfigMaps from env files, image names and digests. Names get no hash. `ManifestTest` compares it with
/// kustomize itself where that is installed.
final class Kustomize {
    static final YAMLMapper YAML = new YAMLMapper(new YAMLFactory());

    private static final Set<String> KNOWN =
            Set.of("apiVersion", "kind", "resources", "namespace", "configMapGenerator", "images");

    private Kustomize() {}

    /// The objects of a kustomization, in no particular order.
    static List<ObjectNode> render(Path directory) throws IOException {
        var file = YAML.readTree(directory.resolve("kustomization.yaml").toFile());
        file.fieldNames().forEachRemaining(key -> {
            if (!KNOWN.contains(key)) throw new IllegalArgumentException(key + " in " + directory);
        });
        var objects = new ArrayList<ObjectNode>();
        for (var resource : file.path("resources")) {
            var path = directory.resolve(resource.asText()).normalize();
            objects.addAll(Files.isDirectory(path) ? render(path) : documents(path));
        }
        for (var generator : file.path("configMapGenerator")) {
            configMap(generator, directory, objects);
        }
        for (var image : file.path("images")) {
            objects.forEach(object -> rename(object, image));
        }
        if (file.has("namespace")) {
            objects.forEach(object -> ((ObjectNode) object.get("metadata"))
                    .put("namespace", file.get("namespace").asText()));
        }
        return objects;
    }

    static String kind(JsonNode object) {
        return object.path("kind").asText();
    }

    static String name(JsonNode object) {
        return object.path("metadata").path("name").asText();
    }

    static ObjectNode find(List<ObjectNode> objects, String kind, String name) {
        return objects.stream()
                .filter(object -> kind(object).equals(kind) && name(object).equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no " + kind + " " + name));
    }

    static List<ObjectNode> documents(Path file) throws IOException {
        try (var documents = YAML.readerFor(ObjectNode.class).<ObjectNode>readValues(file.toFile())) {
            return documents.readAll();
        }
    }

    private static void configMap(JsonNode generator, Path directory, List<ObjectNode> objects) throws IOException {
        var name = generator.path("name").asText();
        ObjectNode map;
        if (generator.path("behavior").asText().equals("merge")) {
            map = find(objects, "ConfigMap", name);
        } else {
            map = new ObjectMapper().createObjectNode().put("apiVersion", "v1").put("kind", "ConfigMap");
            map.putObject("metadata").put("name", name);
            map.putObject("data");
            objects.add(map);
        }
        for (var env : generator.path("envs")) {
            for (var line : Files.readAllLines(directory.resolve(env.asText()))) {
                if (line.isBlank() || line.startsWith("#")) continue;
                var at = line.indexOf('=');
                ((ObjectNode) map.get("data")).put(line.substring(0, at), line.substring(at + 1));
            }
        }
    }

    private static void rename(JsonNode node, JsonNode image) {
        if (node instanceof ObjectNode object
                && object.path("image").asText().equals(image.path("name").asText())) {
            object.put(
                    "image",
                    image.path("newName").asText() + "@" + image.path("digest").asText());
        }
        node.forEach(child -> rename(child, image));
    }
}
