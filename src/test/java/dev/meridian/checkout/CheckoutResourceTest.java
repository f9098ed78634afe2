package dev.meridian.checkout;

import static dev.meridian.checkout.Checkouts.ADDRESS;
import static dev.meridian.checkout.Checkouts.address;
import static dev.meridian.checkout.Checkouts.body;
import static dev.meridian.checkout.Checkouts.delivery;
import static dev.meridian.checkout.Checkouts.expire;
import static dev.meridian.checkout.Checkouts.item;
import static dev.meridian.checkout.Checkouts.problem;
import static dev.meridian.checkout.Checkouts.submit;
import static dev.meridian.checkout.Checkouts.update;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.aMapWithSize;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.meridian.ComponentTest;
import dev.meridian.testing.Http;
import dev.meridian.testing.TestProducts;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@QuarkusTest
@ComponentTest
@Tag("dynamodb")
class CheckoutResourceTest {
    private final String customer = Http.anId("c");

    @Test
    void aCheckoutWithoutAnAddressKnowsOnlyItsItems() {
        var product = TestProducts.create(1_950);
        update(customer, body(item(product, 3), ",\"unknown\":{\"a\":[1]}"))
                .statusCode(201)
                .contentType(ContentType.JSON)
                .header("X-Region", "eu-west-1")
                .body("$", aMapWithSize(8))
                .body("items", hasSize(1))
                .body("items[0]", aMapWithSize(5))
                .body("items[0].id", equalTo(product))
                .body("items[0].name", equalTo("Product " + product))
                .body("items[0].quantity", equalTo(3))
                .body("items[0].price", equalTo(19.5f))
                .body("items[0].totalCost", equalTo(58.5f))
                .body("shippingRates", nullValue())
                .body("paymentId", matchesPattern("[0-9A-HJKMNP-TV-Z]{26}"))
                .body("$", hasKey("paymentToken"))
                .body("paymentToken", nullValue())
                .body("subtotal", equalTo(58.5f))
                .body("shipping", equalTo(-1))
                .body("tax", equalTo(-1))
                .body("total", equalTo(58.5f))
                .body("$", not(hasKey("shippingAddress")))
                .body("$", not(hasKey("deliveryOptionToken")));
    }

    @Test
    void anAddressBringsRatesAndTax() {
        var product = TestProducts.create(22_500);
        update(customer, body(item(product, 2), address(ADDRESS)))
                .statusCode(201)
                .body("shippingAddress", aMapWithSize(8))
                .body("shippingAddress.country", equalTo("US"))
                .body("shippingAddress.firstName", equalTo("Ada"))
                .body("shippingAddress.lastName", equalTo("Example"))
                .body("shippingAddress.address1", equalTo("1 Harbour Lane"))
                .body("shippingAddress.city", equalTo("Springfield"))
                .body("shippingAddress.state", equalTo("WA"))
                .body("shippingAddress.zip", equalTo("98109"))
                .body("shippingAddress.email", equalTo("visitor@example.com"))
                .body("shippingRates.shipmentId", matchesPattern("[0-9A-HJKMNP-TV-Z]{26}"))
                .body("shippingRates.rates", hasSize(2))
                .body("shippingRates.rates[0]", aMapWithSize(4))
                .body("shippingRates.rates[0].name", equalTo("Priority Mail"))
                .body("shippingRates.rates[0].amount", equalTo(10))
                .body("shippingRates.rates[0].token", equalTo("priority-mail"))
                .body("shippingRates.rates[0].estimatedDays", equalTo(10))
                .body("shippingRates.rates[1].name", equalTo("Priority Mail Express"))
                .body("shippingRates.rates[1].amount", equalTo(25))
                .body("shippingRates.rates[1].token", equalTo("priority-mail-express"))
                .body("shippingRates.rates[1].estimatedDays", equalTo(5))
                .body("subtotal", equalTo(450))
                .body("shipping", equalTo(-1))
                .body("tax", equalTo(5))
                .body("total", equalTo(455));
    }

    @Test
    void aDeliveryOptionCompletesTheTotal() {
        var product = TestProducts.create(22_500);
        update(customer, body(item(product, 2), address(ADDRESS), delivery("priority-mail")))
                .statusCode(201)
                .body("deliveryOptionToken", equalTo("priority-mail"))
                .body("shipping", equalTo(10))
                .body("tax", equalTo(5))
                .body("total", equalTo(465));
        update(customer, body(item(product, 2), address(ADDRESS), delivery("priority-mail-express")))
                .statusCode(201)
                .body("shipping", equalTo(25))
                .body("total", equalTo(480));
    }

    @Test
    void aDeliveryOptionWithoutAnAddressCostsNothingYet() {
        var product = TestProducts.create(22_500);
        update(customer, body(item(product, 1), delivery("priority-mail")))
                .statusCode(201)
                .body("deliveryOptionToken", equalTo("priority-mail"))
                .body("shippingRates", nullValue())
                .body("shipping", equalTo(-1))
                .body("tax", equalTo(-1))
                .body("total", equalTo(225));
        update(customer, body(item(product, 1), delivery("")))
                .statusCode(201)
                .body("$", not(hasKey("deliveryOptionToken")));
    }

    @Test
    void aCheckoutIsReadAsItWasMade() {
        var product = TestProducts.create(1_950);
        var other = TestProducts.create(100);
        var second = ADDRESS.replace("\"city\"", "\"address2\":\"Back door\",\"city\"");
        var made = update(
                        customer,
                        body(item(product, 3) + "," + item(other, 1), address(second), delivery("priority-mail")))
                .statusCode(201)
                .body("shippingAddress.address2", equalTo("Back door"))
                .extract()
                .asString();
        assertEquals(made, given().get("/checkout/" + customer).asString());
        given().contentType(ContentType.JSON)
                .get("/checkout/" + customer)
                .then()
                .statusCode(200)
                .contentType(ContentType.JSON)
                .body("items.id", equalTo(List.of(product, other)))
                .body("total", equalTo(74.5f));
    }

    @Test
    void anUpdateReplacesTheWholeCheckout() {
        var product = TestProducts.create(1_950);
        var other = TestProducts.create(100);
        var first = update(customer, body(item(product, 3), address(ADDRESS), delivery("priority-mail")))
                .extract()
                .<String>path("paymentId");
        var second = update(customer, body(item(other, 2)))
                .statusCode(201)
                .body("items.id", equalTo(List.of(other)))
                .body("$", not(hasKey("shippingAddress")))
                .body("total", equalTo(2))
                .extract()
                .<String>path("paymentId");
        assertNotEquals(first, second);
    }

    @Test
    void aProductNamedTwiceIsOneLine() {
        var product = TestProducts.create(100);
        var other = TestProducts.create(100);
        update(customer, body(item(product, 2) + "," + item(other, 1) + "," + item(product, 3)))
                .statusCode(201)
                .body("items.id", equalTo(List.of(product, other)))
                .body("items.quantity", equalTo(List.of(5, 1)));
        problem(update(customer, body(item(product, 999) + "," + item(product, 2))), 400, "invalid-request")
                .body("errors.field", equalTo(List.of("items[1].quantity")));
    }

    @Test
    void withoutACheckoutThereIsNothingToReadOrSubmit() {
        problem(given().get("/checkout/" + customer).then(), 404, "no-checkout");
        problem(
                given().contentType(ContentType.JSON)
                        .get("/checkout/" + customer)
                        .then(),
                404,
                "no-checkout");
        problem(submit(customer), 404, "no-checkout");
    }

    @Test
    void anExpiredCheckoutIsNotThere() {
        var product = TestProducts.create(100);
        update(customer, body(item(product, 2), address(ADDRESS), delivery("priority-mail")))
                .statusCode(201);
        expire(customer, Instant.now().plusSeconds(60));
        given().get("/checkout/" + customer).then().statusCode(200);
        expire(customer, Instant.now().minusSeconds(1));
        problem(given().get("/checkout/" + customer).then(), 404, "no-checkout");
        problem(submit(customer), 404, "no-checkout");
        update(customer, body(item(product, 2))).statusCode(201);
        given().get("/checkout/" + customer).then().statusCode(200);
    }

    @Test
    void whatAnOrderNeedsMustBeThere() {
        var product = TestProducts.create(100);
        update(customer, body("")).statusCode(201).body("items", hasSize(0)).body("total", equalTo(0));
        problem(submit(customer), 409, "incomplete-checkout")
                .body(
                        "detail",
                        allOf(
                                containsString("items"),
                                containsString("shippingAddress"),
                                containsString("deliveryOptionToken")));
        update(customer, body(item(product, 1), address(ADDRESS)));
        problem(submit(customer), 409, "incomplete-checkout").body("detail", equalTo("Missing: deliveryOptionToken."));
        update(customer, body(item(product, 1), delivery("priority-mail")));
        problem(submit(customer), 409, "incomplete-checkout").body("detail", equalTo("Missing: shippingAddress."));
        update(customer, body("", address(ADDRESS), delivery("priority-mail")));
        problem(submit(customer), 409, "incomplete-checkout").body("detail", equalTo("Missing: items."));
        var withoutEmail =
                ADDRESS.replace(",\"email\":\"visitor@example.com\"", "").replace("visitor@example.com", "");
        update(
                        customer,
                        body(
                                item(product, 1),
                                address(withoutEmail.replace("\"email\":\"\"", "\"email\":null")),
                                delivery("priority-mail")))
                .statusCode(201)
                .body("shippingAddress", not(hasKey("email")));
        problem(submit(customer), 409, "incomplete-checkout")
                .body("detail", equalTo("Missing: shippingAddress.email."));
    }

    @Test
    void fieldsAtFaultAreNamed() {
        var product = TestProducts.create(100);
        problem(
                        update(
                                customer,
                                body(item(product, 1) + "," + item("no-such-product", 2) + "," + item("nor-this", 3))),
                        400,
                        "invalid-request")
                .body("errors.field", equalTo(List.of("items[1].id", "items[2].id")));
        problem(update(customer, body(item(product, 1), delivery("by-balloon"))), 400, "invalid-request")
                .body("errors.field", equalTo(List.of("deliveryOptionToken")));
        for (var wrong : List.of("0", "-1", "1001", "2147483648", "1e99", "1.5", "null", "\"three\"", "\"\"", "[]")) {
            problem(update(customer, body(item(product, wrong))), 400, "invalid-request")
                    .body("errors.field", hasItem("items[0].quantity"));
        }
        update(customer, body(item(product, 1000))).statusCode(201);
        for (var field : List.of("firstName", "address1", "city", "state", "zip")) {
            for (var value : List.of(
                    "null",
                    "\"\"",
                    "\" \"",
                    "\"" + "x".repeat(201) + "\"",
                    "\"\\u0000\"",
                    "\"a\\nb\"",
                    "\"\\ud800\"",
                    "[]")) {
                var wrong = ADDRESS.replaceFirst(
                        "\"" + field + "\":\"[^\"]*\"", "\"" + field + "\":" + value.replace("\\", "\\\\"));
                problem(update(customer, body(item(product, 1), address(wrong))), 400, "invalid-request")
                        .body("errors.field", hasItem("shippingAddress." + field));
            }
        }
        for (var email : List.of("nobody", "a@b@c", "x".repeat(300) + "@example.com")) {
            problem(
                            update(
                                    customer,
                                    body(item(product, 1), address(ADDRESS.replace("visitor@example.com", email)))),
                            400,
                            "invalid-request")
                    .body("errors.field", hasItem("shippingAddress.email"));
        }
        problem(update(customer, body(item(product, 1), address("{}"))), 400, "invalid-request")
                .body(
                        "errors.field",
                        hasItems("shippingAddress.firstName", "shippingAddress.city", "shippingAddress.zip"));
    }

    @Test
    void aBodyThatIsNoCheckoutIs400() {
        for (var wrong : List.of(
                "{",
                "",
                "null",
                "[]",
                "7",
                "{}",
                "{\"items\":null}",
                "{\"items\":{}}",
                "{\"items\":[null]}",
                "{\"items\":[7]}",
                "{\"items\":[{}]}",
                "{\"items\":[],\"shippingAddress\":7}",
                "{\"items\":[],\"shippingAddress\":[]}",
                "{\"items\":[],\"deliveryOptionToken\":{}}",
                "{\"items\":[{\"id\":\"a b\",\"quantity\":1}]}",
                "{\"items\":[{\"id\":\"\\u0000\",\"quantity\":1}]}",
                "{\"items\":[{\"id\":\"x\"}]}",
                "{\"items\":[]}]")) {
            problem(update(customer, wrong), 400, "invalid-request");
        }
    }

    @Test
    void aCheckoutHasAtMostAHundredLines() {
        var lines = new ArrayList<String>();
        for (var product : TestProducts.createMany(100)) lines.add(item(product, 1));
        update(customer, body(String.join(",", lines)))
                .statusCode(201)
                .body("items", hasSize(100))
                .body("total", equalTo(100));
        lines.add(item("one-more", 1));
        problem(update(customer, body(String.join(",", lines))), 400, "invalid-request")
                .body("errors.field", equalTo(List.of("items")));
    }

    @Test
    void moreThanAnAmountCanBeIs400() {
        var lines = new ArrayList<String>();
        for (int i = 0; i < 11; i++) lines.add(item(TestProducts.create(100_000_000_000L), 1000));
        update(customer, body(lines.getFirst())).statusCode(201).body("total", equalTo(1_000_000_000_000L));
        problem(update(customer, body(String.join(",", lines))), 400, "invalid-request")
                .body("errors.field", equalTo(List.of("items")));
    }

    @Test
    void otherContentTypesMethodsAndPathsAreRefused() {
        problem(
                given().contentType(ContentType.TEXT)
                        .body("x")
                        .post("/checkout/" + customer + "/update")
                        .then(),
                415,
                "unsupported-media-type");
        problem(given().get("/checkout/" + customer + "/update").then(), 405, "method-not-allowed");
        problem(given().get("/checkout/" + customer + "/submit").then(), 405, "method-not-allowed");
        problem(given().delete("/checkout/" + customer).then(), 405, "method-not-allowed");
        problem(given().accept("text/csv").get("/checkout/" + customer).then(), 406, "not-acceptable");
        problem(given().get("/checkout/" + customer + "/nothing").then(), 404, "not-found");
        for (var id : List.of("a%20b", "%00", "x".repeat(129))) {
            problem(given().urlEncodingEnabled(false).get("/checkout/" + id).then(), 400, "invalid-request");
            problem(
                    given().urlEncodingEnabled(false)
                            .post("/checkout/" + id + "/submit")
                            .then(),
                    400,
                    "invalid-request");
        }
    }
}
