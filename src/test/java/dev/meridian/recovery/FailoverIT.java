package dev.meridian.recovery;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.meridian.testing.Http;
import dev.meridian.testing.PostgresPair;
import dev.meridian.testing.ServiceProcess;
import dev.meridian.testing.StoresResource;
import dev.meridian.testing.TcpProxy;
import dev.meridian.testing.TestProducts;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// A standby that lacks the last orders becomes the writer of two services that share a journal.
@Tag("dynamodb")
@Tag("process")
class FailoverIT {
    private static final Duration SOON = Duration.ofSeconds(40);
    private static final String REPORT = "/admin/recovery/missing-orders";

    private static String placed(ServiceProcess service, String customer, String product, int quantity, Journal journal)
            throws Exception {
        var answer = RecoveryFixtures.place(service, customer, product, quantity);
        assertEquals(200, answer.statusCode(), answer::body);
        var id = RecoveryFixtures.json(answer).path("id").asText();
        await().atMost(SOON).until(() -> journal.state(id).equals("CONFIRMED"));
        return id;
    }

    private static JsonNode find(JsonNode report, String id) {
        return StreamSupport.stream(report.spliterator(), false)
                .filter(order -> order.path("orderId").asText().equals(id))
                .findFirst()
                .orElseThrow(() -> new AssertionError(id + " is not in " + report));
    }

    @Test
    void ordersLostInAFailoverAreFoundReportedAndReplayed() throws Exception {
        var stores = new StoresResource();
        var config = RecoveryFixtures.quick(stores.start());
        var endpoint = config.get("quarkus.dynamodb.endpoint-override");
        try (var pair = new PostgresPair();
                var journal = new Journal(endpoint);
                var door = new TcpProxy("127.0.0.1", pair.standby().port())) {
            config.put("meridian.recovery.audit-every", "2s");
            config.put("meridian.sql.writer-url", pair.primary().url());
            config.put("meridian.sql.writer-candidates", "postgresql://127.0.0.1:" + door.port() + "/postgres");
            config.put("meridian.sql.reader-url", "postgresql://127.0.0.1:" + door.port() + "/postgres");
            ServiceProcess.migrate(pair.primary().url());
            // It will not see an open entry of its own accord: the change of writer alone has to wake it.
            var idle = new HashMap<>(config);
            idle.put("meridian.settler.idle", "10m");
            try (var service = ServiceProcess.serve(config);
                    var second = ServiceProcess.serve(idle)) {
                failover(pair, door, journal, service, second);
            }
        } finally {
            stores.stop();
        }
    }

    private static void failover(
            PostgresPair pair, TcpProxy door, Journal journal, ServiceProcess service, ServiceProcess second)
            throws Exception {
        var old = pair.primary();
        var standby = pair.standby();
        try (var connection = old.connect()) {
            TestProducts.create(connection, "p-many", 1950, 20);
            TestProducts.create(connection, "p-few", 100, 3);
            TestProducts.create(connection, "p-last", 100, 1);
        }
        await().atMost(SOON)
                .until(() -> standby.ask("SELECT count(*) FROM products").equals("3"));
        var customer = Http.anId("-c");
        var kept = placed(service, customer, "p-many", 1, journal);
        var cancelledInTail = placed(service, customer, "p-many", 2, journal);
        await().atMost(SOON)
                .until(() -> standby.ask("SELECT count(*) FROM orders").equals("2"));
        // From here on nothing reaches the standby.
        standby.stop();
        var lost = placed(service, customer, "p-many", 3, journal);
        // The tail is longer than the window of 15 minutes.
        var longAgo = placed(service, customer, "p-many", 1, journal);
        journal.closedAt(longAgo, Instant.now().minus(Duration.ofMinutes(40)), lost);
        var unlucky = placed(service, customer, "p-few", 2, journal);
        var unheardOf = placed(service, customer, "p-last", 1, journal);
        var lostAndCancelled = placed(service, customer, "p-many", 4, journal);
        assertEquals(
                200,
                service.send("POST", "/orders/" + lostAndCancelled + "/cancel", null)
                        .statusCode());
        assertEquals(
                200,
                service.send("POST", "/orders/" + cancelledInTail + "/cancel", null)
                        .statusCode());
        assertEquals(409, RecoveryFixtures.place(service, customer, "p-few", 50).statusCode());
        // Each has found and checked the first writer.
        await().atMost(SOON).until(() -> RecoveryFixtures.checks(service) >= 2 && RecoveryFixtures.checks(second) >= 2);
        door.cut();
        old.kill();
        // A Region that has it as accepted still, and does not hear that another one has confirmed it.
        journal.open(unheardOf);
        standby.start();
        standby.promote();
        // Somebody else takes what the unlucky order had.
        standby.execute("UPDATE products SET stock = 1 WHERE id = 'p-few'");
        standby.execute("UPDATE products SET stock = 0 WHERE id = 'p-last'");
        assertEquals("2", standby.ask("SELECT count(*) FROM orders"));
        door.pass();

        await().atMost(SOON).untilAsserted(() -> {
            assertEquals("CONFIRMED", standby.ask("SELECT max(status) FROM orders WHERE id = '" + lost + "'"));
            assertEquals("CONFIRMED", standby.ask("SELECT max(status) FROM orders WHERE id = '" + longAgo + "'"));
            assertEquals("REJECTED", standby.ask("SELECT max(status) FROM orders WHERE id = '" + unlucky + "'"));
            assertEquals(
                    "CANCELLED", standby.ask("SELECT max(status) FROM orders WHERE id = '" + lostAndCancelled + "'"));
            assertEquals(
                    "CANCELLED", standby.ask("SELECT max(status) FROM orders WHERE id = '" + cancelledInTail + "'"));
            assertEquals("CONFIRMED", standby.ask("SELECT max(status) FROM orders WHERE id = '" + kept + "'"));
            assertEquals(
                    "REJECTED", standby.ask("SELECT max(status) FROM orders WHERE reason = 'OUT_OF_STOCK: p-few'"));
            assertEquals("CONFIRMED", journal.state(lost));
            assertEquals("REJECTED", journal.state(unlucky));
            assertEquals("REJECTED", journal.state(unheardOf));
        });
        assertEquals("15", standby.ask("SELECT stock FROM products WHERE id = 'p-many'"));
        assertEquals("1", standby.ask("SELECT stock FROM products WHERE id = 'p-few'"));
        // The second check of both processes is over too, and found nothing more.
        await().atMost(SOON).until(() -> RecoveryFixtures.checks(service) >= 4 && RecoveryFixtures.checks(second) >= 4);
        assertEquals("15", standby.ask("SELECT stock FROM products WHERE id = 'p-many'"));
        assertEquals(3, RecoveryFixtures.sum("meridian_recovery_missing_total", service, second));
        assertEquals(2, RecoveryFixtures.sum("meridian_journal_replayed_total", service, second));

        for (var process : List.of(service, second)) {
            var report = RecoveryFixtures.json(process.send("GET", REPORT, null));
            assertEquals(4, report.size(), report::toString);
            doubtful(find(report, unheardOf));
            assertEquals("replayed", find(report, longAgo).path("outcome").asText());
            var replayed = find(report, lost);
            assertEquals("replayed", replayed.path("outcome").asText());
            assertEquals(customer, replayed.path("customerId").asText());
            assertTrue(replayed.path("reason").isMissingNode());
            for (var time : List.of("acceptedAt", "confirmedAt", "foundAt"))
                assertTrue(replayed.path(time).asText().matches("20.*Z"), replayed::toString);
            assertNotEquals("", replayed.path("region").asText());
            var rejected = find(report, unlucky);
            assertEquals("rejected", rejected.path("outcome").asText());
            assertEquals(
                    "OUT_OF_STOCK: p-few (was confirmed, then lost when the SQL writer failed over)",
                    rejected.path("reason").asText());
        }
        assertEquals("REJECTED", RecoveryFixtures.status(service, unlucky));
        isReportedAgain(unlucky, journal, service);
        pages(service, Set.of(lost, longAgo, unlucky, unheardOf));
        csv(service, customer);
    }

    /// A Region that did not know that the order was lost has closed it last.
    private static void isReportedAgain(String id, Journal journal, ServiceProcess service) throws Exception {
        var confirmedAt = journal.get(id).get("confirmedAt");
        journal.forgetReport(id);
        await().atMost(SOON).until(() -> journal.get(id).containsKey("recoveryKey"));
        assertEquals(confirmedAt, journal.get(id).get("confirmedAt"));
        find(RecoveryFixtures.json(service.send("GET", REPORT, null)), id);
    }

    private static void doubtful(JsonNode order) {
        assertEquals("rejected", order.path("outcome").asText());
        assertTrue(order.path("confirmedAt").isMissingNode(), order::toString);
        assertEquals(
                "OUT_OF_STOCK: p-last (accepted before the SQL writer was replaced, may have been confirmed)",
                order.path("reason").asText());
    }

    private static void pages(ServiceProcess service, Set<String> expected) throws Exception {
        var first = service.send("GET", REPORT + "?limit=2", null);
        var link = first.headers().firstValue("Link").orElseThrow();
        assertTrue(link.endsWith(">; rel=\"next\""), link);
        var next = service.send("GET", link.substring(1, link.indexOf('>')), null);
        assertEquals(
                expected,
                StreamSupport.stream(
                                List.of(RecoveryFixtures.json(first), RecoveryFixtures.json(next))
                                        .spliterator(),
                                false)
                        .flatMap(page -> StreamSupport.stream(page.spliterator(), false))
                        .map(order -> order.path("orderId").asText())
                        .collect(Collectors.toSet()));
        for (var wrong : List.of("?limit=0", "?limit=1001", "?cursor=nonsense", "?limit=x"))
            assertTrue(service.send("GET", REPORT + wrong, null).statusCode() / 100 == 4, wrong);
        assertEquals(400, service.send("GET", REPORT + "?limit=0", null).statusCode());
        assertEquals(400, service.send("GET", REPORT + "?cursor=nonsense", null).statusCode());
    }

    private static void csv(ServiceProcess service, String customer) throws Exception {
        var answer = service.send("GET", REPORT, null, "Accept", "text/csv");
        assertEquals(200, answer.statusCode());
        assertTrue(answer.headers().firstValue("Content-Type").orElse("").startsWith("text/csv"));
        var lines = answer.body().split("\r\n");
        assertEquals(5, lines.length, answer::body);
        assertEquals("orderId,customerId,acceptedAt,confirmedAt,foundAt,outcome,reason,region", lines[0]);
        assertTrue(lines[1].contains(",'" + customer + ","), lines[1]);
    }
}
