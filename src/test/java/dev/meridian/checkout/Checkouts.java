package dev.meridian.checkout;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.notNullValue;

import dev.meridian.testing.StoresResource;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import java.time.Instant;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/// Requests and bodies for the checkout tests.
final class Checkouts {
    static final String ADDRESS = """
            {"firstName":"Ada","lastName":"Example","address1":"1 Harbour Lane","city":"Springfield","state":"WA",
             "zip":"98109","email":"visitor@example.com"}""";

    private Checkouts() {}

    /// A request body.
    ///
    /// @param more fields after the items, each with a comma before it
    static String body(String items, String... more) {
        return "{\"items\":[" + items + "]" + String.join("", more) + "}";
    }

    static String item(String productId, Object quantity) {
        return "{\"id\":\"%s\",\"name\":\"x\",\"quantity\":%s,\"price\":0.01}".formatted(productId, quantity);
    }

    static String address(String json) {
        return ",\"shippingAddress\":" + json;
    }

    static String delivery(String token) {
        return ",\"deliveryOptionToken\":\"" + token + "\"";
    }

    static ValidatableResponse update(String customer, String body) {
        return given().contentType(ContentType.JSON)
                .body(body)
                .post("/checkout/" + customer + "/update")
                .then();
    }

    static ValidatableResponse submit(String customer) {
        return given().post("/checkout/" + customer + "/submit").then();
    }

    static ValidatableResponse problem(ValidatableResponse answer, int status, String type) {
        return answer.statusCode(status)
                .contentType("application/problem+json")
                .body("type", equalTo("urn:meridian:problem:" + type))
                .body("status", equalTo(status))
                .body("message", notNullValue())
                .body("traceId", matchesPattern("(?!0{32})[0-9a-f]{32}"));
    }

    /// Moves the expiry of the customer's checkout.
    static void expire(String customer, Instant at) {
        try (var client = StoresResource.dynamo()) {
            client.updateItem(r -> r.tableName("meridian-checkouts")
                            .key(Map.of("customerId", AttributeValue.fromS(customer)))
                            .updateExpression("SET expiresAt = :at")
                            .conditionExpression("attribute_exists(expiresAt)")
                            .expressionAttributeValues(
                                    Map.of(":at", AttributeValue.fromN(Long.toString(at.getEpochSecond())))))
                    .join();
        }
    }
}
