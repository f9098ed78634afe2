package dev.meridian.checkout;

import static dev.meridian.checkout.Checkouts.ADDRESS;
import static dev.meridian.checkout.Checkouts.address;
import static dev.meridian.checkout.Checkouts.body;
import static dev.meridian.checkout.Checkouts.delivery;
import static dev.meridian.checkout.Checkouts.item;
import static dev.meridian.checkout.Checkouts.ordersOf;
import static dev.meridian.checkout.Checkouts.problem;
import static dev.meridian.checkout.Checkouts.submit;
import static dev.meridian.checkout.Checkouts.update;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.aMapWithSize;
import static org.hamcrest.Matchers.anyOf;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.matchesPattern;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.meridian.ComponentTest;
import dev.meridian.testing.Http;
import dev.meridian.testing.Race;
import dev.meridian.testing.TestProducts;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.path.json.JsonPath;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@QuarkusTest
@ComponentTest
@Tag("dynamodb")
class CheckoutSubmitTest {
    private final String customer = Http.anId("c");

    private static String complete(String productId, int quantity) {
        return body(item(productId, quantity), address(ADDRESS), delivery("priority-mail"));
    }

    @Test
    void aSubmitIsAnOrder() {
        var product = TestProducts.create(1_950);
        update(customer, complete(product, 3)).statusCode(201);
        var orderId = given().contentType(ContentType.JSON)
                .post("/checkout/" + customer + "/submit")
                .then()
                .statusCode(201)
                .contentType(ContentType.JSON)
                .body("$", aMapWithSize(7))
                .body("orderId", matchesPattern("[0-9A-HJKMNP-TV-Z]{26}"))
                .body("email", equalTo("visitor@example.com"))
                .body("items", hasSize(1))
                .body("items[0]", aMapWithSize(5))
                .body("items[0].id", equalTo(product))
                .body("items[0].name", equalTo("Product " + product))
                .body("items[0].quantity", equalTo(3))
                .body("items[0].price", equalTo(19.5f))
                .body("items[0].totalCost", equalTo(58.5f))
                .body("subtotal", equalTo(58.5f))
                .body("shipping", equalTo(10))
                .body("tax", equalTo(5))
                .body("total", equalTo(73.5f))
                .extract()
                .<String>path("orderId");
        given().accept(ContentType.JSON)
                .get("/orders/" + orderId)
                .then()
                .statusCode(200)
                .body("customerId", equalTo(customer))
                .body("shippingAddress.zipCode", equalTo("98109"))
                .body("shippingAddress.email", equalTo("visitor@example.com"))
                .body("items[0].quantity", equalTo(3))
                .body("subtotal", equalTo(58.5f));
    }

    @Test
    void aSecondSubmitAnswersTheSameOrder() {
        var product = TestProducts.create(1_950, 10);
        update(customer, complete(product, 3)).statusCode(201);
        var first = submit(customer).statusCode(201).extract().asString();
        assertEquals(first, submit(customer).statusCode(201).extract().asString());
        TestProducts.price(product, 9_900);
        assertEquals(first, submit(customer).statusCode(201).extract().asString());
        given().get("/checkout/" + customer).then().statusCode(200);
        assertEquals(1, ordersOf(customer));
    }

    @Test
    void anUpdateAfterASubmitIsANewCheckout() {
        var product = TestProducts.create(1_950);
        update(customer, complete(product, 3)).statusCode(201);
        var first = submit(customer).statusCode(201).extract().<String>path("orderId");
        update(customer, complete(product, 3)).statusCode(201);
        var second = submit(customer).statusCode(201).extract().<String>path("orderId");
        assertNotEquals(first, second);
        assertEquals(2, ordersOf(customer));
    }

    @Test
    void aProductThatRanOutIs409UntilTheCheckoutChanges() {
        var product = TestProducts.create(1_950, 2);
        update(customer, complete(product, 3)).statusCode(201);
        problem(submit(customer), 409, "out-of-stock");
        problem(submit(customer), 409, "out-of-stock");
        update(customer, complete(product, 2)).statusCode(201);
        submit(customer).statusCode(201).body("items[0].quantity", equalTo(2));
    }

    @Test
    void concurrentSubmitsAreOneOrder() throws Exception {
        var product = TestProducts.create(1_950, 50);
        update(customer, complete(product, 3)).statusCode(201);
        var answers = Race.run(20, 20, _ -> () -> Http.send("POST", "/checkout/" + customer + "/submit", null));
        var statuses = answers.stream().map(a -> a.statusCode()).distinct().toList();
        var ids = Set.copyOf(answers.stream()
                .map(a -> JsonPath.from(a.body()).getString("orderId"))
                .toList());
        System.out.printf(
                "checkout submits=%d statuses=%s orders=%d stored=%d%n",
                answers.size(), statuses, ids.size(), ordersOf(customer));
        assertTrue(List.of(201, 202).containsAll(statuses), statuses.toString());
        assertEquals(1, ids.size());
        assertEquals(1, ordersOf(customer));
    }

    @Test
    void submitsThatMeetUpdatesOrderEachCheckoutAtMostOnceAndWhole() throws Exception {
        var product = TestProducts.create(100);
        var made = ConcurrentHashMap.<String>newKeySet();
        var ordered = new ConcurrentHashMap<String, Integer>();
        // Each checkout has a quantity of its own, by which its order is known.
        update(customer, complete(product, 999)).statusCode(201);
        Race.run(12, 120, i -> () -> {
            if (i % 3 == 0) {
                var answer = Http.send("POST", "/checkout/" + customer + "/update", complete(product, 1 + i));
                assertEquals(201, answer.statusCode(), answer.body());
                made.add(JsonPath.from(answer.body()).getString("paymentId"));
            } else {
                var answer = Http.send("POST", "/checkout/" + customer + "/submit", null);
                assertTrue(List.of(201, 202).contains(answer.statusCode()), answer.body());
                var order = JsonPath.from(answer.body());
                var before = ordered.put(order.getString("orderId"), order.getInt("items[0].quantity"));
                assertTrue(before == null || before == order.getInt("items[0].quantity"), "one order, two contents");
            }
            return null;
        });
        int stored = ordersOf(customer);
        System.out.printf(
                "checkout updates=%d submits=80 orders=%d stored=%d%n", made.size() + 1, ordered.size(), stored);
        assertEquals(ordered.size(), Set.copyOf(ordered.values()).size(), "each checkout at most once");
        assertEquals(Math.min(ordered.size(), 20), Math.min(stored, 20));
    }

    @Test
    void aCheckoutStartsWithTheStoredAddress() {
        var product = TestProducts.create(1_950);
        var stored = ADDRESS.replace("1 Harbour Lane", "2 Stored Street").replace("visitor@", "address@");
        customer("{\"name\":\"Ada\",\"email\":\"profile@example.com\",\"addresses\":[" + stored + "," + ADDRESS + "]}");
        update(customer, body(item(product, 1), delivery("priority-mail")))
                .statusCode(201)
                .body("shippingAddress.address1", equalTo("2 Stored Street"))
                .body("shippingAddress.email", equalTo("address@example.com"))
                .body("shippingRates.rates", hasSize(2))
                .body("shipping", equalTo(10))
                .body("tax", equalTo(5))
                .body("total", equalTo(34.5f));
        submit(customer).statusCode(201).body("email", equalTo("address@example.com"));
        update(customer, body(item(product, 1), address(ADDRESS)))
                .body("shippingAddress.address1", equalTo("1 Harbour Lane"))
                .body("shippingAddress.email", equalTo("visitor@example.com"));
    }

    @Test
    void anAddressWithoutAnEmailGetsThatOfTheProfile() {
        var product = TestProducts.create(1_950);
        var without =
                ADDRESS.replace(",\"email\":\"visitor@example.com\"", "").replaceAll(",\\s*\"email\":\"[^\"]*\"", "");
        customer("{\"email\":\"profile@example.com\"}");
        update(customer, body(item(product, 1), address(without), delivery("priority-mail")))
                .statusCode(201)
                .body("shippingAddress.email", equalTo("profile@example.com"));
        submit(customer).statusCode(201).body("email", equalTo("profile@example.com"));
    }

    private void customer(String json) {
        given().contentType(ContentType.JSON)
                .body(json)
                .put("/customers/" + customer)
                .then()
                .statusCode(anyOf(equalTo(200), equalTo(201)));
    }
}
