package dev.meridian.web;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import dev.meridian.ComponentTest;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@QuarkusTest
@ComponentTest
@Tag("dynamodb")
class HomeResourceTest {
    private static final String BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

    @Test
    void aBrowserGetsThePage() {
        given().header("Accept", BROWSER)
                .get("/")
                .then()
                .statusCode(200)
                .contentType(ContentType.HTML)
                .body(containsString("Current region: eu-west-1"));
    }

    @Test
    void anythingElseGetsJson() {
        for (var accept : new String[] {"*/*", "application/json", "application/*"}) {
            given().header("Accept", accept)
                    .get("/")
                    .then()
                    .statusCode(200)
                    .contentType(ContentType.JSON)
                    .body("name", equalTo("Meridian"))
                    .body("region", equalTo("eu-west-1"))
                    .body("links.mysfits", equalTo("/mysfits"));
        }
    }

    @Test
    void whatNobodyCanMakeIsNotAcceptable() {
        given().header("Accept", "image/png").get("/").then().statusCode(406).contentType("application/problem+json");
    }
}
