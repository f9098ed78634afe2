package dev.meridian.catalog;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.meridian.ComponentTest;
import dev.meridian.testing.Http;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.util.Map;
import org.junit.jupiter.api.Test;

@QuarkusTest
@ComponentTest
@TestProfile(CatalogAdminTest.WithToken.class)
class CatalogAdminTest {
    /// A deployment with an admin token.
    public static class WithToken implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("meridian.admin.token", "open-sesame-17");
        }
    }

    private static final String PRODUCT = """
            {"name":"Guarded","description":"","price":3,"tags":[],"stock":3}""";

    @Test
    void changesNeedTheTokenAndReadsDoNot() throws Exception {
        var path = "/catalog/products/" + Http.anId("guarded");
        for (var header : new String[] {"", "Bearer", "Bearer ", "Bearer wrong", "Basic open-sesame-17"}) {
            refused("PUT", path, PRODUCT, header);
            refused("PATCH", path + "/stock", "{\"add\":4}", header);
        }
        // Before the body is looked at: who may not write learns nothing from it.
        refused("PUT", path, "{", "");
        given().get(path).then().statusCode(404);

        assertEquals(
                201,
                Http.send("PUT", path, PRODUCT, "Authorization", "Bearer open-sesame-17")
                        .statusCode());
        var restocked = Http.send("PATCH", path + "/stock", "{\"add\":4}", "Authorization", "bearer open-sesame-17");
        assertEquals(200, restocked.statusCode());
        given().get(path).then().statusCode(200).body("stock", equalTo(7));
        given().get("/catalog/products").then().statusCode(200);
    }

    private static void refused(String method, String path, String body, String authorization) throws Exception {
        var headers = authorization.isEmpty() ? new String[0] : new String[] {"Authorization", authorization};
        var answer = Http.send(method, path, body, headers);
        assertEquals(401, answer.statusCode(), authorization);
        assertEquals("Bearer", answer.headers().firstValue("WWW-Authenticate").orElse(""));
        assertEquals(
                "application/problem+json",
                answer.headers().firstValue("Content-Type").orElse("").split(";")[0]);
    }
}
