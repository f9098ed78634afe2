package dev.meridian.ticket;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.meridian.shared.ComponentTest;
import dev.meridian.shared.Http;
import dev.meridian.shared.Race;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import java.util.HashSet;
import org.junit.jupiter.api.Test;

@QuarkusTest
@ComponentTest
class TicketResourceTest {
    private static final String TICKET = """
            {"description":"The like button is stuck.","assigned":"support","priority":"high","status":"open",
             "createdBy":"visitor@example.com"%s}""";

    private static String ticket(String more) {
        return TICKET.formatted(more);
    }

    @Test
    void aNewTicketHasAnIdAVersionAndATime() {
        var id = given().contentType(ContentType.JSON)
                .body(ticket(",\"id\":0,\"unknown\":true"))
                .post("/ticket")
                .then()
                .statusCode(200)
                .header("X-Region", "eu-west-1")
                .body("id", matchesPattern("[0-9A-HJKMNP-TV-Z]{26}"))
                .body("version", equalTo(1))
                .body("createdOn", matchesPattern("\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d"))
                .body("priority", equalTo("high"))
                .extract()
                .<String>path("id");
        given().contentType(ContentType.JSON)
                .get("/ticket/" + id)
                .then()
                .statusCode(200)
                .body("description", equalTo("The like button is stuck."));
    }

    @Test
    void theListIsNewestFirstAndGoesOn() {
        given().contentType(ContentType.JSON)
                .body(ticket(",\"createdOn\":\"2999-01-01 00:00:01\",\"id\":\"\""))
                .post("/ticket")
                .then()
                .statusCode(200);
        var newest = given().contentType(ContentType.JSON)
                .body(ticket(",\"createdOn\":\"2999-01-01 00:00:02\""))
                .post("/ticket")
                .then()
                .extract()
                .<String>path("id");
        var link = given().get("/ticket?limit=1")
                .then()
                .statusCode(200)
                .body("Count", equalTo(1))
                .body("ScannedCount", equalTo(1))
                .body("Items[0].id", equalTo(newest))
                .header("Link", startsWith("</ticket?"))
                .extract()
                .header("Link");
        given().urlEncodingEnabled(false)
                .get(link.substring(1, link.indexOf('>')))
                .then()
                .statusCode(200)
                .body("Items[0].createdOn", equalTo("2999-01-01 00:00:01"));
    }

    @Test
    void theSameKeyMakesTheSameTicket() {
        var key = Http.anId("key");
        var first = given().contentType(ContentType.JSON)
                .header("Idempotency-Key", key)
                .body(ticket(""))
                .post("/ticket")
                .then()
                .statusCode(200)
                .extract()
                .asString();
        var second = given().contentType(ContentType.JSON)
                .header("Idempotency-Key", key)
                .body(ticket(""))
                .post("/ticket")
                .asString();
        assertEquals(first, second);
    }

    @Test
    void aStaleVersionIsRefused() {
        var id = given().contentType(ContentType.JSON)
                .body(ticket(""))
                .post("/ticket")
                .then()
                .extract()
                .<String>path("id");
        var change = ticket(",\"id\":\"" + id + "\",\"version\":1").replace("\"open\"", "\"closed\"");
        given().contentType(ContentType.JSON)
                .body(change)
                .post("/ticket")
                .then()
                .statusCode(200)
                .body("status", equalTo("closed"))
                .body("version", equalTo(2));
        given().contentType(ContentType.JSON)
                .body(change)
                .post("/ticket")
                .then()
                .statusCode(409)
                .contentType("application/problem+json")
                .body("type", equalTo("urn:meridian:problem:stale-ticket"))
                .body("code", equalTo(409))
                .body("traceId", matchesPattern("(?!0{32})[0-9a-f]{32}"))
                .body("message", notNullValue());
    }

    @Test
    void valuesOutOfBoundsAreNamed() {
        given().contentType(ContentType.JSON)
                .body(ticket("").replace("The like button is stuck.", "too short"))
                .post("/ticket")
                .then()
                .statusCode(400)
                .contentType("application/problem+json")
                .body("errors.field", hasItem("description"));
        given().contentType(ContentType.JSON)
                .body(ticket("").replace("\"high\"", "\"urgent\""))
                .post("/ticket")
                .then()
                .statusCode(400)
                .body("errors.field", hasItem("priority"));
        given().contentType(ContentType.JSON).body("{").post("/ticket").then().statusCode(400);
        given().contentType(ContentType.TEXT).body("x").post("/ticket").then().statusCode(415);
        given().contentType(ContentType.JSON)
                .body(ticket(",\"id\":\"no-such-ticket\""))
                .post("/ticket")
                .then()
                .statusCode(404);
        given().get("/ticket/no-such-ticket").then().statusCode(404).contentType("application/problem+json");
        given().get("/ticket?limit=0").then().statusCode(400);
        given().get("/ticket?limit=x").then().statusCode(400).contentType("application/problem+json");
        given().get("/ticket?cursor=abc").then().statusCode(400);
    }

    @Test
    void threeHundredConcurrentPostsAreThreeHundredTickets() throws Exception {
        var ids = Race.run(50, 300, _ -> () -> {
            var answer = Http.send("POST", "/ticket", ticket(""));
            assertEquals(200, answer.statusCode(), answer.body());
            return io.restassured.path.json.JsonPath.from(answer.body()).getString("id");
        });
        System.out.printf("tickets posted=%d distinct=%d%n", ids.size(), new HashSet<>(ids).size());
        assertEquals(300, new HashSet<>(ids).size());
        for (var id : ids) {
            assertEquals(200, Http.send("GET", "/ticket/" + id, null).statusCode());
        }
    }
}
