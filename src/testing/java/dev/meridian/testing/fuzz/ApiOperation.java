package dev.meridian.testing.fuzz;

import static io.restassured.RestAssured.given;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// An endpoint from the OpenAPI document of the service under test. New endpoints are included automatically.
///
/// @param method upper case
/// @param path with its placeholders
/// @param parameters of the operation and of its path, references resolved
/// @param operation the whole operation
/// @param document the whole document
public record ApiOperation(
        String method, String path, List<JsonNode> parameters, JsonNode operation, JsonNode document) {
    private static final List<String> METHODS = List.of("get", "put", "post", "delete", "patch");

    /// All operations of the service under test.
    public static List<ApiOperation> all() throws IOException {
        var text = given().get("/q/openapi?format=json")
                .then()
                .statusCode(200)
                .extract()
                .asString();
        var document = new ObjectMapper().readTree(text);
        var all = new ArrayList<ApiOperation>();
        document.path("paths").properties().forEach(path -> {
            for (var method : METHODS) {
                var operation = path.getValue().path(method);
                if (operation.isMissingNode()) continue;
                var parameters = new ArrayList<JsonNode>();
                for (var owner : List.of(path.getValue(), operation)) {
                    owner.path("parameters").forEach(p -> parameters.add(resolve(document, p)));
                }
                all.add(new ApiOperation(
                        method.toUpperCase(java.util.Locale.ROOT), path.getKey(), parameters, operation, document));
            }
        });
        return all;
    }

    /// The node that a `$ref` points to, else the node itself.
    public static JsonNode resolve(JsonNode document, JsonNode node) {
        var ref = node.path("$ref").asText("");
        return ref.startsWith("#/") ? document.at(ref.substring(1)) : node;
    }

    /// The path with each placeholder replaced.
    public String target(java.util.function.UnaryOperator<String> value) {
        var matcher = java.util.regex.Pattern.compile("\\{([^}:]+)[^}]*}").matcher(path);
        return matcher.replaceAll(m -> java.util.regex.Matcher.quoteReplacement(value.apply(m.group(1))));
    }

    /// The schema of the JSON body; missing when there is none.
    JsonNode bodySchema() {
        var content = resolve(document, operation.path("requestBody")).path("content");
        return content.path("application/json").path("schema");
    }

    @Override
    public String toString() {
        return method + " " + path;
    }
}
