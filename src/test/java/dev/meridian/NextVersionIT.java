package dev.meridian;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.meridian.testing.Http;
import dev.meridian.testing.ServiceProcess;
import dev.meridian.testing.StoresResource;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/// Regions are deployed one after the other, so the packaged artifact reads what its next version wrote. In
/// every table such a row stands in nobody's way, and stays as it is.
@Tag("process")
class NextVersionIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final StoresResource STORES = new StoresResource();
    private static Map<String, String> config;
    private static DynamoDbAsyncClient dynamo;
    private static ServiceProcess service;

    @BeforeAll
    static void start() throws Exception {
        config = new HashMap<>(STORES.start());
        dynamo = StoresResource.dynamo();
        config.putAll(Map.ofEntries(
                Map.entry("quarkus.profile", "test"),
                Map.entry("meridian.sample-data.enabled", "false"),
                Map.entry("meridian.catalog.price-fresh", "1ms"),
                Map.entry("meridian.settler.enabled", "true"),
                Map.entry("meridian.settler.grace", "1s"),
                Map.entry("meridian.settler.idle", "200ms"),
                Map.entry("meridian.recovery.spread", "100ms")));
        service = ServiceProcess.serve(config);
        // What the next version's migration may do to the schema while this version still runs.
        sql("ALTER TABLE products ALTER price_minor DROP NOT NULL");
        sql("ALTER TABLE tags ALTER display_name DROP NOT NULL");
        sql("ALTER TABLE orders DROP CONSTRAINT orders_status_check");
        sql("ALTER TABLE orders ADD COLUMN channel text NOT NULL DEFAULT 'web'");
        sql("ALTER TABLE adoptions ADD COLUMN channel text NOT NULL DEFAULT 'web'");
    }

    @AfterAll
    static void stop() {
        if (service != null) service.close();
        if (dynamo != null) dynamo.close();
        STORES.stop();
    }

    @AfterEach
    void nothingIsAFaultOfOurs() {
        assertFalse(service.log().contains(" ERROR "), service::log);
    }

    private static void sql(String statement, String... parameters) throws SQLException {
        try (var connection = DriverManager.getConnection(
                        "jdbc:" + config.get("meridian.sql.writer-url"), "postgres", "postgres");
                var prepared = connection.prepareStatement(statement)) {
            for (int i = 0; i < parameters.length; i++) prepared.setString(i + 1, parameters[i]);
            prepared.execute();
        }
    }

    private static AttributeValue s(String text) {
        return AttributeValue.fromS(text);
    }

    private static Map<String, AttributeValue> get(String table, Map<String, AttributeValue> key) {
        return dynamo.getItem(r -> r.tableName("meridian-" + table).key(key).consistentRead(true))
                .join()
                .item();
    }

    private static void put(String table, Map<String, AttributeValue> item) {
        dynamo.putItem(r -> r.tableName("meridian-" + table).item(item)).join();
    }

    /// Stores an item as another one with changes.
    private static Map<String, AttributeValue> copy(
            String table, Map<String, AttributeValue> key, Map<String, AttributeValue> changes) {
        var item = new HashMap<>(get(table, key));
        item.putAll(changes);
        put(table, item);
        return item;
    }

    private static HttpResponse<String> send(String method, String path, String json, String... headers)
            throws IOException, InterruptedException {
        return service.send(method, path, json, headers);
    }

    private static JsonNode ok(String path) throws IOException, InterruptedException {
        var answer = send("GET", path, null);
        assertEquals(200, answer.statusCode(), answer::body);
        return JSON.readTree(answer.body());
    }

    private static JsonNode ok(String method, String path, String json, String... headers)
            throws IOException, InterruptedException {
        var answer = send(method, path, json, headers);
        assertEquals(2, answer.statusCode() / 100, answer::body);
        return JSON.readTree(answer.body().isEmpty() ? "null" : answer.body());
    }

    private static void assertNewer(HttpResponse<String> answer) {
        assertEquals(503, answer.statusCode(), answer::body);
        assertTrue(answer.body().contains("urn:meridian:problem:newer-format"), answer::body);
        assertEquals("30", answer.headers().firstValue("Retry-After").orElse(""));
    }

    private static void assertNewer(String path) throws IOException, InterruptedException {
        assertNewer(send("GET", path, null));
    }

    private static Set<String> texts(JsonNode list, String field) {
        return new TreeSet<>(list.findValuesAsText(field));
    }

    private static double metric(String name) throws IOException, InterruptedException {
        var line = Pattern.compile("^" + Pattern.quote(name) + "(?:\\{[^}]*})? (\\S+)$", Pattern.MULTILINE)
                .matcher(service.manage("/q/metrics").body());
        return line.find() ? Double.parseDouble(line.group(1)) : 0;
    }

    private static String aProduct() throws IOException, InterruptedException {
        var id = Http.anId("p");
        ok("PUT", "/catalog/products/" + id, """
                {"name":"Lamp %s","description":"","price":3,"tags":[],"stock":30}""".formatted(id));
        return id;
    }

    private static String order(String customer, String product) throws IOException, InterruptedException {
        return ok(
                        "POST",
                        "/orders",
                        """
                {"shippingAddress": {"firstName": "Nadia", "lastName": "Okafor", "email": "nadia@example.com",
                   "address1": "12 Lantern Row", "city": "Port Isle", "zipCode": "04521", "state": "ME"},
                 "items": [{"productId": "%s", "quantity": 3}]}""".formatted(product),
                        "X-Customer-Id",
                        customer,
                        "Idempotency-Key",
                        Http.anId("key"))
                .path("id")
                .asText();
    }

    private static Map<String, AttributeValue> journalKey(String id) {
        return Map.of("orderId", s(id));
    }

    @Test
    void regionsAndHeartbeats() throws Exception {
        var other = Http.anId("r");
        ok("PUT", "/admin/regions/" + other + "?force=true", "{\"state\":\"ACTIVE\"}");
        var next = Http.anId("next");
        var paused = Map.of(
                "region",
                s(next),
                "state",
                s("PAUSED"),
                "changedAt",
                s(Instant.now().toString()));
        put("regions", paused);
        put(
                "regions",
                Map.of(
                        "region",
                        s("#beat/" + next),
                        "status",
                        s("SLEEPY"),
                        "at",
                        s(Instant.now().toString())));
        var regions = texts(ok("/admin/regions"), "region");
        assertTrue(regions.contains(other) && !regions.contains(next), regions::toString);
        assertEquals(200, send("GET", "/status", null, "Accept", "text/html").statusCode());
        assertEquals(paused, get("regions", Map.of("region", s(next))));
        // A Region can be put right by this version too.
        ok("PUT", "/admin/regions/" + next, "{\"state\":\"DRAINED\"}");
        assertTrue(texts(ok("/admin/regions"), "region").contains(next));
    }

    @Test
    void theOwnRegionKeepsItsLastKnownState() throws Exception {
        ok("PUT", "/admin/regions/eu-west-1", "{\"state\":\"DRAINED\"}");
        await().atMost(SOON).until(() -> health().equals("DRAINED"));
        put(
                "regions",
                Map.of(
                        "region",
                        s("eu-west-1"),
                        "state",
                        s("PAUSED"),
                        "changedAt",
                        s(Instant.now().toString())));
        double before = healthReads();
        await().atMost(SOON).until(() -> {
            health();
            return healthReads() >= before + 2;
        });
        assertEquals("DRAINED", health());
        ok("PUT", "/admin/regions/eu-west-1", "{\"state\":\"ACTIVE\"}");
        await().atMost(SOON).until(() -> health().equals("UP"));
    }

    private static double healthReads() throws IOException, InterruptedException {
        return service.manage("/q/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith("meridian_store_calls_seconds_count{")
                        && line.contains("operation=\"health\"")
                        && line.contains("store=\"dynamodb\""))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    private static String health() throws IOException, InterruptedException {
        return JSON.readTree(send("GET", "/health", null).body()).path("status").asText();
    }

    @Test
    void tickets() throws Exception {
        var ticket = """
                {"description":"The like button is stuck.","assigned":"support","priority":"high","status":"open",
                 "createdBy":"nadia@example.com"}""";
        var known = ok("POST", "/ticket", ticket).path("id").asText();
        var next = Http.anId("next");
        var stored = copy(
                "tickets",
                Map.of("id", s(known)),
                Map.of("id", s(next), "status", s("frozen"), "createdAt", s("9#" + next)));
        var listed = texts(ok("/ticket?limit=50"), "id");
        assertTrue(listed.contains(known) && !listed.contains(next), listed::toString);
        assertNewer("/ticket/" + next);
        assertEquals(stored, get("tickets", Map.of("id", s(next))));
    }

    @Test
    void carts() throws Exception {
        var product = aProduct();
        var customer = Http.anId("c");
        var cart = "/carts/" + customer;
        ok("PUT", cart + "/items/" + product, "{\"quantity\":3}");
        var bundle = Map.of("line", AttributeValue.fromS("three"), "productRegion", s("p-bundle#eu-west-1"));
        var key = Map.of("customerId", s(customer), "productRegion", s(product + "#eu-west-1"));
        var stored = copy("carts", key, bundle);
        assertEquals(Set.of(product), texts(ok(cart), "itemId"));
        assertNewer(cart + "/items/p-bundle");
        assertNewer(send("DELETE", cart + "/items/p-bundle", null));
        ok("DELETE", cart, null);
        assertEquals(Set.of(), texts(ok(cart), "itemId"));
        assertEquals(stored, get("carts", Map.of("customerId", s(customer), "productRegion", s("p-bundle#eu-west-1"))));
    }

    @Test
    void checkouts() throws Exception {
        var product = aProduct();
        var customer = Http.anId("c");
        var update = "{\"items\":[{\"id\":\"%s\",\"name\":\"x\",\"quantity\":3,\"price\":0.01}]}".formatted(product);
        ok("POST", "/checkout/" + customer + "/update", update);
        ok("/checkout/" + customer);
        copy("checkouts", Map.of("customerId", s(customer)), Map.of("lines", AttributeValue.fromM(Map.of())));
        assertNewer("/checkout/" + customer);
        assertNewer(send("POST", "/checkout/" + customer + "/submit", null));
    }

    @Test
    void customers() throws Exception {
        var customer = Http.anId("c");
        ok("PUT", "/customers/" + customer, """
                {"name":"Nadia Okafor","email":"nadia@example.com","addresses":[]}""");
        var key = Map.of("customerId", s(customer));
        var more = copy("customers", key, Map.of("loyalty", s("gold")));
        assertEquals("Nadia Okafor", ok("/customers/" + customer).path("name").asText());
        assertEquals(more, get("customers", key));
        copy("customers", key, Map.of("addresses", s("one:12 Lantern Row")));
        assertNewer("/customers/" + customer);
    }

    @Test
    void likesAndMysfitsAndAdoptions() throws Exception {
        var id = Http.anId("m");
        put("mysfits", Map.of("MysfitId", s(id), "Name", s("Tenfold"), "Age", s("ageless"), "Moods", s("many")));
        ok("POST", "/mysfits/" + id + "/like", null);
        put("likes", Map.of("subjectId", s(id), "regionShard", s("next-1#0"), "n", AttributeValue.fromN("2.5")));
        put(
                "likes",
                Map.of("subjectId", s("#regions"), "regionShard", s("next-1"), "shards", AttributeValue.fromN("1.5")));
        ok("POST", "/mysfits/" + id + "/like", null);
        assertEquals(2, ok("/mysfits/" + id).path("likes").asInt());
        assertTrue(texts(ok("/mysfits"), "mysfitId").contains(id));
        ok("POST", "/mysfits/" + id + "/adopt", null);
        assertTrue(ok("/mysfits/" + id).path("adopted").asBoolean());
    }

    @Test
    void scoresAndImports() throws Exception {
        var player = Http.anId("player");
        var score = "{\"player\":\"%s\",\"country\":\"AQ\",\"score\":7}".formatted(player);
        var known = ok("POST", "/leaderboard", score).path("id").asText();
        var key = Map.of("player", s(player), "id", s(known));
        var next = Http.anId("next");
        var stored = copy(
                "scores", key, Map.of("id", s(next), "playedAt", s("yesterday"), "score", AttributeValue.fromN("9")));
        await().atMost(SOON)
                .untilAsserted(() -> assertEquals(Set.of(known), texts(ok("/leaderboard?country=AQ"), "id")));
        ok("/leaderboard");
        assertEquals(7, ok("/leaderboard/players/" + player).at("/best/score").asInt());
        assertEquals(stored, get("scores", Map.of("player", s(player), "id", s(next))));
    }

    @Test
    void products() throws Exception {
        var known = aProduct();
        var next = aProduct();
        sql("UPDATE products SET price_minor = NULL, name = 'Lantern ' || id WHERE id = ?", next);
        sql("UPDATE products SET name = 'Lantern ' || id WHERE id = ?", known);
        sql("INSERT INTO tags (name) VALUES (?)", next);
        for (var path : List.of("/catalog/products?size=100", "/catalog/search?keyword=lantern&size=100")) {
            var listed = texts(ok(path), "id");
            assertTrue(listed.contains(known) && !listed.contains(next), listed::toString);
        }
        assertFalse(texts(ok("/catalog/tags"), "name").contains(next));
        assertNewer("/catalog/products/" + next);
        assertNewer(send("PUT", "/carts/" + Http.anId("c") + "/items/" + next, "{\"quantity\":3}"));
        ok("PUT", "/carts/" + Http.anId("c") + "/items/" + known, "{\"quantity\":3}");
    }

    @Test
    void ordersInSql() throws Exception {
        var customer = Http.anId("c");
        var product = aProduct();
        var first = order(customer, product);
        var shipped = order(customer, product);
        var last = order(customer, product);
        sql("UPDATE orders SET status = 'SHIPPED' WHERE id = ?", shipped);
        assertEquals(Set.of(first, last), texts(ok("/orders?customerId=" + customer), "id"));
        // The one that is left out keeps its place, so that the pages behind it are not cut off.
        var path = "/orders?limit=1&customerId=" + customer;
        var seen = new TreeSet<String>();
        for (int page = 1; page <= 3; page++) {
            var answer = send("GET", path, null);
            assertEquals(200, answer.statusCode(), answer::body);
            seen.addAll(texts(JSON.readTree(answer.body()), "id"));
            assertEquals(page < 3, answer.headers().firstValue("Link").isPresent(), "page " + page);
            path = answer.headers()
                    .firstValue("Link")
                    .map(link -> link.replaceAll("^<(.*)>.*$", "$1"))
                    .orElse("");
        }
        assertEquals(Set.of(first, last), seen);
        // The journal has it as confirmed: no harm. Without the journal SQL is asked.
        ok("/orders/" + shipped);
        dynamo.deleteItem(r -> r.tableName("meridian-order-journal").key(journalKey(shipped)))
                .join();
        assertNewer("/orders/" + shipped);
        assertNewer(send("POST", "/orders/" + shipped + "/cancel", null));
    }

    /// The settler and the recheck leave alone what they do not know, in the journal and in SQL.
    @Test
    void theJournal() throws Exception {
        var customer = Http.anId("c");
        var product = aProduct();
        var known = order(customer, product);
        await().atMost(SOON)
                .until(() ->
                        get("order-journal", journalKey(known)).get("state").s().equals("CONFIRMED"));
        var returned = copy(known, 'A', Map.of("state", s("RETURNED")));
        var quoted = open(known, 'B', Map.of("state", s("QUOTED")));
        var sealed = open(known, 'C', Map.of("state", s("ACCEPTED"), "payloadFormat", AttributeValue.fromN("2")));
        var lost = copy(
                known,
                'D',
                Map.of(
                        "state",
                        s("RETURNED"),
                        "recoveryShard",
                        s("3"),
                        "recoveryKey",
                        s("2026-01-01T00:00:00.000Z#lost"),
                        "foundAt",
                        s("2026-01-01T00:00:00.000Z")));
        // Confirmed in the journal, while SQL has gone on to a status of the next version.
        var shipped = order(customer, product);
        await().atMost(SOON)
                .until(() -> get("order-journal", journalKey(shipped))
                        .get("state")
                        .s()
                        .equals("CONFIRMED"));
        sql("UPDATE orders SET status = 'SHIPPED' WHERE id = ?", shipped);
        var confirmed = get("order-journal", journalKey(shipped));

        assertEquals(Set.of(known), texts(ok("/orders?customerId=" + customer), "id"));
        for (var item : List.of(returned, quoted, sealed)) assertNewer("/orders/" + id(item));
        assertNewer(send("POST", "/orders/" + id(returned) + "/cancel", null));
        ok("/admin/recovery/missing-orders");
        await().atMost(SOON).until(() -> metric("meridian_journal_failing") >= 2);
        try (var another = ServiceProcess.serve(withInfo())) {
            await().atMost(SOON).until(() -> another.log().contains("writer checked"));
            assertFalse(another.log().contains("MISSING"), another::log);
        }
        for (var item : List.of(returned, quoted, sealed, lost, confirmed)) {
            assertEquals(item, get("order-journal", journalKey(id(item))));
        }
        assertLoggedOnceAMinute("order-journal", customer);
    }

    private static Map<String, String> withInfo() {
        var info = new HashMap<>(config);
        info.put("quarkus.log.category.\"dev.meridian\".level", "INFO");
        return info;
    }

    private static String id(Map<String, AttributeValue> item) {
        return item.get("orderId").s();
    }

    /// Another entry like a closed one, now, in its partition of the index.
    private static Map<String, AttributeValue> copy(String id, char end, Map<String, AttributeValue> changes) {
        var item = new HashMap<>(changes);
        item.put("orderId", s(id.substring(0, id.length() - 2) + "Z" + end));
        return copy("order-journal", journalKey(id), item);
    }

    private static Map<String, AttributeValue> open(String id, char end, Map<String, AttributeValue> changes) {
        var item = new HashMap<>(copy(id, end, changes));
        item.put("openShard", s("0"));
        item.put("openCustomerId", item.get("customerId"));
        item.put("acceptedAt", s("2026-01-01T00:00:00.000Z"));
        item.remove("closedShard");
        item.remove("closedAt");
        put("order-journal", item);
        return item;
    }

    private static void assertLoggedOnceAMinute(String table, String personal) {
        var lines = service.log()
                .lines()
                .filter(line -> line.contains("a newer version may have written table=" + table))
                .toList();
        assertFalse(lines.isEmpty());
        assertTrue(lines.size() <= 3, lines::toString);
        for (var line : lines) assertFalse(line.contains(personal) || line.contains("Okafor"), line);
    }
}
