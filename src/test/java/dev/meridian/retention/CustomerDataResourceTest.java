package dev.meridian.retention;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.meridian.ComponentTest;
import dev.meridian.testing.Http;
import dev.meridian.testing.Race;
import dev.meridian.testing.TestProducts;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@QuarkusTest
@ComponentTest
@Tag("dynamodb")
class CustomerDataResourceTest {
    private static final String TICKET = """
            {"description":"The parrot knows my address.","assigned":"","priority":"low","status":"%s",
             "createdBy":"%s"%s}""";

    private final String customer = Http.anId("nadia").substring(0, 20);
    private final String email = customer + "@example.com";
    private final String product = TestProducts.create(1000, 50);

    private String path() {
        return "/admin/customers/" + customer + "/data";
    }

    private ValidatableResponse post(String path, String body, String... headers) {
        var request = given().contentType(ContentType.JSON).body(body);
        for (int i = 0; i < headers.length; i += 2) request.header(headers[i], headers[i + 1]);
        return request.post(path).then();
    }

    private String address() {
        return """
                {"firstName":"Nadia","lastName":"Okafor","email":"%s","address1":"1 Quay","city":"C","zipCode":"06001",
                 "state":"CT"}""".formatted(email);
    }

    private String order(String key) {
        return post(
                        "/orders",
                        "{\"items\":[{\"productId\":\"" + product + "\",\"quantity\":3}],\"shippingAddress\":"
                                + address() + "}",
                        "X-Customer-Id",
                        customer,
                        "Idempotency-Key",
                        key)
                .statusCode(200)
                .extract()
                .path("id");
    }

    private String ticket(String createdBy, String... headers) {
        return post("/ticket", TICKET.formatted("open", createdBy, ""), headers)
                .statusCode(200)
                .extract()
                .path("id");
    }

    private void profile() {
        given().contentType(ContentType.JSON)
                .body("{\"name\":\"Nadia\",\"email\":\"" + email + "\"}")
                .put("/customers/" + customer)
                .then()
                .statusCode(201);
    }

    private void everything() {
        profile();
        post("/carts/" + customer + "/items", "{\"itemId\":\"" + product + "\",\"quantity\":2}")
                .statusCode(201);
        post(
                        "/checkout/" + customer + "/update",
                        "{\"items\":[{\"id\":\"" + product + "\",\"quantity\":1}],\"shippingAddress\":"
                                + address().replace("zipCode", "zip") + "}")
                .statusCode(201);
        post("/leaderboard", "{\"player\":\"" + customer + "\",\"country\":\"NR\",\"score\":5}")
                .statusCode(201);
    }

    @Test
    void everythingIsExportedAndErased() throws Exception {
        everything();
        var order = order(Http.anId("key"));
        var own = ticket("Somebody", "X-Customer-Id", customer);
        var byName = ticket(email);
        post("/ticket", TICKET.formatted("closed", "x", ",\"id\":\"" + byName + "\""))
                .statusCode(200);
        var foreign = ticket("Somebody");

        given().get(path())
                .then()
                .statusCode(200)
                .header("Cache-Control", "no-store")
                .header("Link", nullValue())
                .body("customerId", equalTo(customer))
                .body("region", equalTo("eu-west-1"))
                .body("parts.profile[0].email", equalTo(email))
                .body("parts.cart[0].quantity", equalTo(2))
                .body("parts.checkout[0].address.email", equalTo(email))
                .body("parts.orders[0].id", equalTo(order))
                .body("parts.orders[0].shippingAddress.lastName", equalTo("Okafor"))
                .body("parts.scores[0].score", equalTo(5))
                .body("parts.tickets", hasSize(2))
                .body("parts.tickets.find { it.id == '" + byName + "' }.changes", hasSize(2));

        // Another Region may not have the order yet.
        given().delete(path()).then().statusCode(202).body("left", equalTo(1)).body("erased", greaterThan(5));
        given().get("/orders/" + order).then().body("customerId", equalTo(customer));
        OldItems.settled(order);
        given().delete(path()).then().statusCode(204);

        given().get(path()).then().statusCode(200).body("parts", equalTo(java.util.Map.of()));
        given().get("/customers/" + customer).then().statusCode(404);
        given().get("/checkout/" + customer).then().statusCode(404);
        given().get("/carts/" + customer + "/items").then().body("$", hasSize(0));
        for (var id : List.of(own, byName)) {
            given().get("/ticket/" + id).then().statusCode(404);
            given().get("/ticket/" + id + "/changes").then().statusCode(404);
        }
        given().get("/ticket/" + foreign).then().statusCode(200);
        given().get("/leaderboard/players/" + customer).then().statusCode(404);
        given().get("/orders?customerId=" + customer).then().body("$", hasSize(0));
        // The order itself stays, with its sums, and so does the stock.
        var left = given().get("/orders/" + order)
                .then()
                .statusCode(200)
                .body("customerId", startsWith("erased-"))
                .body("shippingAddress", nullValue())
                .body("subtotal", equalTo(30))
                .body("status", equalTo("CONFIRMED"))
                .extract()
                .asString();
        assertFalse(left.contains("Okafor") || left.contains(email), left);
        given().get("/catalog/products/" + product).then().body("stock", equalTo(47));
        assertFalse(OldItems.journal(order).toString().contains(customer), "journal");
        assertEquals(0L, OldItems.value("SELECT count(*) FROM orders o WHERE o::text LIKE ?", "%" + customer + "%"));
        // An erased order can still be cancelled, and gives its stock back.
        given().post("/orders/" + order + "/cancel").then().statusCode(200);
        given().get("/catalog/products/" + product).then().body("stock", equalTo(50));
        given().delete(path()).then().statusCode(204);
    }

    @Test
    void anOpenOrderIsLeftUntilItIsSettled() throws Exception {
        var order = order(Http.anId("key"));
        OldItems.settled(order);
        OldItems.open(order);
        given().delete(path()).then().statusCode(202).body("left", greaterThan(0));
        given().get(path()).then().body("parts.orders[0].shippingAddress.lastName", equalTo("Okafor"));
    }

    /// A repeated order finds what it made, without the customer.
    @Test
    void aKeyOfAnErasedOrderMakesNoSecondOne() throws Exception {
        var key = Http.anId("key");
        var order = order(key);
        OldItems.settled(order);
        given().delete(path()).then().statusCode(204);
        assertEquals(order, order(key));
        given().get("/catalog/products/" + product).then().body("stock", equalTo(47));
    }

    @Test
    void manyOrdersAreErasedPageByPage() throws Exception {
        var orders = new ArrayList<String>();
        for (int i = 0; i < 3; i++) orders.add(order(Http.anId("key")));
        for (var order : orders) OldItems.settled(order);
        OldItems.copyOrders(customer, 250);
        // One more for the page before the last.
        given().delete(path()).then().statusCode(204);
        assertEquals(0L, OldItems.value("SELECT count(*) FROM orders WHERE customer_id = ?", customer));
        for (var order : orders) given().get("/orders/" + order).then().body("shippingAddress", nullValue());
    }

    /// Erasing while the customer goes on, and twice at once: whatever is left, the next request finds it.
    @Test
    void erasuresAndChangesAtOnceEndClean() throws Exception {
        everything();
        for (int i = 0; i < 4; i++) OldItems.settled(order(Http.anId("key")));
        var statuses = Race.run(6, 24, i -> () -> switch (i % 4) {
            case 0 -> {
                post("/carts/" + customer + "/items", "{\"itemId\":\"" + product + "\",\"quantity\":1}");
                yield 0;
            }
            case 1 -> {
                ticket(customer);
                yield 0;
            }
            default -> given().delete(path()).statusCode();
        });
        assertTrue(
                statuses.stream().allMatch(status -> status == 0 || status == 202 || status == 204),
                statuses::toString);
        given().delete(path()).then().statusCode(204);
        given().get(path()).then().statusCode(200).body("parts", equalTo(java.util.Map.of()));
    }

    @Test
    void aLongExportHasPages() throws Exception {
        OldItems.copyOrders(customer, 1250);
        var seen = new ArrayList<String>();
        var next = path();
        for (int pages = 0; next != null && pages < 5; pages++) {
            var answer = given().urlEncodingEnabled(false)
                    .get(next)
                    .then()
                    .statusCode(200)
                    .extract();
            List<String> ids = answer.path("parts.orders.id");
            seen.addAll(ids);
            var link = answer.header("Link");
            next = link == null ? null : link.substring(1, link.indexOf('>'));
        }
        assertEquals(1250, seen.size());
        assertEquals(1250, seen.stream().distinct().count());
        for (var wrong : List.of("x", "MB85OR9vcg")) {
            given().get(path() + "?cursor=" + wrong).then().statusCode(400);
        }
        given().get("/admin/customers/a%20b/data").then().statusCode(not(200));
    }
}
