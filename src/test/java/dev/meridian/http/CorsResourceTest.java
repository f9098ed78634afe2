package dev.meridian.http;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.anyOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import dev.meridian.ComponentTest;
import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.Test;

/// CORS in dev and test, where any origin may call. ProductionModeIT tests that production allows none.
@QuarkusTest
@ComponentTest
class CorsResourceTest {
    private static final String ORIGIN = "https://shop.example.com";

    @Test
    void aPreflightNamesMethodsAndHeaders() {
        given().header("Origin", ORIGIN)
                .header("Access-Control-Request-Method", "PUT")
                .header(
                        "Access-Control-Request-Headers",
                        "content-type,idempotency-key,x-amz-date,x-api-key,x-amz-security-token,authorization")
                .options("/ticket")
                .then()
                .statusCode(200)
                .header("Access-Control-Allow-Origin", equalTo(ORIGIN))
                .header(
                        "Access-Control-Allow-Methods",
                        allOf(
                                containsString("GET"),
                                containsString("PUT"),
                                containsString("PATCH"),
                                containsString("DELETE"),
                                containsString("POST")))
                .header(
                        "Access-Control-Allow-Headers",
                        allOf(
                                containsString("Content-Type"),
                                containsString("Authorization"),
                                containsString("Idempotency-Key"),
                                containsString("X-Amz-Date"),
                                containsString("X-Api-Key"),
                                containsString("X-Amz-Security-Token")))
                .header("Access-Control-Allow-Credentials", anyOf(nullValue(), equalTo("false")))
                .header("X-Region", "eu-west-1");
    }

    @Test
    void aPreflightWorksForPathsThatDoNotExist() {
        given().header("Origin", ORIGIN)
                .header("Access-Control-Request-Method", "GET")
                .options("/nowhere")
                .then()
                .statusCode(200);
    }

    @Test
    void anAnswerAllowsTheOriginAndShowsOurHeaders() {
        given().header("Origin", ORIGIN)
                .get("/topology")
                .then()
                .statusCode(200)
                .header("Access-Control-Allow-Origin", equalTo(ORIGIN))
                .header("Access-Control-Expose-Headers", containsString("X-Region"));
    }

    @Test
    void anErrorAllowsTheOriginToo() {
        given().header("Origin", ORIGIN)
                .get("/nowhere")
                .then()
                .statusCode(404)
                .header("Access-Control-Allow-Origin", equalTo(ORIGIN));
    }

    @Test
    void withoutAnOriginThereIsNothingToAllow() {
        given().get("/topology").then().statusCode(200).header("Access-Control-Allow-Origin", nullValue());
    }
}
