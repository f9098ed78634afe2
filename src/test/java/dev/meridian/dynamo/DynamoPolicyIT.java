package dev.meridian.dynamo;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.meridian.testing.Http;
import dev.meridian.testing.ServiceProcess;
import dev.meridian.testing.StoresResource;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The packaged artifact in production mode under the policy of its role: every feature works, `DescribeTable` is
/// all the administration that it does, and what the policy allows is needed.
class DynamoPolicyIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration SOON = Duration.ofSeconds(40);
    private static final String TOKEN = "the administrator's token of this test";
    private static final String MYSFIT = "2b473002-36f8-4b87-954e-9a377e0ccbec";
    private static final StoresResource STORES = new StoresResource();
    private static PolicyFront front;
    private static ServiceProcess service;

    @BeforeAll
    static void start() throws Exception {
        var stores = STORES.start();
        var config = ServiceProcess.production(stores, "meridian-", stores.get("meridian.sql.writer-url"));
        ServiceProcess.makeTables(stores, "meridian-");
        front = new PolicyFront(
                URI.create(config.get("quarkus.dynamodb.endpoint-override")), Path.of("infra/iam/dynamodb.json"));
        config.put("quarkus.dynamodb.endpoint-override", "http://localhost:" + front.port());
        config.put("meridian.admin.token", TOKEN);
        service = ServiceProcess.serve(config);
    }

    @AfterAll
    static void stop() {
        if (service != null) service.close();
        if (front != null) front.close();
        STORES.stop();
    }

    private static JsonNode ok(String method, String path, String json, String... headers) throws Exception {
        var answer = path.startsWith("/admin/")
                ? service.administer(method, path, json, headers)
                : service.send(method, path, json, headers);
        assertEquals(2, answer.statusCode() / 100, () -> method + " " + path + " " + answer.body());
        return JSON.readTree(answer.body().isEmpty() ? "null" : answer.body());
    }

    @Test
    void everyFeatureWorksWithWhatThePolicyAllows() throws Exception {
        await().atMost(SOON).until(() -> service.send("GET", "/health", null).statusCode() == 200);
        mysfits();
        var customer = Http.anId("ada").substring(0, 20);
        cartsAndOrders(customer);
        products();
        scores(customer);
        tickets(customer);
        ok("PUT", "/customers/" + customer, "{\"name\":\"Wren\"}");
        ok("GET", "/customers/" + customer, null);
        erase(customer);
        ok("GET", "/admin/regions", null, "Authorization", "Bearer " + TOKEN);
        assertEquals(
                404,
                service.administer("GET", "/admin/writer-epoch", null, "Authorization", "Bearer " + TOKEN)
                        .statusCode());
        ok("GET", "/admin/recovery/missing-orders", null, "Authorization", "Bearer " + TOKEN);
        // The settler, the heartbeats and the comparison with the writer begin by themselves.
        await().atMost(SOON).untilAsserted(() -> assertEquals(Set.of(), unused()));

        assertEquals(Set.of(), front.refused());
        var data = DynamoActions.ON_ITEMS.stream()
                .map(name -> name.substring(0, 1).toUpperCase() + name.substring(1))
                .toList();
        var administration = new TreeSet<>(front.used());
        administration.removeIf(use -> data.contains(use.split(" ")[0]));
        var described = new TreeSet<String>();
        for (var table : DynamoTable.values()) described.add("DescribeTable table/meridian-" + table.baseName());
        assertEquals(described, administration);
    }

    /// What the policy allows and nothing has done yet, but for what no feature of this test does.
    private static Set<String> unused() {
        var unused = new TreeSet<>(front.allowed());
        unused.removeAll(front.used());
        // Actions of a table's items, and sample data, which production does not load unless it is told to.
        unused.removeIf(use -> use.contains("/index/") && !use.startsWith("Query"));
        unused.remove("PutItem table/meridian-mysfits");
        // The page that pays: pages need the cookie of a visitor.
        unused.remove("UpdateItem table/meridian-checkouts");
        unused.remove("Query table/meridian-mysfits");
        unused.remove("Query table/meridian-order-journal");
        unused.remove("Query table/meridian-catalog-journal");
        // A change that a new writer lacks.
        unused.remove("GetItem table/meridian-catalog-journal");
        unused.remove("Query table/meridian-tickets");
        // Where identity is open nobody signs out.
        unused.remove("PutItem table/meridian-ended-sessions");
        unused.remove("Query table/meridian-ended-sessions");
        // What has grown old, heartbeats of dead tasks, and orders that SQL has not when they are cancelled.
        unused.remove("UpdateItem table/meridian-regions");
        unused.remove("DeleteItem table/meridian-regions");
        unused.remove("BatchGetItem table/meridian-order-journal");
        unused.remove("DeleteItem table/meridian-order-journal");
        return unused;
    }

    private static void mysfits() throws Exception {
        assertTrue(ok("GET", "/mysfits", null).path("mysfits").size() > 2);
        assertTrue(ok("GET", "/mysfits?filter=GoodEvil&value=Good", null)
                        .path("mysfits")
                        .size()
                > 0);
        ok("POST", "/mysfits/" + MYSFIT + "/like", null);
        ok("POST", "/mysfits/" + MYSFIT + "/adopt", null);
        var one = ok("GET", "/mysfits/" + MYSFIT, null);
        assertTrue(one.path("adopted").asBoolean(), one::toString);
    }

    private static void cartsAndOrders(String customer) throws Exception {
        var session = Http.anId("s");
        ok("PUT", "/carts/" + session + "/items/rune-tag", "{\"quantity\":3}");
        ok("POST", "/carts/" + session + "/items", "{\"itemId\":\"rune-tag\",\"quantity\":2}");
        ok("POST", "/carts/" + customer + "/merge?sessionId=" + session, null);
        assertEquals(
                5,
                ok("GET", "/carts/" + customer + "/items/rune-tag", null)
                        .path("quantity")
                        .asInt());
        ok("GET", "/carts/" + customer, null);
        ok("DELETE", "/carts/" + customer + "/items/rune-tag", null);
        ok("PUT", "/carts/" + customer + "/items/rune-tag", "{\"quantity\":1}");
        ok("DELETE", "/carts/" + customer, null);
        ok("POST", "/checkout/" + session + "/update", """
                {"items":[{"id":"rune-tag","name":"","quantity":1,"price":1}],"deliveryOptionToken":"priority-mail",
                 "shippingAddress":{"firstName":"Ada","lastName":"Example","address1":"1 Harbour Lane",
                                    "city":"Springfield","state":"WA","zip":"98109","email":"visitor@example.com"}}""");
        ok("GET", "/checkout/" + session, null);
        ok("POST", "/checkout/" + session + "/submit", null);
        var order =
                ok("POST", "/orders", """
                {"items":[{"productId":"rune-tag","quantity":1}],
                 "shippingAddress":{"firstName":"A","lastName":"B","email":"a@example.com","address1":"1 Quay",
                                    "city":"C","zipCode":"06001","state":"CT"}}""", "X-Customer-Id", customer).path("id").asText();
        await().atMost(SOON)
                .until(() -> ok("GET", "/orders/" + order, null)
                        .path("status")
                        .asText()
                        .equals("CONFIRMED"));
        assertEquals(
                order,
                ok("GET", "/orders?customerId=" + customer, null).at("/0/id").asText());
        ok("POST", "/orders/" + order + "/cancel", null);
    }

    private static void products() throws Exception {
        var path = "/catalog/products/" + Http.anId("p");
        var admin = "Bearer " + TOKEN;
        ok(
                "PUT",
                path,
                "{\"name\":\"N\",\"description\":\"\",\"price\":1,\"tags\":[],\"stock\":2}",
                "Authorization",
                admin);
        ok("PATCH", path + "/stock", "{\"add\":3}", "Authorization", admin);
        // Its entry is removed.
        assertEquals(
                409,
                service.send("PATCH", path + "/stock", "{\"add\":-9}", "Authorization", admin)
                        .statusCode());
    }

    private static void scores(String player) throws Exception {
        ok("POST", "/leaderboard", "{\"player\":\"" + player + "\",\"country\":\"NO\",\"score\":7}");
        ok("GET", "/leaderboard?country=NO&limit=5", null);
        ok("GET", "/leaderboard/players/" + player, null);
        var csv = HttpRequest.newBuilder(URI.create("http://localhost:" + service.port() + "/leaderboard/import"))
                .header("Content-Type", "text/csv")
                .header("Authorization", "Bearer " + TOKEN)
                .header("Idempotency-Key", Http.anId("key"))
                .POST(BodyPublishers.ofString(
                        "player,country,score,playedAt\n" + player + ",NO,9,2026-03-01T10:00:00Z\n"));
        try (var client = HttpClient.newHttpClient()) {
            var answer = client.send(csv.build(), BodyHandlers.ofString());
            assertEquals(200, answer.statusCode(), answer::body);
        }
    }

    private static void tickets(String customer) throws Exception {
        var ticket = """
                {"description":"The lantern flickers","assigned":"Ada","priority":"low","status":"open",
                 "createdBy":"Wren"%s}""";
        var id = ok("POST", "/ticket", ticket.formatted(""), "X-Customer-Id", customer)
                .path("id")
                .asText();
        ok("POST", "/ticket", ticket.formatted(",\"id\":\"" + id + "\""));
        ok("GET", "/ticket/" + id, null);
        assertEquals(id, ok("GET", "/ticket?limit=5", null).at("/Items/0/id").asText());
    }

    private static void erase(String customer) throws Exception {
        var data = "/admin/customers/" + customer + "/data";
        var admin = "Bearer " + TOKEN;
        assertTrue(ok("GET", data, null, "Authorization", admin).toString().contains("lantern"));
        ok("DELETE", data, null, "Authorization", admin);
        assertFalse(ok("GET", data, null, "Authorization", admin).toString().contains("lantern"));
    }
}
