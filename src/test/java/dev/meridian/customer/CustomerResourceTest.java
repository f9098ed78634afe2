package dev.meridian.customer;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.meridian.ComponentTest;
import dev.meridian.testing.Http;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@QuarkusTest
@ComponentTest
@Tag("dynamodb")
class CustomerResourceTest {
    private static final String ADDRESS = """
            {"firstName":"Tobias","lastName":"Lindqvist","address1":"4 Harbour Steps","address2":"Back door",
             "city":"Skerry","state":"WA","zip":"98101","email":"tobias@example.com","planet":"Earth"}""";
    private static final String CUSTOMER =
            "{\"name\":\"Tobias Lindqvist\",\"email\":\"tobias@example.com\",\"addresses\":[" + ADDRESS
                    + "],\"unknown\":1}";

    private static ValidatableResponse put(String id, String body) {
        return given().contentType(ContentType.JSON)
                .body(body)
                .put("/customers/" + id)
                .then();
    }

    private static void isProblem(ValidatableResponse response, int status, String code) {
        response.statusCode(status)
                .contentType("application/problem+json")
                .body("type", equalTo("urn:meridian:problem:" + code));
    }

    private static void isInvalid(String body, String field) {
        var response = put(Http.anId("c"), body);
        isProblem(response, 400, "invalid-request");
        response.body("errors.field", hasItem(field));
    }

    @Test
    void aCustomerIsCreatedReplacedAndRead() {
        var id = Http.anId("c");
        isProblem(given().get("/customers/" + id).then(), 404, "unknown-customer");
        var created = put(id, CUSTOMER)
                .statusCode(201)
                .header("X-Region", "eu-west-1")
                .body("id", equalTo(id))
                .body("name", equalTo("Tobias Lindqvist"))
                .body("email", equalTo("tobias@example.com"))
                .body("addresses", hasSize(1))
                .body("addresses[0].firstName", equalTo("Tobias"))
                .body("addresses[0].lastName", equalTo("Lindqvist"))
                .body("addresses[0].address1", equalTo("4 Harbour Steps"))
                .body("addresses[0].address2", equalTo("Back door"))
                .body("addresses[0].city", equalTo("Skerry"))
                .body("addresses[0].state", equalTo("WA"))
                .body("addresses[0].zip", equalTo("98101"))
                .body("addresses[0].email", equalTo("tobias@example.com"))
                .extract()
                .asString();
        assertEquals(created, put(id, CUSTOMER).statusCode(200).extract().asString());
        for (var type : List.of("", "application/json")) {
            var request = type.isEmpty() ? given() : given().contentType(type);
            assertEquals(
                    created,
                    request.get("/customers/" + id)
                            .then()
                            .statusCode(200)
                            .extract()
                            .asString());
        }
        put(id, "{\"email\":\"t@example.com\"}").statusCode(200);
        given().get("/customers/" + id)
                .then()
                .statusCode(200)
                .body("email", equalTo("t@example.com"))
                .body("$", not(hasKey("name")))
                .body("addresses", empty());
    }

    @Test
    void everythingIsOptionalAndSeveralAddressesKeepTheirOrder() {
        put(Http.anId("c"), "{}").statusCode(201).body("addresses", empty());
        put(Http.anId("c"), "{\"name\":null,\"email\":null,\"addresses\":null}").statusCode(201);
        var id = Http.anId("c");
        put(id, "{\"addresses\":[" + ADDRESS + "," + ADDRESS.replace("Skerry", "Holm") + "]}")
                .statusCode(201);
        given().get("/customers/" + id).then().body("addresses.city", contains("Skerry", "Holm"));
    }

    @Test
    void valuesOutOfBoundsAreNamed() {
        put(Http.anId("c"), CUSTOMER.replace("Tobias Lindqvist", "x".repeat(200)))
                .statusCode(201);
        isInvalid(CUSTOMER.replace("Tobias Lindqvist", "x".repeat(201)), "name");
        isInvalid(CUSTOMER.replace("Tobias Lindqvist", "a\\u0000b"), "name");
        isInvalid(CUSTOMER.replace("Tobias Lindqvist", "a\\ud800b"), "name");
        isInvalid("{\"email\":\"nobody\"}", "email");
        isInvalid("{\"email\":7.5,\"name\":{}}", "name");
        isInvalid(CUSTOMER.replace("\"city\"", "\"town\""), "addresses[0].city");
        isInvalid(CUSTOMER.replace("98101", "9".repeat(21)), "addresses[0].zip");
        isInvalid(CUSTOMER.replace("Skerry", "a\\u0001"), "addresses[0].city");
        var ten = Stream.generate(() -> ADDRESS).limit(10).collect(Collectors.joining(","));
        put(Http.anId("c"), "{\"addresses\":[" + ten + "]}").statusCode(201).body("addresses", hasSize(10));
        isInvalid("{\"addresses\":[" + ten + "," + ADDRESS + "]}", "addresses");
        isProblem(put(Http.anId("c"), "{\"addresses\":[null]}"), 400, "invalid-request");
    }

    @Test
    void anAddressIsAsItsCountryHasIt() {
        var id = Http.anId("c");
        put(id, CUSTOMER.replace("\"98101\"", "\"981011234\"").replace("WA", "washington"))
                .statusCode(201)
                .body("addresses[0].zip", equalTo("98101-1234"))
                .body("addresses[0].state", equalTo("WA"))
                .body("addresses[0].country", equalTo("US"));
        given().get("/customers/" + id).then().body("addresses[0].country", equalTo("US"));
        var irish = CUSTOMER.replace("\"98101\"", "null").replace("\"WA\"", "null,\"country\":\"IE\"");
        put(id, irish).statusCode(200).body("addresses[0].country", equalTo("IE"));
        isInvalid(irish.replace("IE", "US"), "addresses[0].zip");
        isInvalid(irish.replace("IE", "Ireland"), "addresses[0].country");
    }

    @Test
    void malformedRequestsAreRefused() {
        for (var body : List.of("", "null", "{", "[]", "7")) {
            isProblem(put(Http.anId("c"), body), 400, "invalid-request");
        }
        isProblem(put("a%20b", "{}"), 400, "invalid-request");
        isProblem(put("x".repeat(129), "{}"), 400, "invalid-request");
        isProblem(given().get("/customers/" + "x".repeat(129)).then(), 400, "invalid-request");
        isProblem(
                given().contentType(ContentType.TEXT)
                        .body("x")
                        .put("/customers/c")
                        .then(),
                415,
                "unsupported-media-type");
        isProblem(given().delete("/customers/c").then(), 405, "method-not-allowed");
        isProblem(given().accept("text/csv").get("/customers/c").then(), 406, "not-acceptable");
    }
}
