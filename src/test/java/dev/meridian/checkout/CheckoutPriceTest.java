package dev.meridian.checkout;

import static dev.meridian.checkout.Checkouts.ADDRESS;
import static dev.meridian.checkout.Checkouts.address;
import static dev.meridian.checkout.Checkouts.body;
import static dev.meridian.checkout.Checkouts.delivery;
import static dev.meridian.checkout.Checkouts.forgetEntry;
import static dev.meridian.checkout.Checkouts.hold;
import static dev.meridian.checkout.Checkouts.item;
import static dev.meridian.checkout.Checkouts.ordersOf;
import static dev.meridian.checkout.Checkouts.problem;
import static dev.meridian.checkout.Checkouts.reprice;
import static dev.meridian.checkout.Checkouts.store;
import static dev.meridian.checkout.Checkouts.stored;
import static dev.meridian.checkout.Checkouts.submit;
import static dev.meridian.checkout.Checkouts.update;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;
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
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/// What was agreed is what is charged: 3 units at 19.50, delivery 10, tax 5, together 73.50.
@QuarkusTest
@ComponentTest
@Tag("dynamodb")
class CheckoutPriceTest {
    private final String customer = Http.anId("c");
    private final String product = TestProducts.create(1_950);

    /// @return the checkout's id
    private String complete() {
        return update(customer, body(item(product, 3), address(ADDRESS), delivery("priority-mail")))
                .statusCode(201)
                .body("total", equalTo(73.5f))
                .extract()
                .path("paymentId");
    }

    private void endHold() {
        hold(customer, Instant.now().minusSeconds(6));
    }

    private static String named(String checkoutId, String total) {
        return "{\"checkoutId\":\"%s\",\"total\":%s}".formatted(checkoutId, total);
    }

    @Test
    void theTotalThatWasShownIsChargedWhateverTheCatalogSays() {
        for (var price : List.of("1000", "0.5")) {
            complete();
            reprice(product, price);
            var orderId = submit(customer)
                    .statusCode(201)
                    .body("items[0].price", equalTo(19.5f))
                    .body("total", equalTo(73.5f))
                    .extract()
                    .<String>path("orderId");
            given().accept(ContentType.JSON)
                    .get("/orders/" + orderId)
                    .then()
                    .body("subtotal", equalTo(58.5f))
                    .body("items[0].unitCost", equalTo(19.5f));
            reprice(product, "19.5");
        }
    }

    /// As in another process, which has never read the price, and while PostgreSQL cannot be read. The checkout was
    /// made at the last known price, and the order says so.
    @Test
    void duringTheHoldTheCatalogIsNotAsked() {
        complete();
        var checkout = new TreeMap<>(stored(customer));
        var other = TestProducts.create(9_900);
        var line = new TreeMap<>(checkout.get("lines").l().getFirst().m());
        line.put("productId", AttributeValue.fromS(other));
        line.put("priceAsOf", AttributeValue.fromS("2026-11-21T07:01:33.123Z"));
        checkout.put("lines", AttributeValue.fromL(List.of(AttributeValue.fromM(line))));
        store(checkout);
        var orderId = submit(customer)
                .statusCode(201)
                .body("items[0].id", equalTo(other))
                .body("total", equalTo(73.5f))
                .extract()
                .<String>path("orderId");
        given().accept(ContentType.JSON)
                .get("/orders/" + orderId)
                .then()
                .body("pricesAsOf", equalTo("2026-11-21T07:01:33.123Z"));
    }

    @Test
    void afterTheHoldAPriceThatChangedHasToBeAgreedToFirst() {
        var former = complete();
        reprice(product, "1000");
        endHold();
        var now = problem(submit(customer), 409, "price-changed")
                .body("detail", equalTo("The total is 3015 now. Nothing was ordered."))
                .body("checkout.total", equalTo(3015))
                .body("checkout.items[0].price", equalTo(1000))
                .body("checkout.shippingAddress.zip", equalTo("98109"))
                .body("checkout.deliveryOptionToken", equalTo("priority-mail"))
                .extract()
                .<String>path("checkout.paymentId");
        assertNotEquals(former, now);
        assertEquals(0, ordersOf(customer));
        given().get("/checkout/" + customer)
                .then()
                .statusCode(200)
                .body("paymentId", equalTo(now))
                .body("total", equalTo(3015));
        // The new total holds in its turn.
        reprice(product, "2000");
        submit(customer, named(now, "3015")).statusCode(201).body("total", equalTo(3015));
        assertEquals(1, ordersOf(customer));
    }

    /// A submit that came in time may be storing its order still.
    @Test
    void whileTheHoldIsEndingNobodyIsToldThatNothingWasOrdered() {
        var id = complete();
        reprice(product, "1000");
        hold(customer, Instant.now());
        problem(submit(customer), 503, "store-unavailable").header("Retry-After", "1");
        given().get("/checkout/" + customer).then().statusCode(200).body("paymentId", equalTo(id));
        assertEquals(0, ordersOf(customer));
        reprice(product, "19.5");
        submit(customer).statusCode(201).body("total", equalTo(73.5f));
        assertEquals(1, ordersOf(customer));
    }

    @Test
    void afterTheHoldAPriceThatDidNotChangeIsCharged() {
        complete();
        endHold();
        submit(customer).statusCode(201).body("total", equalTo(73.5f));
        assertEquals(1, ordersOf(customer));
    }

    /// Before this version checkouts had no hold: their prices are compared.
    @Test
    void aCheckoutOfAnOlderVersionIsComparedBeforeItIsCharged() {
        complete();
        var old = new TreeMap<>(stored(customer));
        old.remove("heldUntil");
        store(old);
        reprice(product, "20");
        problem(submit(customer), 409, "price-changed").body("checkout.total", equalTo(75));
    }

    @Test
    void anOrderThatWasTakenInTimeIsAnsweredAfterTheHoldToo() {
        complete();
        var first = submit(customer).statusCode(201).extract();
        reprice(product, "1000");
        endHold();
        assertEquals(
                first.asString(), submit(customer).statusCode(201).extract().asString());
        // Another Region took it, and its journal entry is not here yet.
        forgetEntry(first.path("orderId"));
        assertEquals(
                first.asString(), submit(customer).statusCode(201).extract().asString());
        assertEquals(1, ordersOf(customer));
    }

    @Test
    void aSubmitThatNamesAnotherTotalOrCheckoutOrdersNothing() {
        var before = complete();
        var id = complete();
        for (var total : List.of("73.4", "73.51", "0", "-73.5", "1e400", "73.500001")) {
            problem(submit(customer, "{\"total\":" + total + "}"), 409, "price-changed")
                    .body("checkout.paymentId", equalTo(id))
                    .body("checkout.total", equalTo(73.5f));
        }
        for (var other : List.of(before, "", "another", id.toLowerCase(java.util.Locale.ROOT))) {
            problem(submit(customer, named(other, "73.5")), 409, "checkout-changed")
                    .body("checkout.paymentId", equalTo(id));
            problem(submit(customer, "{\"paymentId\":\"" + other + "\"}"), 409, "checkout-changed");
        }
        assertEquals(0, ordersOf(customer));
        given().get("/checkout/" + customer).then().body("paymentId", equalTo(id));
        var first =
                submit(customer, named(id, "73.50")).statusCode(201).extract().asString();
        assertEquals(
                first,
                submit(customer, "{\"paymentId\":\"" + id + "\"}")
                        .statusCode(201)
                        .extract()
                        .asString());
        assertEquals(
                first,
                submit(customer, "{\"total\":73.5,\"more\":[1]}")
                        .statusCode(201)
                        .extract()
                        .asString());
        assertEquals(1, ordersOf(customer));
    }

    /// The Region of the retry still has the checkout before the one that was submitted.
    @Test
    void aRetryInAnotherRegionNeverOrdersTheCheckoutBefore() {
        complete();
        var before = stored(customer);
        var id = complete();
        var now = stored(customer);
        var first =
                submit(customer, named(id, "73.5")).statusCode(201).extract().asString();
        store(before);
        problem(submit(customer, named(id, "73.5")), 409, "checkout-changed")
                .body("checkout.paymentId", not(equalTo(id)));
        assertEquals(1, ordersOf(customer));
        store(now);
        assertEquals(
                first,
                submit(customer, named(id, "73.5")).statusCode(201).extract().asString());
    }

    @Test
    void theBodyIsOptionalAndElseChecked() {
        complete();
        for (var wrong : List.of("{", "[]", "7", "{}]", "{\"total\":\"\"}", "{\"total\":{}}", "{\"checkoutId\":[]}")) {
            problem(submit(customer, wrong), 400, "invalid-request");
        }
        assertEquals(0, ordersOf(customer));
        var path = "/checkout/" + customer + "/submit";
        var first = given().post(path).then().statusCode(201).extract().asString();
        for (var type : List.of("application/json", "text/plain", "application/x-www-form-urlencoded")) {
            assertEquals(
                    first,
                    given().header("Content-Type", type)
                            .post(path)
                            .then()
                            .statusCode(201)
                            .extract()
                            .asString(),
                    type);
        }
        for (var nothing : List.of("{}", "null", "{\"checkoutId\":null,\"total\":null}")) {
            assertEquals(
                    first, submit(customer, nothing).statusCode(201).extract().asString());
        }
    }

    @Test
    void submitsThatAreTooLateAtOnceGetTheSameNewCheckout() throws Exception {
        var id = complete();
        reprice(product, "1000");
        endHold();
        var answers =
                Race.run(20, 20, i -> () -> Http.send("POST", "/checkout/" + customer + "/submit", "{\"total\":73.5}"));
        var statuses = answers.stream().map(a -> a.statusCode()).collect(Collectors.toSet());
        var ids = answers.stream()
                .map(a -> JsonPath.from(a.body()).getString("checkout.paymentId"))
                .collect(Collectors.toSet());
        System.out.printf("late submits=%d statuses=%s checkouts=%d%n", answers.size(), statuses, ids.size());
        assertEquals(Set.of(409), statuses);
        assertEquals(1, ids.size());
        assertNotEquals(Set.of(id), ids);
        assertEquals(0, ordersOf(customer));
    }

    /// Whatever a submit that names its checkout meets, the checkout is ordered once at most, and at its total.
    @Test
    void submitsThatMeetTheEndOfTheHoldOrderOnceAtTheTotalThatWasShown() throws Exception {
        long seed = System.nanoTime();
        var random = new Random(seed);
        for (int round = 0; round < 4; round++) {
            var id = complete();
            reprice(product, "1000");
            int before = ordersOf(customer);
            int end = round == 0 ? 0 : random.nextInt(6);
            var agreed = named(id, "73.5");
            var answers = Race.run(4, 24, i -> () -> {
                if (i == end) endHold();
                return Http.send("POST", "/checkout/" + customer + "/submit", agreed);
            });
            var statuses = answers.stream()
                    .collect(Collectors.groupingBy(a -> a.statusCode(), TreeMap::new, Collectors.counting()));
            var orders = answers.stream()
                    .filter(a -> a.statusCode() < 300)
                    .map(a -> a.body())
                    .collect(Collectors.toSet());
            int stored = ordersOf(customer) - before;
            System.out.printf(
                    "end of the hold: seed=%d end=%d statuses=%s orders=%d stored=%d%n",
                    seed, end, statuses, orders.size(), stored);
            assertTrue(Set.of(201, 202, 409).containsAll(statuses.keySet()), statuses::toString);
            assertTrue(stored <= 1 && orders.size() <= 1, "the checkout was ordered more than once");
            assertEquals(stored, orders.size());
            orders.forEach(order -> assertEquals(73.5f, JsonPath.from(order).getFloat("total")));
            reprice(product, "19.5");
        }
    }
}
