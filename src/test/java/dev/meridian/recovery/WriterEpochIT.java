package dev.meridian.recovery;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.meridian.testing.Http;
import dev.meridian.testing.PostgresPair;
import dev.meridian.testing.PostgresServer;
import dev.meridian.testing.Race;
import dev.meridian.testing.ServiceProcess;
import dev.meridian.testing.StoresResource;
import dev.meridian.testing.TcpProxy;
import dev.meridian.testing.TestProducts;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;

/// Two servers take writes, as after an unplanned failover of Aurora: nothing that they report tells which one was
/// replaced. Only the writer epoch does.
@Tag("dynamodb")
@Tag("process")
class WriterEpochIT {
    private static final Duration SOON = Duration.ofSeconds(40);
    private static final StoresResource STORES = new StoresResource();
    private static final String EPOCH = "/admin/writer-epoch";
    private static final String TABLE = "meridian-regions";
    private static final String PRODUCT = "p-many";
    private static final String STOCK = "SELECT stock FROM products WHERE id = '" + PRODUCT + "'";

    /// Each test counts its own orders: a service settles those that other tests left open, too.
    private final String buyer = Http.anId("c");

    private final String rows = "SELECT count(*) FROM orders WHERE customer_id = '" + buyer + "'";

    private static Map<String, String> stores;
    private static PostgresServer old;
    private static PostgresServer next;
    /// The way to `next`.
    private static TcpProxy door;

    private static TcpProxy dynamo;

    @BeforeAll
    static void start() throws Exception {
        stores = STORES.start();
        var base = Files.createDirectories(Path.of("target/local-stores").toAbsolutePath());
        var dir = Files.createTempDirectory(base, "epoch-");
        old = PostgresServer.primary(dir.resolve("old"));
        next = PostgresServer.primary(dir.resolve("next"));
        door = new TcpProxy("127.0.0.1", next.port());
        var uri = URI.create(stores.get("quarkus.dynamodb.endpoint-override"));
        dynamo = new TcpProxy(uri.getHost(), uri.getPort());
        try (var client = StoresResource.dynamo()) {
            client.createTable(r -> r.tableName(TABLE)
                            .billingMode(BillingMode.PAY_PER_REQUEST)
                            .attributeDefinitions(List.of(AttributeDefinition.builder()
                                    .attributeName("region")
                                    .attributeType(ScalarAttributeType.S)
                                    .build()))
                            .keySchema(List.of(KeySchemaElement.builder()
                                    .attributeName("region")
                                    .keyType(KeyType.HASH)
                                    .build())))
                    .join();
        }
        for (var server : List.of(old, next)) {
            ServiceProcess.migrate(server.url());
            try (var connection = server.connect()) {
                TestProducts.create(connection, PRODUCT, 1950, 1000);
            }
        }
    }

    @AfterAll
    static void stop() throws Exception {
        for (var part : new AutoCloseable[] {dynamo, door, next, old}) {
            if (part != null) part.close();
        }
        STORES.stop();
    }

    @AfterEach
    void pass() {
        door.pass();
        dynamo.pass();
        try (var client = StoresResource.dynamo()) {
            client.deleteItem(r -> r.tableName(TABLE).key(Map.of("region", AttributeValue.fromS("#writer"))))
                    .join();
        }
    }

    private static Map<String, String> config(String... more) {
        var config = RecoveryFixtures.quick(stores);
        config.put("meridian.sql.timelines", "false");
        config.put("meridian.sql.writer-url", old.url());
        config.put("meridian.sql.writer-candidates", PostgresServer.url(door.port()));
        config.put("meridian.sql.reader-url", old.url());
        for (int i = 0; i < more.length; i += 2) config.put(more[i], more[i + 1]);
        return config;
    }

    private static String nextName() {
        return "127.0.0.1:" + door.port();
    }

    private static HttpResponse<String> name(ServiceProcess service, long epoch, String writer) throws Exception {
        return service.send("PUT", EPOCH, "{\"epoch\":%d,\"writer\":\"%s\"}".formatted(epoch, writer));
    }

    private HttpResponse<String> order(ServiceProcess service) throws Exception {
        return RecoveryFixtures.place(service, buyer, PRODUCT, 1);
    }

    private static HttpResponse<String> restock(ServiceProcess service) throws Exception {
        return service.send(
                "PATCH", "/catalog/products/" + PRODUCT + "/stock", "{\"add\":1}", "Idempotency-Key", Http.anId("key"));
    }

    private void assertNothingIsWritten(ServiceProcess service) throws Exception {
        var order = order(service);
        assertEquals(202, order.statusCode(), order::body);
        var restocked = restock(service);
        assertEquals(503, restocked.statusCode(), restocked::body);
        assertTrue(restocked.headers().firstValue("Retry-After").isPresent());
    }

    private static String writerCheck(ServiceProcess service) throws Exception {
        var check = RecoveryFixtures.json(service.manage("/q/region/health")).at("/checks/sql-writer");
        return check.path("state").asText() + " " + check.path("detail").asText();
    }

    private static String ago(Duration time) {
        return Instant.now()
                .minus(time)
                .truncatedTo(ChronoUnit.SECONDS)
                .plusMillis(123)
                .toString();
    }

    private static void confirmedAnHourAgo(String orderId) {
        try (var journal = new Journal(stores.get("quarkus.dynamodb.endpoint-override"))) {
            var item = new HashMap<>(journal.get(orderId));
            assertEquals("CONFIRMED", item.get("state").s());
            item.put("closedAt", AttributeValue.fromS(ago(Duration.ofHours(1))));
            journal.put(item);
        }
    }

    private static void put(String writer, AttributeValue epoch, String changedAt) {
        try (var client = StoresResource.dynamo()) {
            client.putItem(r -> r.tableName(TABLE)
                            .item(Map.of(
                                    "region", AttributeValue.fromS("#writer"),
                                    "epoch", epoch,
                                    "writer", AttributeValue.fromS(writer),
                                    "changedAt", AttributeValue.fromS(changedAt))))
                    .join();
        }
    }

    @Test
    void theEpochMovesAllWritesAndNoProcessGoesBack() throws Exception {
        final String confirmedByOld;
        final long rowsOfOld;
        try (var service = ServiceProcess.serve(config())) {
            // The epoch has not reached this Region: nothing tells it that the old writer was replaced.
            var answer = order(service);
            assertEquals(200, answer.statusCode(), answer::body);
            confirmedByOld = RecoveryFixtures.json(answer).path("id").asText();
            confirmedAnHourAgo(confirmedByOld);
            rowsOfOld = Long.parseLong(old.ask(rows));
            assertEquals(404, service.send("GET", EPOCH, null).statusCode());

            // It was set two hours ago in another Region, and arrives.
            put(nextName(), AttributeValue.fromN("6"), ago(Duration.ofHours(2)));
            await().atMost(SOON).until(() -> writerCheck(service), ("UP epoch 6: " + nextName())::equals);
            await().atMost(SOON).until(() -> order(service).statusCode() == 200);
            assertEquals(rowsOfOld, Long.parseLong(old.ask(rows)));
            // What the old writer confirmed is found missing on the new one, and is replayed there.
            await().atMost(SOON)
                    .until(
                            () -> next.ask("SELECT max(status) FROM orders WHERE id = '" + confirmedByOld + "'"),
                            "CONFIRMED"::equals);
            assertTrue(service.send("GET", "/admin/recovery/missing-orders", null)
                    .body()
                    .contains(confirmedByOld));
            assertEquals(200, name(service, 7, nextName()).statusCode());
            assertTheTableKeepsTheHighest(service);
            assertTheEpochIsNoRegion(service);
            await().atMost(SOON).until(() -> writerCheck(service), ("UP epoch 7: " + nextName())::equals);
            assertEquals(7, RecoveryFixtures.metric(service, "meridian_sql_writer_epoch"));
            service.kill();
        }
        door.cut();
        try (var service = ServiceProcess.serve(config())) {
            // Only the old writer can be reached, and it would take writes.
            for (int i = 0; i < 3; i++) assertNothingIsWritten(service);
            assertTrue(writerCheck(service).startsWith("DOWN "), () -> "the writer is not reached");
            assertEquals(rowsOfOld, Long.parseLong(old.ask(rows)));
            door.pass();
            await().atMost(SOON).until(() -> order(service).statusCode() == 200);
            await().atMost(SOON).until(() -> RecoveryFixtures.metric(service, "meridian_journal_open") == 0);

            // The other Region has servers that this one does not know.
            put("db.example.com:5432", AttributeValue.fromN("8"), ago(Duration.ZERO));
            await().atMost(SOON)
                    .until(
                            () -> writerCheck(service),
                            ("DOWN The writer epoch names a server that is not among the candidates of this process.")
                                    ::equals);
            var rowsOfNext = next.ask(rows);
            assertNothingIsWritten(service);
            assertTrue(
                    service.log().contains("nothing is written here: the writer epoch names a server"), service::log);
            assertEquals(rowsOfNext, next.ask(rows));
            assertFalse(
                    service.send("GET", "/health", null).body().contains("db.example.com"), "only for administrators");
        }
        assertEquals(rowsOfOld, Long.parseLong(old.ask(rows)));
    }

    /// The Region went down before the epoch reached it. What it confirmed until then arrives, among orders that the
    /// new writer has.
    @Test
    void whatARegionConfirmedBeforeItWentDownIsFoundWhenItStarts() throws Exception {
        try (var journal = new Journal(stores.get("quarkus.dynamodb.endpoint-override"))) {
            final String lost;
            try (var service = ServiceProcess.serve(config())) {
                var answer = order(service);
                assertEquals(200, answer.statusCode(), answer::body);
                lost = RecoveryFixtures.json(answer).path("id").asText();
                await().atMost(SOON).until(() -> journal.state(lost), "CONFIRMED"::equals);
            }
            var entry = journal.get(lost);
            journal.delete(lost);
            put(nextName(), AttributeValue.fromN("6"), ago(Duration.ofHours(2)));
            final String kept;
            try (var service = ServiceProcess.serve(config())) {
                var answer = order(service);
                assertEquals(200, answer.statusCode(), answer::body);
                kept = RecoveryFixtures.json(answer).path("id").asText();
                await().atMost(SOON).until(() -> journal.state(kept), "CONFIRMED"::equals);
            }
            journal.put(entry);
            journal.closedAt(lost, Instant.now().minus(Duration.ofHours(1)), kept);
            try (var service = ServiceProcess.serve(config())) {
                await().atMost(SOON)
                        .until(
                                () -> next.ask("SELECT max(status) FROM orders WHERE id = '" + lost + "'"),
                                "CONFIRMED"::equals);
                assertTrue(service.send("GET", "/admin/recovery/missing-orders", null)
                        .body()
                        .contains(lost));
            }
        }
    }

    private static void assertTheTableKeepsTheHighest(ServiceProcess service) throws Exception {
        assertEquals(200, name(service, 7, nextName()).statusCode());
        for (var lower : List.of(name(service, 6, nextName()), name(service, 7, old.name()))) {
            assertEquals(409, lower.statusCode(), lower::body);
            assertTrue(lower.body().contains("Epoch 7 names " + nextName()), lower::body);
        }
        for (var writer : List.of("db.example.com", "127.0.0.1", "", old.name() + "0")) {
            var refused = name(service, 9, writer);
            assertEquals(400, refused.statusCode(), refused::body);
        }
        assertTrue(
                name(service, 9, "db.example.com").body().contains(old.name() + ", " + nextName()),
                "the candidates are listed");
        var now = RecoveryFixtures.json(service.send("GET", EPOCH, null));
        assertEquals(7, now.path("epoch").asLong());
        assertEquals(nextName(), now.path("writer").asText());
        assertTrue(now.path("changedAt").asText().matches("20.*Z"), now::toString);
    }

    private static void assertTheEpochIsNoRegion(ServiceProcess service) throws Exception {
        for (var path : List.of("/admin/regions", "/topology", "/health")) {
            var body = service.send("GET", path, null).body();
            assertFalse(body.contains("#writer"), body);
        }
        var page = service.send("GET", "/status", null, "Accept", "text/html").body();
        assertFalse(page.contains("#writer"), page);
    }

    /// Of all that name another writer under one number, one wins; and the number never falls.
    @Test
    void ofManyThatNameAWriterAtOnceOneWins() throws Exception {
        try (var service = ServiceProcess.serve(config("meridian.settler.enabled", "false"))) {
            var names = List.of(old.name(), nextName());
            var answers = Race.run(12, 48, i -> () -> name(service, 50, names.get(i % 2)));
            var codes =
                    answers.stream().collect(Collectors.groupingBy(HttpResponse::statusCode, Collectors.counting()));
            assertEquals(Map.of(200, 24L, 409, 24L), codes);
            var winner = RecoveryFixtures.json(service.send("GET", EPOCH, null))
                    .path("writer")
                    .asText();
            for (var answer : answers) {
                assertTrue(answer.body().contains(winner), answer::body);
            }
            var rising = Race.run(
                    12, 48, i -> () -> Map.entry(51 + i * 31 % 48, name(service, 51 + i * 31 % 48, nextName())));
            var highest = rising.stream().mapToInt(Map.Entry::getKey).max().orElseThrow();
            assertEquals(
                    highest,
                    RecoveryFixtures.json(service.send("GET", EPOCH, null))
                            .path("epoch")
                            .asInt());
            for (var answer : rising) {
                assertTrue(
                        answer.getValue().statusCode() == 200
                                || answer.getKey() < highest
                                        && answer.getValue().statusCode() == 409,
                        () -> answer.getKey() + " " + answer.getValue().body());
            }
        }
    }

    /// An item of a newer version, say.
    @Test
    void whileTheEpochCannotBeUnderstoodNothingIsWritten() throws Exception {
        put("db.example.com:5432", AttributeValue.fromS("VII"), ago(Duration.ZERO));
        var before = old.ask(STOCK) + old.ask(rows);
        try (var service = ServiceProcess.serve(config("meridian.sql.epoch.hold", "10m"))) {
            assertNothingIsWritten(service);
            assertEquals("DOWN The writer epoch has not been read yet.", writerCheck(service));
            assertTrue(service.log().contains("the writer epoch in the table cannot be understood"), service::log);
            put(nextName(), AttributeValue.fromN("1"), ago(Duration.ZERO));
            await().atMost(SOON).until(() -> order(service).statusCode() == 200);
            assertEquals(before, old.ask(STOCK) + old.ask(rows));
        }
    }

    @Test
    void withoutDynamoDbAProcessThatStartsWritesNothingForTenSeconds() throws Exception {
        dynamo.hang();
        var before = old.ask(STOCK);
        try (var service = ServiceProcess.serve(config(
                "meridian.tables.create",
                "false",
                "quarkus.dynamodb.endpoint-override",
                "http://localhost:" + dynamo.port()))) {
            assertEquals(503, restock(service).statusCode());
            assertEquals("DOWN The writer epoch has not been read yet.", writerCheck(service));
            await().atMost(SOON).until(() -> writerCheck(service).startsWith("UP"));
            assertTrue(
                    service.log().contains("the writer epoch could not be read within 10000 ms: any candidate"),
                    service::log);
            // What a change of a product needs besides is still away.
            assertEquals(503, restock(service).statusCode());
            assertEquals(before, old.ask(STOCK));
        }
    }

    /// With timelines nobody has to set an epoch: the heartbeat of a process that has seen the new writer is
    /// enough.
    @Test
    void theHeartbeatCarriesTheTimelineToProcessesThatReachOnlyTheOldWriter() throws Exception {
        try (var pair = new PostgresPair();
                var way = new TcpProxy("127.0.0.1", pair.standby().port())) {
            ServiceProcess.migrate(pair.primary().url());
            try (var connection = pair.primary().connect()) {
                TestProducts.create(connection, PRODUCT, 1950, 1000);
            }
            var config = new HashMap<>(config());
            config.put("meridian.sql.timelines", "true");
            config.put("meridian.sql.search.watch", "300ms");
            config.put("meridian.heartbeat.enabled", "true");
            config.put("meridian.heartbeat.interval", "1s");
            config.put("meridian.sql.writer-url", pair.primary().url());
            config.put("meridian.sql.writer-candidates", PostgresServer.url(way.port()));
            config.put("meridian.sql.reader-url", pair.primary().url());
            try (var service = ServiceProcess.serve(config)) {
                assertEquals(200, order(service).statusCode());
                // Both go on; the process notices the new one.
                pair.standby().promote();
                await().atMost(SOON).until(() -> beat("eu-west-1"), "2"::equals);
                service.kill();
            }
            way.cut();
            config.put("meridian.region", "us-east-1");
            var before = pair.primary().ask(rows);
            try (var service = ServiceProcess.serve(config)) {
                for (int i = 0; i < 3; i++) assertNothingIsWritten(service);
                assertEquals(before, pair.primary().ask(rows));
                // It tells others what it was told.
                await().atMost(SOON).until(() -> beat("us-east-1"), "2"::equals);
                way.pass();
                await().atMost(SOON).until(() -> order(service).statusCode() == 200);
            }
        }
    }

    /// The timeline in the heartbeat of a Region.
    private static String beat(String region) {
        try (var client = StoresResource.dynamo()) {
            var item = client.getItem(r -> r.tableName(TABLE)
                            .key(Map.of("region", AttributeValue.fromS("#beat/" + region)))
                            .consistentRead(true))
                    .join()
                    .item();
            return item.containsKey("timeline") ? item.get("timeline").n() : "none";
        }
    }
}
