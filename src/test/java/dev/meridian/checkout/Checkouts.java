package dev.meridian.checkout;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.notNullValue;

import dev.meridian.testing.StoresResource;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import java.time.Instant;
import java.util.List;
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

    /// A submit that says what the customer has agreed to.
    static ValidatableResponse submit(String customer, String body) {
        return given().contentType(ContentType.JSON)
                .body(body)
                .post("/checkout/" + customer + "/submit")
                .then();
    }

    /// Changes the price of a product through the service, so that it knows it at once.
    static void reprice(String productId, String price) {
        given().contentType(ContentType.JSON)
                .body("{\"name\":\"Product %s\",\"description\":\"\",\"price\":%s,\"tags\":[],\"stock\":null}"
                        .formatted(productId, price))
                .put("/catalog/products/" + productId)
                .then()
                .statusCode(200);
    }

    /// The number of a customer's orders, 20 at most.
    static int ordersOf(String customer) {
        return given().accept(ContentType.JSON)
                .get("/orders?customerId=" + customer)
                .then()
                .statusCode(200)
                .extract()
                .<List<?>>path("$")
                .size();
    }

    /// Moves the expiry of the customer's checkout.
    static void expire(String customer, Instant at) {
        set(customer, "expiresAt", AttributeValue.fromN(Long.toString(at.getEpochSecond())));
    }

    /// Moves the end of the time for which the customer's checkout holds its prices.
    static void hold(String customer, Instant until) {
        set(customer, "heldUntil", AttributeValue.fromS(until.toString()));
    }

    private static void set(String customer, String attribute, AttributeValue value) {
        try (var client = StoresResource.dynamo()) {
            client.updateItem(r -> r.tableName("meridian-checkouts")
                            .key(Map.of("customerId", AttributeValue.fromS(customer)))
                            .updateExpression("SET " + attribute + " = :value")
                            .conditionExpression("attribute_exists(" + attribute + ")")
                            .expressionAttributeValues(Map.of(":value", value)))
                    .join();
        }
    }

    /// The stored checkout of a customer, to be put back later.
    static Map<String, AttributeValue> stored(String customer) {
        try (var client = StoresResource.dynamo()) {
            return client.getItem(r -> r.tableName("meridian-checkouts")
                            .key(Map.of("customerId", AttributeValue.fromS(customer)))
                            .consistentRead(true))
                    .join()
                    .item();
        }
    }

    /// Stores a checkout as the replication from another Region would.
    static void store(Map<String, AttributeValue> checkout) {
        try (var client = StoresResource.dynamo()) {
            client.putItem(r -> r.tableName("meridian-checkouts").item(checkout))
                    .join();
        }
    }

    /// Removes the journal entry of an order, as if another Region had taken it just now.
    static void forgetEntry(String orderId) {
        try (var client = StoresResource.dynamo()) {
            client.deleteItem(r ->
                            r.tableName("meridian-order-journal").key(Map.of("orderId", AttributeValue.fromS(orderId))))
                    .join();
        }
    }
}
