package dev.meridian.lab;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.meridian.lab.client.RegionClient;
import dev.meridian.lab.cluster.KillAt;
import dev.meridian.lab.cluster.StoreCalls;
import dev.meridian.lab.replication.LabTables;
import dev.meridian.shared.Ids;
import dev.meridian.testing.TestProducts;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// An order whose process is killed between any two of its store calls: each gap from both sides, when the call
/// before it is done and its answer has not arrived, and when the call behind it has not reached the store. The
/// customer asks again, in turn in the other Region and in the same one. Each order is there once.
@Tag("lab")
class KillBetweenCallsIT {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final String WEST = "eu-west-1";
    private static final String EAST = "us-east-1";
    private static final String CUSTOMER = "killed-between";
    private static final int STOCK = 10;
    private static TwoRegions lab;

    @BeforeAll
    static void start() {
        lab = TwoRegions.start(LabOptions.quick(4));
    }

    @AfterAll
    static void end() {
        if (lab != null) lab.close();
    }

    /// A new product each time: so its price is read, too.
    private static String product(String name) throws Exception {
        var product = "p-gap-" + name + "-" + System.nanoTime();
        var databases = lab.databases();
        try (var connection = databases.server(databases.primary()).connect()) {
            TestProducts.create(connection, product, 1000, STOCK);
        }
        await().atMost(SOON).until(databases::isCaughtUp);
        return product;
    }

    private static HttpResponse<String> order(String region, String product) throws IOException, InterruptedException {
        var body = """
                {"shippingAddress":{"firstName":"Nadia","lastName":"Okafor","email":"nadia@example.com",
                 "address1":"12 Lantern Row","city":"Port Isle","zipCode":"04521","state":"ME"},
                 "items":[{"productId":"%s","quantity":1}]}""".formatted(product);
        return RegionClient.send(
                lab.processes(),
                region,
                "POST",
                "/orders",
                body,
                "X-Customer-Id",
                CUSTOMER,
                "Idempotency-Key",
                "key-" + product);
    }

    /// The key is the product: one order of each.
    private static String id(String product) {
        return Ids.derive("order", CUSTOMER, "key-" + product);
    }

    private static KillAt at(String product, int call, boolean isDone) throws IOException {
        var west = lab.processes().regions().getFirst();
        var point = new KillAt(west, List.of(product, id(product)), call, isDone);
        lab.processes().watch(0, point);
        return point;
    }

    @Test
    void anOrderIsThereOnceWhereverItsProcessIsKilled() throws Exception {
        // Through the proxy that sees the messages, without a kill: the calls of an order.
        at("nothing", KillAt.NEVER, false);
        await().atMost(SOON).until(() -> order(WEST, product("first")).statusCode() == 200);
        var whole = product("whole");
        var count = at(whole, KillAt.NEVER, false);
        assertEquals(200, order(WEST, whole).statusCode());
        var calls = count.calls();
        System.out.println("calls of an order: " + calls);
        assertTrue(calls.size() >= 4, calls::toString);
        var products = new ArrayList<>(List.of(whole));
        for (int i = 0; i < calls.size(); i++) {
            for (boolean isDone : List.of(false, true)) {
                var product = product("c" + i + (isDone ? "-done" : "-asked"));
                products.add(product);
                killAndAskAgain(product, calls, i, isDone, products.size() % 2 == 0 ? EAST : WEST);
            }
        }
        for (var product : products) isThereOnce(product);
    }

    private static void killAndAskAgain(String product, List<String> calls, int call, boolean isDone, String again)
            throws Exception {
        var point = at(product, call, isDone);
        int first;
        try {
            first = order(WEST, product).statusCode();
        } catch (IOException _) {
            first = 0;
        }
        assertTrue(point.hasKilled(), () -> "not killed at " + call + " of " + point.calls());
        assertEquals(calls.subList(0, call + 1), point.calls());
        assertTrue(first == 0 || first >= 500, "answered " + first);
        lab.processes().watch(0, StoreCalls.PASS);
        if (again.equals(WEST)) lab.heal();
        var answer = order(again, product);
        if (again.equals(EAST)) lab.heal();
        int before = isDone ? call : call - 1;
        System.out.printf(
                "killed between %s and %s (%s): asked again in %s, %d%n",
                before < 0 ? "the request" : calls.get(before),
                before + 1 < calls.size() ? calls.get(before + 1) : "the answer",
                isDone ? "the answer did not arrive" : "the call was not made",
                again,
                answer.statusCode());
        assertTrue(answer.statusCode() == 200 || answer.statusCode() == 202, answer::body);
        assertTrue(answer.body().contains(id(product)), answer::body);
    }

    private static void isThereOnce(String product) throws Exception {
        var writer = lab.databases().server(lab.databases().primary());
        await(product)
                .atMost(SOON)
                .until(() -> "CONFIRMED"
                        .equals(writer.ask("SELECT string_agg(o.status, ',') FROM orders o"
                                + " JOIN order_lines l ON l.order_id = o.id WHERE l.product_id = '" + product + "'")));
        assertEquals(
                Integer.toString(STOCK - 1), writer.ask("SELECT stock FROM products WHERE id = '" + product + "'"));
        for (var region : lab.processes().regions()) {
            await(product + " in the journal of " + region.name()).atMost(SOON).until(() -> {
                var entry = LabTables.scan(region.dynamo(), LabTables.JOURNAL).get(id(product));
                return entry != null && entry.get("state").s().equals("CONFIRMED");
            });
        }
    }
}
