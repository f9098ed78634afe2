package dev.meridian.order;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.meridian.ComponentTest;
import dev.meridian.testing.Http;
import dev.meridian.testing.Race;
import dev.meridian.testing.TestProducts;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@QuarkusTest
@ComponentTest
@Tag("dynamodb")
class GlobalTablesOrderResourceTest {
    private static String aCustomer() {
        var id = Http.anId("c");
        given().contentType(ContentType.JSON)
                .body("{}")
                .put("/customers/" + id)
                .then()
                .statusCode(201);
        return id;
    }

    private static String path(String customerId, String productId, String orderId) {
        return "/v1/orders?customerId=" + customerId + "&productId=" + productId + "&orderId=" + orderId;
    }

    private static void isProblem(ValidatableResponse response, int status, String code) {
        response.statusCode(status)
                .contentType("application/problem+json")
                .body("type", equalTo("urn:meridian:problem:" + code));
    }

    @Test
    void anOrderIsCreatedOnceAndReadUnderTheClientsId() throws Exception {
        var customer = aCustomer();
        var product = TestProducts.create(100, 1);
        var order = Http.anId("o");
        for (int i = 0; i < 2; i++) {
            given().post(path(customer, product, order))
                    .then()
                    .statusCode(200)
                    .contentType(ContentType.JSON)
                    .body("$", equalTo(Map.of("msg", "Order created")));
        }
        assertEquals(0, OrderStores.stock(product));
        for (var headers : List.of(Map.<String, String>of(), Map.of("Content-Type", "application/json"))) {
            given().headers(headers)
                    .get("/v1/orders?orderId=" + order + "&productId=" + product)
                    .then()
                    .statusCode(200)
                    .body(
                            "$",
                            equalTo(Map.of(
                                    "OrderId", order,
                                    "ProductId", product,
                                    "CustomerId", customer,
                                    "OrderStatus", "CONFIRMED")));
        }
        // It is an order like any other.
        given().get("/orders?customerId=" + customer)
                .then()
                .body("items[0].productId", equalTo(List.of(product)))
                .body("items[0].quantity", equalTo(List.of(1)));
    }

    @Test
    void aBodyIsIgnored() throws Exception {
        var customer = aCustomer();
        var product = TestProducts.create(100, 5);
        given().contentType(ContentType.JSON)
                .body("{not json")
                .post(path(customer, product, "o-1"))
                .then()
                .statusCode(200);
        given().contentType(ContentType.TEXT)
                .body("x")
                .post(path(customer, product, "o-2"))
                .then()
                .statusCode(200);
        given().contentType(ContentType.JSON)
                .post(path(customer, product, "o-3"))
                .then()
                .statusCode(200);
        assertEquals(2, OrderStores.stock(product));
    }

    @Test
    void aSoldProductIsAConflict() throws Exception {
        var customer = aCustomer();
        var product = TestProducts.create(100, 1);
        given().post(path(customer, product, "o-1")).then().statusCode(200);
        isProblem(given().post(path(customer, product, "o-2")).then(), 409, "out-of-stock");
        isProblem(given().post(path(customer, product, "o-2")).then(), 409, "out-of-stock");
        given().get("/v1/orders?orderId=o-2&productId=" + product)
                .then()
                .statusCode(200)
                .body("OrderStatus", equalTo("REJECTED"));
    }

    @Test
    void theSameOrderOfAnotherCustomerIsRefused() throws Exception {
        var product = TestProducts.create(100, 5);
        var order = Http.anId("o");
        var first = aCustomer();
        given().post(path(first, product, order)).then().statusCode(200);
        // Whose it is, and what became of it, stays untold.
        for (int i = 0; i < 2; i++) {
            var refusal = given().post(path(aCustomer(), product, order)).then();
            isProblem(refusal, 409, "order-id-taken");
            refusal.body(not(containsString(first)), not(containsString("CONFIRMED")));
        }
        given().post(path(first, product, order)).then().statusCode(200);
        // Another product under the same order id is another order, as it was in the original's table.
        given().post(path(aCustomer(), TestProducts.create(100, 5), order))
                .then()
                .statusCode(200);
        assertEquals(4, OrderStores.stock(product));
    }

    @Test
    void unknownIdsAndMissingParametersAreRefused() throws Exception {
        var customer = aCustomer();
        var product = TestProducts.create(100, 5);
        isProblem(given().post(path(Http.anId("c"), product, "o-1")).then(), 404, "unknown-customer");
        isProblem(given().post(path(customer, Http.anId("p"), "o-1")).then(), 404, "unknown-product");
        var all = path(customer, product, "o-1");
        for (var parameter : List.of("customerId", "productId", "orderId")) {
            isProblem(given().post(all.replace(parameter, "x")).then(), 400, "invalid-request");
            isProblem(
                    given().post(all.replaceAll(parameter + "=[^&]*", parameter + "="))
                            .then(),
                    400,
                    "invalid-request");
        }
        isProblem(given().post(path(customer, product, "a%20b")).then(), 400, "invalid-request");
        isProblem(given().post(path(customer, product, "o".repeat(129))).then(), 400, "invalid-request");
        isProblem(given().get("/v1/orders?orderId=o-1&productId=" + product).then(), 404, "unknown-order");
        isProblem(given().get("/v1/orders?orderId=o-1").then(), 400, "invalid-request");
        isProblem(given().get("/v1/orders?productId=o-1").then(), 400, "invalid-request");
        isProblem(given().delete("/v1/orders?orderId=o-1").then(), 405, "method-not-allowed");
        assertEquals(5, OrderStores.stock(product));
    }

    @Test
    void fiftyClientsSellASingleUnitOnce() throws Exception {
        var customer = aCustomer();
        var product = TestProducts.create(100, 1);
        var answers = Race.run(
                50,
                50,
                i -> () -> Http.send("POST", path(customer, product, "o-" + i), null)
                        .statusCode());
        var statuses = answers.stream().collect(Collectors.toMap(s -> s, _ -> 1, Integer::sum, TreeMap::new));
        System.out.printf("single unit: statuses=%s%n", statuses);
        assertEquals(new TreeMap<>(Map.of(200, 1, 409, 49)), statuses);
    }

    @Test
    void fillMakesCustomersProductsAndOrders() throws Exception {
        var made = given().post("/v1/fill?cust=2&order=3&product=5")
                .then()
                .statusCode(200)
                .body("customers", hasSize(2))
                .body("products", hasSize(5))
                .body("orders", hasSize(3))
                .extract()
                .jsonPath();
        for (int i = 0; i < 3; i++) {
            given().get("/v1/orders?orderId=" + made.getString("orders[" + i + "]") + "&productId="
                            + made.getString("products[" + i + "]"))
                    .then()
                    .statusCode(200)
                    .body("OrderStatus", equalTo("CONFIRMED"))
                    .body("CustomerId", equalTo(made.getString("customers[" + i % 2 + "]")));
        }
        assertEquals(0, OrderStores.stock(made.getString("products[0]")));
        assertEquals(1, OrderStores.stock(made.getString("products[4]")));
        given().post(path(made.getString("customers[0]"), made.getString("products[4]"), "o-1"))
                .then()
                .statusCode(200);
        given().get("/customers/" + made.getString("customers[1]")).then().statusCode(200);
        given().post("/v1/fill?cust=0&order=0&product=0")
                .then()
                .statusCode(200)
                .body("customers", empty())
                .body("products", empty())
                .body("orders", empty());
        // More orders than products, and no customer: they are made all the same.
        given().post("/v1/fill?cust=0&order=2&product=1")
                .then()
                .statusCode(200)
                .body("customers", empty())
                .body("products", hasSize(1))
                .body("orders", hasSize(2));
    }

    @Test
    void fillHasBounds() {
        for (var bad : List.of("-1", "1001", "x", "1.5", "", "99999999999")) {
            isProblem(
                    given().post("/v1/fill?cust=" + bad + "&order=0&product=0").then(), 400, "invalid-request");
            isProblem(
                    given().post("/v1/fill?cust=0&order=" + bad + "&product=0").then(), 400, "invalid-request");
            isProblem(given().post("/v1/fill?cust=0&order=0&product=" + bad).then(), 400, "invalid-request");
        }
        isProblem(given().post("/v1/fill?cust=0&order=0").then(), 400, "invalid-request");
        isProblem(given().get("/v1/fill?cust=0&order=0&product=0").then(), 405, "method-not-allowed");
    }

    @Test
    void theLargestFillIsDoneInReasonableTime() {
        long start = System.nanoTime();
        var made = given().post("/v1/fill?cust=1000&order=1000&product=1000")
                .then()
                .statusCode(200)
                .extract()
                .jsonPath();
        long millis = (System.nanoTime() - start) / 1_000_000;
        System.out.printf("largest fill: ms=%d%n", millis);
        for (var what : List.of("customers", "products", "orders")) {
            assertEquals(1000, new HashSet<>(made.getList(what)).size());
        }
        assertTrue(millis < 60_000, "took " + millis + " ms");
    }
}
