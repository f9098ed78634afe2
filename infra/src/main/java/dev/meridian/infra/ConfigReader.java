package dev.meridian.infra;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/// Reads a configuration. Keys that nobody knows are refused, and so are missing ones.
final class ConfigReader {
    /// Keys that may be missing: their absence means something.
    private static final List<String> OPTIONAL =
            List.of("observer", "witness", "planChecks", "issuer", "client", "domain");

    private static final YAMLMapper MAPPER = YAMLMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private ConfigReader() {}

    static Config read(Path file) {
        try {
            return parse(Files.readString(file));
        } catch (IOException e) {
            throw new ConfigException(List.of("The configuration " + file + " cannot be read: " + e.getMessage()));
        }
    }

    static Config parse(String yaml) {
        var config = bind(yaml);
        var sentences = ConfigRules.check(config);
        if (!sentences.isEmpty()) throw new ConfigException(sentences);
        return config;
    }

    private static Config bind(String yaml) {
        try {
            var missing = missing(yaml);
            if (!missing.isEmpty()) throw new ConfigException(missing);
            return MAPPER.readValue(yaml, Config.class);
        } catch (UnrecognizedPropertyException e) {
            var known = e.getKnownPropertyIds().stream()
                    .map(String::valueOf)
                    .sorted()
                    .collect(Collectors.joining(", "));
            throw refused("The key " + path(e) + " is unknown; known here are " + known + ".");
        } catch (InvalidFormatException e) {
            throw refused("The key " + path(e) + " cannot be " + e.getValue() + choices(e) + ".");
        } catch (MismatchedInputException e) {
            throw refused("The key " + path(e) + " is missing or has the wrong form.");
        } catch (JsonProcessingException e) {
            throw refused("The configuration is no YAML: " + e.getOriginalMessage() + ".");
        }
    }

    /// A record takes null for what is missing, so this looks before.
    private static List<String> missing(String yaml) throws JsonProcessingException {
        var root = MAPPER.readTree(yaml);
        if (root == null || !root.isObject()) return List.of("The configuration has no keys.");
        var missing = new ArrayList<String>();
        look(root, Config.class, "", missing);
        return missing;
    }

    private static void look(JsonNode node, Class<?> type, String path, List<String> missing) {
        if (node == null || !node.isObject() || !type.isRecord()) return;
        for (var component : type.getRecordComponents()) {
            var key = path + component.getName();
            var value = node.get(component.getName());
            if (value == null || value.isNull()) {
                if (!OPTIONAL.contains(component.getName())) missing.add("The key " + key + " is missing.");
            } else if (component.getName().equals("regions")) {
                for (int i = 0; i < value.size(); i++) {
                    look(value.get(i), Config.Region.class, key + "[" + i + "].", missing);
                }
            } else {
                look(value, component.getType(), key + ".", missing);
            }
        }
    }

    private static String path(JsonMappingException e) {
        return e.getPath().stream()
                .map(step -> step.getFieldName() == null ? "[" + step.getIndex() + "]" : step.getFieldName())
                .filter(Objects::nonNull)
                .collect(Collectors.joining("."))
                .replace(".[", "[");
    }

    private static String choices(InvalidFormatException e) {
        if (e.getTargetType() == null || !e.getTargetType().isEnum()) return "";
        return "; it is one of " + String.join(", ", names(e.getTargetType()));
    }

    private static List<String> names(Class<?> type) {
        var names = new ArrayList<String>();
        for (var field : type.getFields()) {
            if (!field.isEnumConstant()) continue;
            var given = field.getAnnotation(JsonProperty.class);
            names.add(given == null ? field.getName() : given.value());
        }
        return names;
    }

    private static ConfigException refused(String sentence) {
        return new ConfigException(List.of(sentence));
    }
}
