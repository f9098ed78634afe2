package dev.meridian.http;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.meridian.testing.Race;
import dev.meridian.testing.ServiceProcess;
import dev.meridian.testing.StoresResource;
import dev.meridian.testing.TcpProxy;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What the packaged artifact logs while its stores are away and when it ends: warnings with a number, and no
/// ERROR.
@Tag("process")
class LogsIT {
    private static final StoresResource STORES = new StoresResource();
    private static final Map<String, String> CALLS =
            Map.of("DynamoDB", "/ticket?limit=1", "PostgreSQL", "/catalog/size");
    private static final int CALLS_EACH = 60;
    private static final Pattern MORE = Pattern.compile("\\((\\d+) more within 1 s\\)");

    private static final Pattern ERRORS_IN_TEXT =
            Pattern.compile(" (ERROR|FATAL) |^\\tat |Exception in thread", Pattern.MULTILINE);
    private static final Pattern ERRORS_IN_JSON =
            Pattern.compile("\"level\": ?\"(ERROR|FATAL)\"|^\\tat |Exception in thread", Pattern.MULTILINE);

    private TcpProxy dynamo;
    private TcpProxy postgres;
    private ServiceProcess service;

    @BeforeEach
    void start() throws Exception {
        var config = new HashMap<>(STORES.start());
        var dynamoUri = URI.create(config.get("quarkus.dynamodb.endpoint-override"));
        var postgresUri = URI.create(config.get("meridian.sql.writer-url"));
        dynamo = new TcpProxy(dynamoUri.getHost(), dynamoUri.getPort());
        postgres = new TcpProxy(postgresUri.getHost(), postgresUri.getPort());
        var sql = "postgresql://localhost:" + postgres.port() + "/postgres";
        config.putAll(Map.of(
                "quarkus.profile", "test",
                "meridian.sample-data.enabled", "false",
                "meridian.http.warning-interval", "1s",
                "quarkus.dynamodb.endpoint-override", "http://localhost:" + dynamo.port(),
                "meridian.sql.writer-url", sql,
                "meridian.sql.reader-url", sql,
                "meridian.settler.enabled", "true",
                "meridian.heartbeat.enabled", "true"));
        service = ServiceProcess.serve(config);
        for (var path : CALLS.values()) assertEquals(200, status(path));
    }

    @AfterEach
    void stop() throws Exception {
        service.close();
        dynamo.close();
        postgres.close();
        STORES.stop();
    }

    private int status(String path) throws Exception {
        return service.send("GET", path, null).statusCode();
    }

    private List<String> warnings(String store) {
        return service.log()
                .lines()
                .filter(line -> line.contains("STORE_UNAVAILABLE: " + store))
                .toList();
    }

    private void assertNoErrors() {
        assertFalse(ERRORS_IN_TEXT.matcher(service.log()).find(), service::log);
    }

    @Test
    void aStoreThatIsAwayIsAWarningWithANumber() throws Exception {
        dynamo.cut();
        postgres.cut();
        for (var call : CALLS.entrySet()) {
            var answers = Race.run(8, CALLS_EACH, _ -> () -> status(call.getValue()));
            long failed = answers.stream().filter(status -> status == 503).count();
            assertEquals(CALLS_EACH, failed, answers::toString);
        }
        // Each is either logged or counted; there are a few kinds of causes, and each begins with a line of its own.
        for (var store : CALLS.keySet()) {
            await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> {
                var lines = warnings(store);
                var numbers = new AtomicInteger();
                lines.forEach(line -> {
                    assertTrue(line.contains(" WARN "), line);
                    var more = MORE.matcher(line);
                    numbers.addAndGet(more.find() ? Integer.parseInt(more.group(1)) : 1);
                });
                assertTrue(numbers.get() >= CALLS_EACH, lines::toString);
                assertTrue(lines.size() <= CALLS_EACH / 3, lines::toString);
            });
        }
        dynamo.pass();
        postgres.pass();
        for (var path : CALLS.values()) {
            await().atMost(Duration.ofSeconds(20)).until(() -> status(path) == 200);
        }
        assertNoErrors();
    }

    /// Under load, with open connections to both stores, and with calls that hang.
    @Test
    void aCleanEndLogsNoError() throws Exception {
        try (var clients = Executors.newVirtualThreadPerTaskExecutor()) {
            var sent = load(clients, service, 24);
            await().atMost(Duration.ofSeconds(20)).until(() -> sent.get() > 500);
            dynamo.slow(Duration.ofMillis(300));
            service.terminate();
            assertNotEquals(-1, service.exitCode(Duration.ofSeconds(30)), service::log);
        }
        assertNoErrors();
    }

    /// With the logs and the delay of production: the process serves on while load balancers turn away.
    @Test
    void aCleanEndInProductionLogsNoError() throws Exception {
        var sql = "postgresql://localhost:" + postgres.port() + "/postgres";
        ServiceProcess.migrate(sql);
        // The tables of the service in test mode.
        var config = ServiceProcess.production(
                Map.of("quarkus.dynamodb.endpoint-override", "http://localhost:" + dynamo.port()), "meridian-", sql);
        config.put("meridian.region", "eu-west-1");
        try (var production = ServiceProcess.serve(config);
                var clients = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var path : CALLS.values()) {
                await().atMost(Duration.ofSeconds(20))
                        .until(() -> production.send("GET", path, null).statusCode() == 200);
            }
            var sent = load(clients, production, 4);
            await().atMost(Duration.ofSeconds(20)).until(() -> sent.get() > 100);
            production.terminate();
            int before = sent.get();
            await().atMost(Duration.ofSeconds(20)).until(() -> sent.get() > before + 10);
            assertNotEquals(-1, production.exitCode(Duration.ofSeconds(30)), production::log);
            assertTrue(production.log().contains("\"level\":\"INFO\""), production::log);
            assertFalse(ERRORS_IN_JSON.matcher(production.log()).find(), production::log);
        }
    }

    /// Requests for both stores until the service has ended.
    ///
    /// @return how many were answered
    private static AtomicInteger load(ExecutorService clients, ServiceProcess service, int count) {
        var sent = new AtomicInteger();
        for (int i = 0; i < count; i++) {
            var path = List.copyOf(CALLS.values()).get(i % 2);
            clients.submit(() -> {
                try {
                    while (true) {
                        service.send("GET", path, null);
                        sent.incrementAndGet();
                    }
                } catch (Exception _) {
                    // The service has ended.
                    return null;
                }
            });
        }
        return sent;
    }
}
