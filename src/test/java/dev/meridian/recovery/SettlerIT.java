package dev.meridian.recovery;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.meridian.testing.Http;
import dev.meridian.testing.Race;
import dev.meridian.testing.ServiceProcess;
import dev.meridian.testing.StoresResource;
import dev.meridian.testing.TcpProxy;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Orders that are accepted while the SQL writer is unavailable, tested over HTTP.
@Tag("dynamodb")
@Tag("process")
class SettlerIT {
    private static final StoresResource STORES = new StoresResource();
    private static final Duration SOON = Duration.ofSeconds(30);

    private static Map<String, String> config;
    private static String database;
    private static TcpProxy writer;
    private static TcpProxy dynamo;
    private static Journal journal;

    @BeforeAll
    static void start() throws Exception {
        var stores = STORES.start();
        var uri = URI.create(stores.get("meridian.sql.writer-url"));
        database = "jdbc:" + uri;
        writer = new TcpProxy(uri.getHost(), uri.getPort());
        var dynamoUri = URI.create(stores.get("quarkus.dynamodb.endpoint-override"));
        dynamo = new TcpProxy(dynamoUri.getHost(), dynamoUri.getPort());
        journal = new Journal(dynamoUri.toString());
        config = RecoveryFixtures.quick(stores);
        config.put("quarkus.dynamodb.endpoint-override", "http://localhost:" + dynamo.port());
        ServiceProcess.migrate(uri.toString());
        config.put("meridian.sql.writer-url", "postgresql://localhost:" + writer.port() + "/postgres");
    }

    @AfterAll
    static void stop() throws Exception {
        if (journal != null) journal.close();
        if (writer != null) writer.close();
        if (dynamo != null) dynamo.close();
        STORES.stop();
    }

    @AfterEach
    void pass() {
        writer.pass();
        dynamo.pass();
    }

    private static Map<String, String> with(String key, String value) {
        var changed = new HashMap<>(config);
        changed.put(key, value);
        return changed;
    }

    private static long stock(String product) throws SQLException {
        return RecoveryFixtures.ask(database, "SELECT stock FROM products WHERE id = ?", product);
    }

    private static long rows(String customer) throws SQLException {
        return RecoveryFixtures.ask(database, "SELECT count(*) FROM orders WHERE customer_id = ?", customer);
    }

    @Test
    void ordersTakenWhileTheWriterHangsAreSettledOnceAndTheReaderSeesTheirEnd() throws Exception {
        try (var service = ServiceProcess.serve(config)) {
            var product = RecoveryFixtures.aProduct(database, 10);
            var customer = Http.anId("c");
            assertEquals(
                    200, RecoveryFixtures.place(service, customer, product, 1).statusCode());
            var broken = Http.anId("broken");
            journal.putBroken(broken);
            writer.hang();
            var answers = Race.run(6, 6, _ -> () -> RecoveryFixtures.place(service, customer, product, 3));
            assertEquals(
                    Map.of(202, 6L),
                    answers.stream().collect(Collectors.groupingBy(HttpResponse::statusCode, Collectors.counting())));
            assertEquals(1, rows(customer));
            await().atMost(SOON)
                    .until(() -> RecoveryFixtures.metric(service, "meridian_journal_oldest_age_seconds") > 1);
            writer.pass();
            var ids = answers.stream()
                    .map(answer -> answer.headers()
                            .firstValue("Location")
                            .orElseThrow()
                            .substring("/orders/".length()))
                    .toList();
            await().atMost(SOON).untilAsserted(() -> {
                var ends = new TreeMap<String, Integer>();
                for (var id : ids) ends.merge(RecoveryFixtures.status(service, id), 1, Integer::sum);
                assertEquals(Map.of("CONFIRMED", 3, "REJECTED", 3), ends);
            });
            for (var id : ids) {
                var order = RecoveryFixtures.json(service.send("GET", "/orders/" + id, null));
                if (order.path("status").asText().equals("REJECTED"))
                    assertEquals(
                            "OUT_OF_STOCK: " + product, order.path("reason").asText());
                await().atMost(SOON).until(() -> !journal.state(id).equals("ACCEPTED"));
            }
            assertEquals(0, stock(product));
            assertEquals(7, rows(customer));
            // The broken entry stands in nobody's way, and is seen.
            await().atMost(SOON).until(() -> RecoveryFixtures.metric(service, "meridian_journal_failing") == 1);
            assertTrue(RecoveryFixtures.metric(service, "meridian_journal_open") >= 1);
            int first = service.log().indexOf("open order cannot be settled");
            assertTrue(first > 0, service::log);
            assertEquals(first, service.log().lastIndexOf("open order cannot be settled"), "logged once");
            journal.delete(broken);
        }
    }

    /// A process that has never read the price, without the catalog.
    @Test
    void aCheckoutIsOrderedAtItsTotalWhilePostgresIsAway() throws Exception {
        var cut = with("meridian.sql.reader-url", config.get("meridian.sql.writer-url"));
        var product = RecoveryFixtures.aProduct(database, 10);
        var customer = Http.anId("c");
        try (var service = ServiceProcess.serve(cut)) {
            var made = service.send("POST", "/checkout/" + customer + "/update", """
                    {"items":[{"id":"%s","quantity":3}],"deliveryOptionToken":"priority-mail",
                     "shippingAddress":{"firstName":"Nadia","lastName":"Okafor","email":"nadia@example.com",
                       "address1":"12 Lantern Row","city":"Port Isle","zip":"04521","state":"ME"}}""".formatted(product));
            assertEquals(201, made.statusCode(), made.body());
        }
        writer.hang();
        try (var service = ServiceProcess.serve(cut)) {
            var order = service.send("POST", "/checkout/" + customer + "/submit", null);
            assertEquals(202, order.statusCode(), order.body());
            assertEquals(73.5, RecoveryFixtures.json(order).path("total").asDouble());
            var id = RecoveryFixtures.json(order).path("orderId").asText();
            writer.pass();
            await().atMost(SOON)
                    .until(() -> RecoveryFixtures.status(service, id).equals("CONFIRMED"));
            assertEquals(5850, RecoveryFixtures.ask(database, "SELECT subtotal_minor FROM orders WHERE id = ?", id));
        }
    }

    /// With an earlier response, and a loss of SQL and of the process after it, the order would be settled like
    /// one without a response.
    @Test
    void anOrderIsNotCalledConfirmedBeforeTheJournalHasItToo() throws Exception {
        try (var service = ServiceProcess.serve(config)) {
            var product = RecoveryFixtures.aProduct(database, 10);
            var customer = Http.anId("c");
            assertEquals(
                    200, RecoveryFixtures.place(service, customer, product, 1).statusCode());
            CompletableFuture<HttpResponse<String>> answer;
            try (var lock = RecoveryFixtures.sql(database);
                    var statement = lock.prepareStatement("SELECT 1 FROM products WHERE id = ? FOR UPDATE")) {
                lock.setAutoCommit(false);
                statement.setString(1, product);
                statement.executeQuery();
                answer = CompletableFuture.supplyAsync(() -> placed(service, customer, product));
                await().atMost(SOON)
                        .pollInterval(Duration.ofMillis(10))
                        .until(() -> RecoveryFixtures.ask(
                                        database,
                                        "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = ?",
                                        "Lock")
                                > 0);
                dynamo.cut();
                lock.rollback();
            }
            assertEquals(202, answer.get(30, TimeUnit.SECONDS).statusCode());
            assertEquals(2, rows(customer), "SQL has confirmed it");
            dynamo.pass();
            var id = RecoveryFixtures.json(answer.get()).path("id").asText();
            await().atMost(SOON).until(() -> journal.state(id).equals("CONFIRMED"));
            assertEquals("CONFIRMED", RecoveryFixtures.status(service, id));
            assertEquals(7, stock(product));
        }
    }

    private static HttpResponse<String> placed(ServiceProcess service, String customer, String product) {
        try {
            return RecoveryFixtures.place(service, customer, product, 2);
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void whatAKilledProcessLeftIsSettledByAnother() throws Exception {
        var product = RecoveryFixtures.aProduct(database, 10);
        var customer = Http.anId("c");
        String accepted;
        String confirmed;
        try (var service = ServiceProcess.serve(with("meridian.settler.enabled", "false"))) {
            confirmed = RecoveryFixtures.json(RecoveryFixtures.place(service, customer, product, 2))
                    .path("id")
                    .asText();
            await().atMost(SOON).until(() -> journal.state(confirmed).equals("CONFIRMED"));
            writer.hang();
            var answer = RecoveryFixtures.place(service, customer, product, 3);
            assertEquals(202, answer.statusCode(), answer::body);
            accepted = RecoveryFixtures.json(answer).path("id").asText();
            service.kill();
        }
        // The network may still hold the statement of the dead process, and deliver it now: it must not matter.
        writer.cut();
        writer.pass();
        journal.open(confirmed);
        try (var other = ServiceProcess.serve(config)) {
            await().atMost(SOON).until(() -> journal.state(accepted).equals("CONFIRMED"));
            await().atMost(SOON).until(() -> journal.state(confirmed).equals("CONFIRMED"));
            assertEquals("CONFIRMED", RecoveryFixtures.status(other, accepted));
            other.terminate();
            assertTrue(other.exitCode(Duration.ofSeconds(25)) >= 0, "it ends");
        }
        assertEquals(5, stock(product));
        assertEquals(2, rows(customer));
    }

    /// A Region that had not heard of a cancellation closes its entry last, and the last write stands.
    @Test
    void aClosedEntryThatIsWrongIsPutRight() throws Exception {
        var product = RecoveryFixtures.aProduct(database, 10);
        try (var service = ServiceProcess.serve(with("meridian.recovery.audit-every", "1s"))) {
            var id = RecoveryFixtures.json(RecoveryFixtures.place(service, Http.anId("c"), product, 2))
                    .path("id")
                    .asText();
            assertEquals(
                    200, service.send("POST", "/orders/" + id + "/cancel", null).statusCode());
            // The comparisons with the writer that it found are over.
            await().atMost(SOON).until(() -> service.log().split("writer checked", -1).length > 2);
            journal.confirm(id);
            await().atMost(SOON).until(() -> journal.state(id).equals("CANCELLED"));
            assertEquals("CANCELLED", RecoveryFixtures.status(service, id));
            assertEquals(10, stock(product), "given back once");
            assertTrue(RecoveryFixtures.metric(service, "meridian_recovery_cancelled_elsewhere_total") >= 1);
            assertTrue(RecoveryFixtures.metric(service, "meridian_recovery_compared_total") >= 1);
            assertEquals(
                    "[]",
                    service.send("GET", "/admin/recovery/missing-orders", null).body());
        }
    }

    @Test
    void theCommandCarriesOutAllOnceAndTellsWhatIsLeft() throws Exception {
        var product = RecoveryFixtures.aProduct(database, 4);
        var customer = Http.anId("c");
        var broken = Http.anId("broken");
        var command = with("meridian.settler.grace", "1s");
        try (var service = ServiceProcess.serve(with("meridian.settler.enabled", "false"))) {
            assertEquals(
                    200, RecoveryFixtures.place(service, customer, product, 1).statusCode());
            writer.hang();
            var answers = Race.run(2, 2, _ -> () -> RecoveryFixtures.place(service, customer, product, 2));
            answers.forEach(answer -> assertEquals(202, answer.statusCode(), answer::body));
            service.kill();
        }
        try (var away = ServiceProcess.run(command, "settle", "--once")) {
            assertEquals(1, away.exitCode(Duration.ofSeconds(60)), away::log);
            assertTrue(away.log().matches("(?s).*open=[2-9].*"), away::log);
        }
        writer.cut();
        writer.pass();
        journal.putBroken(broken);
        try (var partly = ServiceProcess.run(command, "settle", "--once")) {
            assertEquals(1, partly.exitCode(Duration.ofSeconds(60)), partly::log);
            assertTrue(partly.log().contains("confirmed=1 replayed=0 rejected=1 failed="), partly::log);
        }
        journal.delete(broken);
        assertEquals(1, stock(product));
        try (var nothingLeft = ServiceProcess.run(command, "settle", "--once")) {
            assertEquals(0, nothingLeft.exitCode(Duration.ofSeconds(60)), nothingLeft::log);
            assertTrue(nothingLeft.log().contains("confirmed=0 replayed=0 rejected=0 failed=0 open=0"));
        }
        try (var usage = ServiceProcess.run(command, "settle")) {
            assertEquals(2, usage.exitCode(Duration.ofSeconds(60)), usage::log);
        }
    }
}
