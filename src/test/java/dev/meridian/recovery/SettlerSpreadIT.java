package dev.meridian.recovery;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.meridian.shared.Ids;
import dev.meridian.testing.Http;
import dev.meridian.testing.ServiceProcess;
import dev.meridian.testing.StoresResource;
import dev.meridian.testing.TcpProxy;
import dev.meridian.testing.TestProducts;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/// Several tasks of a Region share the open orders.
@Tag("dynamodb")
@Tag("process")
class SettlerSpreadIT {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final int TASKS = 4;
    private static final int PRODUCTS = 8;
    private static final int ORDERS = 2000;
    private static final int PARTITIONS = 8;
    private static final Pattern LOGGED = Pattern.compile("order settled orderId=(\\w+)");
    private static final Pattern SETTLED =
            Pattern.compile("meridian_store_calls_seconds_count\\{[^}]*operation=\"order-settle\"[^}]*} (\\S+)");

    private final StoresResource stores = new StoresResource();
    private final List<ServiceProcess> services = new ArrayList<>();
    private Map<String, String> config;
    private String database;
    private TcpProxy writer;
    private Journal journal;

    @BeforeEach
    void start() throws Exception {
        config = RecoveryFixtures.quick(stores.start());
        var uri = URI.create(config.get("meridian.sql.writer-url"));
        database = "jdbc:" + uri;
        writer = new TcpProxy(uri.getHost(), uri.getPort());
        journal = new Journal(config.get("quarkus.dynamodb.endpoint-override"));
        ServiceProcess.migrate(uri.toString());
        config.put("meridian.sql.writer-url", "postgresql://localhost:" + writer.port() + "/postgres");
        config.put("meridian.heartbeat.enabled", "true");
        config.put("meridian.heartbeat.interval", "2s");
    }

    @AfterEach
    void stop() throws Exception {
        services.forEach(ServiceProcess::close);
        journal.close();
        writer.close();
        stores.stop();
    }

    /// After an outage all of them wake at once.
    @Test
    void fourTasksSettleEachOrderAboutOnce() throws Exception {
        for (int i = 0; i < TASKS; i++) services.add(ServiceProcess.serve(config));
        var templates = new ArrayList<Map<String, AttributeValue>>();
        writer.hang();
        for (int i = 0; i < PRODUCTS; i++) templates.add(accepted());
        for (int i = PRODUCTS; i < ORDERS; i++) copy(templates.get(i % PRODUCTS));
        for (var service : services)
            await().atMost(SOON).until(() -> RecoveryFixtures.metric(service, "meridian_heartbeat_tasks") == TASKS);
        double before = statements();
        writer.cut();
        writer.pass();
        await().atMost(Duration.ofMinutes(3)).until(() -> confirmed() == ORDERS);
        await().atMost(SOON).until(() -> RecoveryFixtures.metric(services.getFirst(), "meridian_journal_open") == 0);
        double each = (statements() - before) / ORDERS;
        System.out.println("statements for each of " + ORDERS + " orders, " + TASKS + " tasks: " + each);
        assertTrue(each >= 1 && each <= 1.5, () -> "statements for each order: " + each);
        assertEquals(PARTITIONS, shares(), "each partition is one task's");
    }

    /// A task that hangs still has its partitions, as the others think: they take over what it leaves.
    @Test
    void whatATaskLeavesIsTakenOver() throws Exception {
        config.put("meridian.settler.take-over", "3s");
        config.put("meridian.heartbeat.interval", "5m");
        try (var gone = ServiceProcess.serve(config)) {
            services.add(ServiceProcess.serve(config));
            await().atMost(SOON)
                    .until(() -> RecoveryFixtures.metric(services.getFirst(), "meridian_heartbeat_tasks") == 2);
            gone.kill();
        }
        writer.hang();
        var template = accepted();
        for (int i = 1; i < 50; i++) copy(template);
        writer.cut();
        writer.pass();
        await().atMost(SOON).until(() -> confirmed() == 50);
        assertEquals(2, RecoveryFixtures.metric(services.getFirst(), "meridian_heartbeat_tasks"), "still believed in");
    }

    /// How many partitions the tasks have settled orders of, together. A run that began before a task knew of the
    /// others may have settled a few.
    private long shares() {
        return services.stream()
                .mapToLong(service -> LOGGED
                        .matcher(service.log())
                        .results()
                        .collect(Collectors.groupingBy(line -> partition(line.group(1)), Collectors.counting()))
                        .values()
                        .stream()
                        .filter(orders -> orders > 10)
                        .count())
                .sum();
    }

    private static int partition(String orderId) {
        return Math.floorMod(orderId.hashCode(), PARTITIONS);
    }

    private Map<String, AttributeValue> accepted() throws Exception {
        var product = Http.anId("p");
        try (var connection = RecoveryFixtures.sql(database)) {
            TestProducts.create(connection, product, 1950, null);
        }
        var answer = RecoveryFixtures.place(services.getFirst(), Http.anId("c"), product, 3);
        assertEquals(202, answer.statusCode(), answer::body);
        return journal.get(RecoveryFixtures.json(answer).path("id").asText());
    }

    private void copy(Map<String, AttributeValue> template) {
        var id = Ids.ulid();
        var item = new HashMap<>(template);
        item.put("orderId", AttributeValue.fromS(id));
        item.put("idempotencyKey", AttributeValue.fromS(id));
        item.put("openShard", AttributeValue.fromS(Integer.toString(partition(id))));
        item.put("acceptedAt", AttributeValue.fromS(Journal.time(Instant.now())));
        journal.put(item);
    }

    private long confirmed() throws Exception {
        return RecoveryFixtures.ask(database, "SELECT count(*) FROM orders WHERE status = ?", "CONFIRMED");
    }

    private double statements() throws Exception {
        double sum = 0;
        for (var service : services)
            sum += SETTLED.matcher(service.manage("/q/metrics").body())
                    .results()
                    .mapToDouble(line -> Double.parseDouble(line.group(1)))
                    .sum();
        return sum;
    }
}
