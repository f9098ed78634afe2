package dev.meridian.cart;

import static io.restassured.RestAssured.given;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.meridian.ComponentTest;
import dev.meridian.testing.Http;
import dev.meridian.testing.Race;
import dev.meridian.testing.TestProducts;
import io.quarkus.test.junit.QuarkusTest;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@QuarkusTest
@ComponentTest
@Tag("dynamodb")
class CartConcurrencyTest {
    private static HttpResponse<String> add(String cart, String productId, int quantity, String... headers)
            throws Exception {
        var body = "{\"itemId\":\"%s\",\"quantity\":%d}".formatted(productId, quantity);
        return Http.send("POST", "/carts/" + cart + "/items", body, headers);
    }

    private static HttpResponse<String> merge(String into, String from) throws Exception {
        return Http.send("POST", "/carts/" + into + "/merge?sessionId=" + from, null);
    }

    private static int quantity(String cart, String productId) {
        var answer = given().get("/carts/" + cart + "/items/" + productId);
        return answer.statusCode() == 404 ? 0 : answer.path("quantity");
    }

    @Test
    void twoHundredAndOneAddsAreTwoHundredAndOneUnits() throws Exception {
        var cart = Http.anId("c");
        var product = TestProducts.create(500);
        var statuses = Race.run(50, 201, _ -> () -> add(cart, product, 1).statusCode());
        int quantity = quantity(cart, product);
        System.out.printf(
                "cart adds=%d created=%d quantity=%d%n",
                statuses.size(), statuses.stream().filter(s -> s == 201).count(), quantity);
        assertEquals(201, statuses.stream().filter(s -> s == 201).count());
        assertEquals(201, quantity);
    }

    @Test
    void concurrentAddsStopAtTheBound() throws Exception {
        var cart = Http.anId("c");
        var product = TestProducts.create(500);
        add(cart, product, 990);
        var statuses = Race.run(20, 40, _ -> () -> add(cart, product, 1).statusCode());
        long created = statuses.stream().filter(s -> s == 201).count();
        long refused = statuses.stream().filter(s -> s == 400).count();
        System.out.printf("cart adds at the bound: created=%d refused=%d%n", created, refused);
        assertEquals(10, created);
        assertEquals(30, refused);
        assertEquals(1_000, quantity(cart, product));
    }

    @Test
    void addsWithTheSameKeyAreOne() throws Exception {
        var cart = Http.anId("c");
        var product = TestProducts.create(500);
        // 50 keys, each sent five times, at once: 50 adds of 2.
        var statuses = Race.run(
                50,
                250,
                i -> () -> add(cart, product, 2, "Idempotency-Key", "key-" + i % 50)
                        .statusCode());
        int quantity = quantity(cart, product);
        System.out.printf("cart keyed adds=%d keys=50 quantity=%d%n", statuses.size(), quantity);
        assertTrue(statuses.stream().allMatch(s -> s == 201), statuses.toString());
        assertEquals(100, quantity);
    }

    @Test
    void twoHundredAndFortyKeysAtOnceAreAllAdded() throws Exception {
        var cart = Http.anId("c");
        var product = TestProducts.create(500);
        var statuses = Race.run(
                50,
                240,
                i -> () -> add(cart, product, 1, "Idempotency-Key", "key-" + i).statusCode());
        int quantity = quantity(cart, product);
        System.out.printf("cart keyed adds=%d keys=240 quantity=%d%n", statuses.size(), quantity);
        assertTrue(statuses.stream().allMatch(s -> s == 201), statuses.toString());
        assertEquals(240, quantity);
    }

    @Test
    void mergesAtOnceMoveEachUnitOnce() throws Exception {
        var session = Http.anId("s");
        var carts = new String[] {Http.anId("c"), Http.anId("c")};
        var products = TestProducts.createMany(10);
        for (var product : products) add(session, product, 3);
        var statuses = Race.run(8, 8, i -> () -> merge(carts[i % 2], session).statusCode());
        System.out.printf("cart merges at once: %s%n", statuses);
        assertTrue(statuses.stream().allMatch(s -> s == 202), statuses.toString());
        for (var product : products) {
            assertEquals(3, quantity(carts[0], product) + quantity(carts[1], product));
            assertEquals(0, quantity(session, product));
        }
    }

    @Test
    void mergesAndAddsAtOnceLoseNothing() throws Exception {
        long seed = System.nanoTime();
        var session = Http.anId("s");
        var customer = Http.anId("c");
        var products = TestProducts.createMany(3);
        var random = new Random(seed);
        var choices = IntStream.range(0, 240).map(_ -> random.nextInt(20)).toArray();
        var sent = IntStream.range(0, products.length)
                .mapToObj(_ -> new AtomicInteger())
                .toList();
        var merges = new AtomicInteger();
        var busy = new AtomicInteger();
        Race.run(24, choices.length, i -> () -> {
            int choice = choices[i];
            if (choice < 3) {
                int status = choice == 0
                        ? merge(session, customer).statusCode()
                        : merge(customer, session).statusCode();
                merges.incrementAndGet();
                if (status == 503) busy.incrementAndGet();
                assertTrue(List.of(202, 503).contains(status), "merge answered " + status);
                return null;
            }
            int product = choice % products.length;
            var answer = add(choice % 2 == 0 ? session : customer, products[product], 1 + choice % 5);
            assertEquals(201, answer.statusCode(), answer.body());
            sent.get(product).addAndGet(1 + choice % 5);
            return null;
        });
        int inSession =
                Arrays.stream(products).mapToInt(p -> quantity(session, p)).sum();
        assertEquals(202, merge(customer, session).statusCode());
        System.out.printf(
                "cart merges and adds at once: seed=%d merges=%d busy=%d units=%s left in the session before the last"
                        + " merge=%d%n",
                seed, merges.get(), busy.get(), sent, inSession);
        for (int i = 0; i < products.length; i++) {
            assertEquals(sent.get(i).get(), quantity(customer, products[i]), products[i]);
            assertEquals(0, quantity(session, products[i]));
        }
    }
}
