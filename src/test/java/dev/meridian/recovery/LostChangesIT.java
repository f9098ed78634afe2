package dev.meridian.recovery;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.meridian.testing.Http;
import dev.meridian.testing.PostgresPair;
import dev.meridian.testing.ServiceProcess;
import dev.meridian.testing.StoresResource;
import dev.meridian.testing.TcpProxy;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/// A standby that lacks the last changes of products and adoptions becomes the writer of two services.
@Tag("dynamodb")
@Tag("process")
class LostChangesIT {
    private static final Duration SOON = Duration.ofSeconds(40);
    private static final String PRODUCT = """
            {"name":"%s","description":"","price":%d,"tags":[{"name":"%s","displayName":"Tagged"}]%s}""";

    private final String product = Http.anId("p");
    private final String born = Http.anId("p");
    private final String kept = Http.anId("m");
    private final String adopted = Http.anId("m");

    private static int send(ServiceProcess service, String method, String path, String json, String... headers)
            throws Exception {
        return service.send(method, path, json, headers).statusCode();
    }

    private static int put(ServiceProcess service, String id, String name, int price, String stock) throws Exception {
        return send(service, "PUT", "/catalog/products/" + id, PRODUCT.formatted(name, price, "t-" + id, stock));
    }

    private static int add(ServiceProcess service, String id, int units, String key) throws Exception {
        var json = "{\"add\":" + units + "}";
        return send(service, "PATCH", "/catalog/products/" + id + "/stock", json, "Idempotency-Key", key);
    }

    private static int adopt(ServiceProcess service, String mysfit, String customer) throws Exception {
        return send(service, "POST", "/mysfits/" + mysfit + "/adopt", null, "X-Customer-Id", customer);
    }

    @Test
    void changesAndAdoptionsLostInAFailoverAreThereAgain() throws Exception {
        var stores = new StoresResource();
        var config = RecoveryFixtures.quick(stores.start());
        try (var pair = new PostgresPair();
                var dynamo = StoresResource.dynamo();
                var door = new TcpProxy("127.0.0.1", pair.standby().port())) {
            config.put("meridian.sql.writer-url", pair.primary().url());
            config.put("meridian.sql.writer-candidates", "postgresql://127.0.0.1:" + door.port() + "/postgres");
            config.put("meridian.sql.reader-url", "postgresql://127.0.0.1:" + door.port() + "/postgres");
            ServiceProcess.migrate(pair.primary().url());
            try (var service = ServiceProcess.serve(config);
                    var second = ServiceProcess.serve(config)) {
                for (var id : List.of(kept, adopted)) mysfit(dynamo, id);
                before(pair, service);
                pair.standby().stop();
                var order = tail(service);
                // They have found and checked the first writer.
                await().atMost(SOON).until(() -> RecoveryFixtures.checks(service, second) >= 2);
                door.cut();
                pair.primary().kill();
                pair.standby().start();
                pair.standby().promote();
                whileTheWriterIsAway(service, dynamo);
                assertEquals("1", pair.standby().ask("SELECT count(*) FROM products"));
                assertEquals("1", pair.standby().ask("SELECT count(*) FROM adoptions"));
                long checksBefore = RecoveryFixtures.checks(service, second);
                door.pass();
                after(pair, service, second, order, checksBefore);
            }
        } finally {
            stores.stop();
        }
    }

    private static void mysfit(DynamoDbAsyncClient dynamo, String id) {
        var item = new HashMap<String, AttributeValue>();
        for (var name : List.of("Name", "Species", "Description", "GoodEvil", "LawChaos"))
            item.put(name, AttributeValue.fromS("Good"));
        item.put("MysfitId", AttributeValue.fromS(id));
        dynamo.putItem(r -> r.tableName("meridian-mysfits").item(item)).join();
    }

    private void before(PostgresPair pair, ServiceProcess service) throws Exception {
        assertEquals(201, put(service, product, "First", 3, ",\"stock\":5"));
        assertEquals(200, adopt(service, kept, "ada"));
        await().atMost(SOON)
                .until(() ->
                        pair.standby().ask("SELECT count(*) FROM adoptions").equals("1"));
    }

    /// @return an order of the product that is lost with it
    private String tail(ServiceProcess service) throws Exception {
        assertEquals(200, add(service, product, 7, "delivery"));
        assertEquals(200, put(service, product, "Second", 4, ""));
        assertEquals(201, put(service, born, "Born", 6, ",\"stock\":9"));
        assertEquals(200, adopt(service, adopted, "ada"));
        var placed = RecoveryFixtures.place(service, Http.anId("c"), born, 2);
        assertEquals(200, placed.statusCode(), placed::body);
        return RecoveryFixtures.json(placed).path("id").asText();
    }

    private void whileTheWriterIsAway(ServiceProcess service, DynamoDbAsyncClient dynamo) throws Exception {
        assertEquals(503, put(service, product, "Third", 5, ""));
        assertEquals(503, add(service, product, 1, "away"));
        var open = dynamo.scan(r -> r.tableName("meridian-catalog-journal")
                        .consistentRead(true)
                        .filterExpression("#state = :open")
                        .expressionAttributeNames(Map.of("#state", "state"))
                        .expressionAttributeValues(Map.of(":open", AttributeValue.fromS("OPEN"))))
                .join();
        assertEquals(List.of(), open.items());
    }

    private void after(
            PostgresPair pair, ServiceProcess service, ServiceProcess second, String order, long checksBefore)
            throws Exception {
        var writer = pair.standby();
        await().atMost(SOON).untilAsserted(() -> {
            assertEquals("12", writer.ask("SELECT stock FROM products WHERE id = '" + product + "'"));
            assertEquals("Second", writer.ask("SELECT name FROM products WHERE id = '" + product + "'"));
            assertEquals("7", writer.ask("SELECT stock FROM products WHERE id = '" + born + "'"));
            assertEquals("CONFIRMED", writer.ask("SELECT max(status) FROM orders WHERE id = '" + order + "'"));
            assertEquals("2", writer.ask("SELECT count(*) FROM adoptions WHERE claim IS NOT NULL"));
        });
        // A second check is over too, and found nothing more.
        await().atMost(SOON).until(() -> RecoveryFixtures.checks(service, second) >= checksBefore + 2);
        assertEquals("12", writer.ask("SELECT stock FROM products WHERE id = '" + product + "'"));
        assertEquals(3, RecoveryFixtures.sum("meridian_recovery_changes_replayed_total", service, second));
        assertEquals(0, RecoveryFixtures.sum("meridian_recovery_changes_failed_total", service, second));
        assertEquals(1, RecoveryFixtures.sum("meridian_recovery_adoptions_restored_total", service, second));
        assertEquals(200, add(second, product, 7, "delivery"));
        assertEquals("12", writer.ask("SELECT stock FROM products WHERE id = '" + product + "'"));
        assertEquals(200, adopt(second, adopted, "ada"));
        assertEquals(409, adopt(second, adopted, "bob"));
    }
}
