package dev.meridian.recovery;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.meridian.testing.Http;
import dev.meridian.testing.Race;
import dev.meridian.testing.ServiceProcess;
import dev.meridian.testing.StoresResource;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Many buyers of one product, each of whom keeps its row locked for 50 ms, with the timeouts of production.
@Tag("dynamodb")
@Tag("process")
class HotProductIT {
    private static final StoresResource STORES = new StoresResource();
    private static final int STOCK = 60;
    private static final int BUYERS = 80;
    private static final int ORDERS = 200;

    private static Map<String, String> config;
    private static String database;

    @BeforeAll
    static void start() throws Exception {
        config = RecoveryFixtures.quick(STORES.start());
        // 80 buyers need 4 s, and the others must not be late on a busy machine.
        config.put("meridian.order.budget", "3s");
        database = "jdbc:" + config.get("meridian.sql.writer-url");
        ServiceProcess.migrate(config.get("meridian.sql.writer-url"));
    }

    @AfterAll
    static void stop() {
        STORES.stop();
    }

    private static void run(String statement) throws SQLException {
        try (var connection = RecoveryFixtures.sql(database);
                var prepared = connection.createStatement()) {
            prepared.execute(statement);
        }
    }

    private static void slowDown(String product) throws SQLException {
        run("""
                CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS
                'BEGIN PERFORM pg_sleep(0.05); RETURN NEW; END'""");
        run("CREATE TRIGGER slow BEFORE UPDATE ON products FOR EACH ROW WHEN (OLD.id = '" + product
                + "') EXECUTE FUNCTION slow()");
    }

    /// Orders and changes of another product, one after the other, while the buyers wait.
    private static TreeMap<Integer, Integer> others(ServiceProcess service, String product, BooleanSupplier goOn)
            throws Exception {
        var statuses = new TreeMap<Integer, Integer>();
        do {
            var order = RecoveryFixtures.place(service, "somebody-else", product, 1);
            statuses.merge(order.statusCode(), 1, Integer::sum);
            var change = service.send("PUT", "/catalog/products/" + product, """
                    {"name":"Other","description":"Quiet.","price":2,"stock":1000,
                     "tags":[{"name":"t","displayName":"T"}]}""");
            statuses.merge(change.statusCode(), 1, Integer::sum);
        } while (goOn.getAsBoolean());
        return statuses;
    }

    @Test
    void itsBuyersAreServedInTimeOrLaterAndTheOthersDoNotNotice() throws Exception {
        var product = RecoveryFixtures.aProduct(database, STOCK);
        var other = RecoveryFixtures.aProduct(database, 1000);
        var customer = Http.anId("c");
        try (var service = ServiceProcess.serve(config)) {
            assertEquals(Map.of(200, 2), others(service, other, () -> false));
            slowDown(product);
            var isOver = new AtomicBoolean();
            var others = new FutureTask<>(() -> others(service, other, () -> !isOver.get()));
            Thread.ofVirtual().start(others);
            var statuses = new TreeMap<Integer, Integer>();
            Race.run(BUYERS, ORDERS, _ -> () -> RecoveryFixtures.place(service, customer, product, 1))
                    .forEach(answer -> statuses.merge(answer.statusCode(), 1, Integer::sum));
            isOver.set(true);
            System.out.printf("hot product: buyers=%s others=%s%n", statuses, others.get());
            assertEquals(Set.of(200), others.get().keySet());
            assertTrue(Set.of(200, 202, 409).containsAll(statuses.keySet()), statuses::toString);
            assertTrue(statuses.getOrDefault(202, 0) > 0, statuses::toString);
            assertTrue(statuses.getOrDefault(200, 0) >= STOCK / 4, statuses::toString);

            run("DROP TRIGGER slow ON products");
            await().atMost(Duration.ofSeconds(40))
                    .until(() -> RecoveryFixtures.ask(
                                    database, "SELECT count(*) FROM orders WHERE customer_id = ?", customer)
                            == ORDERS);
            assertEquals(0, RecoveryFixtures.ask(database, "SELECT stock FROM products WHERE id = ?", product));
            assertEquals(
                    STOCK,
                    RecoveryFixtures.ask(
                            database,
                            "SELECT count(*) FROM orders WHERE customer_id = ? AND status = 'CONFIRMED'",
                            customer));
            await().until(() -> RecoveryFixtures.metric(service, "meridian_orders_running") == 0);
            assertEquals(0, RecoveryFixtures.metric(service, "meridian_orders_waiting"));
            var metrics = service.manage("/q/metrics").body();
            assertTrue(
                    metrics.matches("(?s).*meridian_sql_lost_total\\{[^}]*pool=\"writer\"[^}]*} 0\\.0\n.*"), metrics);
            assertTrue(metrics.contains("meridian_orders_postponed_total{"), metrics);
        }
    }
}
