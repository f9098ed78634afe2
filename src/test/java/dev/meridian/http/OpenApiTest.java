package dev.meridian.http;

import static io.restassured.RestAssured.given;
import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.meridian.ComponentTest;
import dev.meridian.shared.Generated;
import dev.meridian.shared.Problem;
import dev.meridian.testing.fuzz.ApiOperation;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/// The OpenAPI document is complete and equal to docs/openapi.yaml and .json, which the artifact serves.
@QuarkusTest
@ComponentTest
class OpenApiTest {
    @Test
    void theCommittedDocumentIsTheServedOne() throws IOException {
        var text = given().get("/q/openapi").then().statusCode(200).extract().asString();
        Generated.check(Path.of("docs/openapi.yaml"), text.stripTrailing() + "\n");
        var json = given().get("/q/openapi?format=json").then().statusCode(200).extract();
        Generated.check(Path.of("docs/openapi.json"), json.asString().stripTrailing() + "\n");
    }

    @Test
    void everyOperationIsDescribed() throws IOException {
        var checks = new ArrayList<Executable>();
        var ids = new HashSet<String>();
        for (var endpoint : ApiOperation.all()) {
            var operation = endpoint.operation();
            checks.add(() -> assertFalse(operation.path("summary").asText().isEmpty(), endpoint + " has no summary"));
            checks.add(() -> assertFalse(operation.path("tags").isEmpty(), endpoint + " has no tag"));
            var id = operation.path("operationId").asText();
            checks.add(
                    () -> assertTrue(ids.add(id) && !id.isEmpty(), endpoint + " has no operationId of its own: " + id));
            operation
                    .path("responses")
                    .properties()
                    .forEach(response -> checks.add(() -> assertResponse(
                            endpoint + " " + response.getKey(), response.getKey(), response.getValue())));
            for (var status : new String[] {"500", "503"}) {
                checks.add(() -> assertTrue(operation.path("responses").has(status), endpoint + " has no " + status));
            }
        }
        assertAll(checks);
    }

    private static void assertResponse(String what, String status, JsonNode response) {
        assertFalse(response.path("description").asText().isEmpty(), what + " has no description");
        assertEquals(
                "#/components/headers/X-Region",
                response.path("headers").path("X-Region").path("$ref").asText(),
                what);
        boolean isProblem = response.path("content").has(Problem.MEDIA_TYPE);
        boolean isHealth = what.contains("/health") && status.equals("503");
        assertEquals(status.compareTo("400") >= 0 && !isHealth, isProblem, what);
    }

    @Test
    void problemsAreDescribed() throws IOException {
        var problem = new ObjectMapper()
                .readTree(given().get("/q/openapi?format=json").asString())
                .at("/components/schemas/Problem/properties");
        for (var field : new String[] {"type", "title", "status", "detail", "traceId", "errors", "code", "message"}) {
            assertTrue(problem.has(field), field);
        }
    }
}
