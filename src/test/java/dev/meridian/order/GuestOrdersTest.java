package dev.meridian.order;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.meridian.ComponentTest;
import dev.meridian.testing.Http;
import dev.meridian.testing.Race;
import dev.meridian.testing.TestProducts;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Guests who order more than they may: 5 units of a product in an order, 8 in an hour.
@QuarkusTest
@ComponentTest
@Tag("dynamodb")
@WithTestResource(GuestOrdersTest.Bounds.class)
class GuestOrdersTest {
    private final String email = Http.anId("guest") + "@example.com";

    /// Mode `test` has no bounds.
    public static class Bounds implements QuarkusTestResourceLifecycleManager {
        @Override
        public Map<String, String> start() {
            return Map.of("meridian.order.guest-units-per-order", "5", "meridian.order.guest-units-per-hour", "8");
        }

        @Override
        public void stop() {
            // Nothing was started.
        }
    }

    private ValidatableResponse post(String key, String... productsAndQuantities) {
        return given().contentType(ContentType.JSON)
                .header("Idempotency-Key", key)
                .body(OrderResourceTest.order(email, productsAndQuantities))
                .post("/orders")
                .then();
    }

    private static void isRefused(ValidatableResponse answer) {
        answer.statusCode(409).body("type", equalTo("urn:meridian:problem:too-many-units"));
    }

    @Test
    void anOrderOfTooManyUnitsIsRefusedWithASentence() throws Exception {
        var product = TestProducts.create(100, 50);
        isRefused(post("k1", product, "6")
                .body("detail", equalTo("A guest may have 5 units of " + product + " in one order."))
                .header("Retry-After", nullValue()));
        isRefused(post("k2", product, "3", product, "3"));
        assertEquals(50, OrderStores.stock(product));
        post("k3", product, "5").statusCode(200);
        assertEquals(45, OrderStores.stock(product));
    }

    @Test
    void anHoursUnitsAreBoundedAndRetriesDoNotCount() throws Exception {
        var product = TestProducts.create(100, 50);
        var first = post("k1", product, "5").statusCode(200).extract().<String>path("id");
        for (int i = 0; i < 3; i++) post("k1", product, "5").statusCode(200).body("id", equalTo(first));
        post("k2", product, "3").statusCode(200);
        isRefused(post("k3", product, "1")
                .body("detail", containsString("8 units of " + product + " in an hour: 0 now, 1 in"))
                .header("Retry-After", not(nullValue())));
        post("k1", product, "5").statusCode(200).body("id", equalTo(first));
        assertEquals(42, OrderStores.stock(product));
        post("k4", TestProducts.create(100, 50), "5").statusCode(200);
    }

    @Test
    void aRejectedOrderDoesNotCount() {
        var product = TestProducts.create(100, 4);
        for (int i = 0; i < 5; i++) {
            post("k" + i, product, "5").statusCode(409).body("type", equalTo("urn:meridian:problem:out-of-stock"));
        }
        post("last", product, "4").statusCode(200);
    }

    @Test
    void aCustomerIsNoGuest() {
        var product = TestProducts.create(100, 50);
        given().contentType(ContentType.JSON)
                .header("X-Customer-Id", Http.anId("c"))
                .body(OrderResourceTest.order(email, product, "20"))
                .post("/orders")
                .then()
                .statusCode(200);
    }

    @Test
    void ordersAtOnceGetNoMoreThanTheHourAllows() throws Exception {
        var product = TestProducts.create(100, 50);
        var answers =
                Race.run(20, 20, _ -> () -> Http.send("POST", "/orders", OrderResourceTest.order(email, product, "1")));
        assertEquals(8, answers.stream().filter(a -> a.statusCode() == 200).count());
        assertEquals(12, answers.stream().filter(a -> a.statusCode() == 409).count());
        assertEquals(42, OrderStores.stock(product));
    }

    @Test
    void aVisitorMeetsTheBoundAtTheSubmitAndReadsIt() throws Exception {
        var product = TestProducts.create(100, 50);
        var cookie = Http.aVisitor();
        var visitor = cookie.split("[.]")[1];
        var address = OrderResourceTest.ADDRESS.formatted(email).replace("zipCode", "zip");
        given().contentType(ContentType.JSON)
                .header("Cookie", cookie)
                .body("{\"items\":[{\"id\":\"" + product + "\",\"quantity\":6}],\"shippingAddress\":" + address
                        + ",\"deliveryOptionToken\":\"priority-mail\"}")
                .post("/checkout/" + visitor + "/update")
                .then()
                .statusCode(201);
        isRefused(given().header("Cookie", cookie)
                .post("/checkout/" + visitor + "/submit")
                .then());
        given().accept("text/html,*/*;q=0.5")
                .header("Cookie", cookie)
                .post("/checkout/" + visitor + "/submit")
                .then()
                .statusCode(409)
                .contentType("text/html")
                .body(containsString("That is more than one guest may have"))
                .body(containsString("A guest may have 5 units of " + product + " in one order."));
        assertEquals(50, OrderStores.stock(product));
    }
}
