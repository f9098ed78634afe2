package dev.meridian.dynamo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.meridian.testing.Race;
import dev.meridian.testing.ServiceProcess;
import dev.meridian.testing.StoresResource;
import dev.meridian.testing.TcpProxy;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Stores that hang or are cut off: the packaged artifact with a proxy in front of each store and the timeouts
/// of production. Requests that need the store get 503 in time, all others still work, and everything recovers
/// without a restart.
@Tag("dynamodb")
@Tag("process")
class StoreFaultsIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final StoresResource STORES = new StoresResource();
    /// Timeouts are 1 s; the rest is a margin for a busy machine.
    private static final Duration IN_TIME = Duration.ofSeconds(4);

    private static final Duration HEALTH_IN_TIME = Duration.ofSeconds(2);
    private static final Duration RECOVERY = Duration.ofSeconds(20);
    private static final String DYNAMO_CALL = "/ticket?limit=1";
    private static final String SQL_CALL = "/catalog/size";

    private static TcpProxy dynamo;
    private static TcpProxy postgres;
    private static ServiceProcess service;
    private static boolean hasCatalog;

    @BeforeAll
    static void start() throws Exception {
        var config = new HashMap<>(STORES.start());
        var dynamoUri = URI.create(config.get("quarkus.dynamodb.endpoint-override"));
        var postgresUri = URI.create(config.get("meridian.sql.writer-url"));
        dynamo = new TcpProxy(dynamoUri.getHost(), dynamoUri.getPort());
        postgres = new TcpProxy(postgresUri.getHost(), postgresUri.getPort());
        config.put("quarkus.dynamodb.endpoint-override", "http://localhost:" + dynamo.port());
        config.put("meridian.sql.writer-url", "postgresql://localhost:" + postgres.port() + "/postgres");
        config.put("meridian.sql.reader-url", "postgresql://localhost:" + postgres.port() + "/postgres");
        config.putAll(Map.of(
                "quarkus.profile", "test",
                "meridian.sample-data.enabled", "false",
                "meridian.dynamo.timeout", "1s",
                "meridian.dynamo.attempt-timeout", "400ms",
                "meridian.dynamo.connect-timeout", "500ms",
                "meridian.sql.read-timeout", "1s",
                "meridian.sql.write-timeout", "1s",
                "meridian.sql.connect-timeout", "1s"));
        service = ServiceProcess.serve(config);
        hasCatalog = JSON.readTree(
                        service.send("GET", "/q/openapi?format=json", null).body())
                .path("paths")
                .has(SQL_CALL);
        recovered();
    }

    @AfterAll
    static void stop() throws IOException {
        if (service != null) service.close();
        if (dynamo != null) dynamo.close();
        if (postgres != null) postgres.close();
        STORES.stop();
    }

    @AfterEach
    void allWorksAgain() {
        recovered();
    }

    private static void recovered() {
        dynamo.pass();
        postgres.pass();
        long start = System.nanoTime();
        Awaitility.await()
                .atMost(RECOVERY)
                .until(() -> get("/health").statusCode() == 200
                        && get(DYNAMO_CALL).statusCode() == 200
                        && (!hasCatalog || get(SQL_CALL).statusCode() == 200));
        System.out.printf("store faults: all well again after %d ms%n", (System.nanoTime() - start) / 1_000_000);
    }

    private static HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return service.send("GET", path, null);
    }

    private static void assertHealth(String message, String check) throws Exception {
        // The answer before the fault may be given for one more second.
        Awaitility.await()
                .atMost(Duration.ofSeconds(5))
                .until(() -> timed(HEALTH_IN_TIME, "/health").statusCode() == 503);
        for (int i = 0; i < 3; i++) {
            var health = timed(HEALTH_IN_TIME, "/health");
            assertEquals(503, health.statusCode(), health::body);
            var body = JSON.readTree(health.body());
            assertEquals(message, body.path("message").asText());
            assertEquals("DOWN", body.path("status").asText());
            assertEquals("DOWN", body.path("checks").path(check).path("state").asText(), health::body);
        }
    }

    private static HttpResponse<String> timed(Duration limit, String path) throws IOException, InterruptedException {
        long start = System.nanoTime();
        var answer = get(path);
        long took = (System.nanoTime() - start) / 1_000_000;
        assertTrue(took < limit.toMillis(), () -> path + " took " + took + " ms");
        return answer;
    }

    /// More concurrent calls than the pools have connections.
    private static void assertUnavailable(String path, int calls) throws InterruptedException {
        var answers = Race.run(calls, calls, _ -> () -> timed(IN_TIME, path));
        for (var answer : answers) {
            assertEquals(503, answer.statusCode(), answer::body);
            assertTrue(answer.headers().firstValue("Retry-After").orElse("").matches("[1-9]\\d*"), answer::body);
            assertTrue(answer.body().contains("urn:meridian:problem:store-unavailable"), answer::body);
        }
    }

    private static void assertFine(String path) throws Exception {
        var answer = timed(IN_TIME, path);
        assertEquals(200, answer.statusCode(), answer::body);
    }

    private static void dynamoIsAway() throws Exception {
        assertUnavailable(DYNAMO_CALL, 40);
        assertHealth("Could not read from DynamoDB table.", "dynamodb");
        assertFine("/topology");
        if (hasCatalog) assertFine(SQL_CALL);
        assertUnavailable(DYNAMO_CALL, 40);
    }

    private static void postgresIsAway() throws Exception {
        if (hasCatalog) assertUnavailable(SQL_CALL, 40);
        assertHealth("Could not read from PostgreSQL.", "sql-reader");
        assertFine("/topology");
        assertFine(DYNAMO_CALL);
        if (hasCatalog) assertUnavailable(SQL_CALL, 40);
    }

    @Test
    void dynamoHangs() throws Exception {
        dynamo.hang();
        dynamoIsAway();
    }

    @Test
    void dynamoIsCut() throws Exception {
        dynamo.cut();
        dynamoIsAway();
    }

    @Test
    void postgresHangs() throws Exception {
        postgres.hang();
        postgresIsAway();
    }

    @Test
    void postgresIsCut() throws Exception {
        postgres.cut();
        postgresIsAway();
    }

    /// While the drain states cannot be read, the last known state stays, in either direction.
    @Test
    void aDrainedRegionStaysDrainedWithoutDynamo() throws Exception {
        drain("DRAINED");
        awaitStatus("DRAINED");
        dynamo.hang();
        for (long end = System.nanoTime() + 3_000_000_000L; System.nanoTime() < end; )
            assertEquals(
                    "DRAINED",
                    JSON.readTree(get("/health").body()).path("status").asText());
        dynamo.pass();
        Awaitility.await().atMost(RECOVERY).untilAsserted(() -> drain("ACTIVE"));
        awaitStatus("UP");
    }

    private static void drain(String state) throws Exception {
        var body = "{\"state\":\"" + state + "\"}";
        assertEquals(200, service.send("PUT", "/admin/regions/eu-west-1", body).statusCode());
    }

    private static void awaitStatus(String status) {
        Awaitility.await()
                .atMost(RECOVERY)
                .until(() -> JSON.readTree(get("/health").body())
                        .path("status")
                        .asText()
                        .equals(status));
    }

    @Test
    void bothHang() throws Exception {
        dynamo.hang();
        postgres.hang();
        assertHealth("Could not read from DynamoDB table.", "sql-reader");
        assertFine("/topology");
    }
}
