package dev.meridian.region;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.meridian.testing.ServiceProcess;
import dev.meridian.testing.StoresResource;
import dev.meridian.testing.TcpProxy;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/// Two Regions of the packaged artifact read each other's heartbeats from one table `regions`, which stands for
/// two replicas. One Region is cut off from it.
@Tag("dynamodb")
@Tag("process")
class HeartbeatIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final StoresResource STORES = new StoresResource();

    private static TcpProxy dynamo;
    private static ServiceProcess here;
    private static ServiceProcess there;

    @BeforeAll
    static void start() throws Exception {
        var stores = STORES.start();
        var uri = URI.create(stores.get("quarkus.dynamodb.endpoint-override"));
        dynamo = new TcpProxy(uri.getHost(), uri.getPort());
        here = ServiceProcess.serve(config(stores, "eu-west-1", stores.get("quarkus.dynamodb.endpoint-override")));
        there = ServiceProcess.serve(config(stores, "us-east-1", "http://localhost:" + dynamo.port()));
    }

    private static Map<String, String> config(Map<String, String> stores, String region, String endpoint) {
        var config = new HashMap<>(stores);
        config.putAll(Map.of(
                "quarkus.profile", "test",
                "meridian.region", region,
                "meridian.sample-data.enabled", "false",
                "meridian.dynamo.timeout", "3s",
                "meridian.dynamo.attempt-timeout", "1s",
                "meridian.heartbeat.enabled", "true",
                "meridian.heartbeat.interval", "1s",
                "meridian.heartbeat.silent-after", "4s",
                "quarkus.dynamodb.endpoint-override", endpoint));
        return config;
    }

    @AfterAll
    static void stop() throws Exception {
        if (here != null) here.close();
        if (there != null) there.close();
        if (dynamo != null) dynamo.close();
        STORES.stop();
    }

    private static String row(ServiceProcess service, String region) throws Exception {
        var page = service.send("GET", "/status", null, "Accept", "text/html");
        assertEquals(200, page.statusCode(), page::body);
        var row = Pattern.compile("<li [^>]*id=\"region-" + region + "\">(.*?)</li>", Pattern.DOTALL)
                .matcher(page.body());
        if (!row.find()) return "none";
        return Pattern.compile("<(h3|span|dd)[^>]*>(.*?)</\\1>", Pattern.DOTALL)
                .matcher(row.group(1))
                .results()
                .map(cell -> cell.group(2).strip())
                .collect(Collectors.joining(" ", " ", " "));
    }

    private static void assertRow(ServiceProcess service, String region, String pattern) {
        await().atMost(SOON).untilAsserted(() -> {
            var row = row(service, region);
            assertTrue(row.matches(pattern), row);
        });
    }

    @Test
    void regionsHearEachOtherAndNoticeSilence() throws Exception {
        assertRow(here, "us-east-1", " us-east-1 Up Active [0-9]+ s ago \\d+ ms \\d+ ms \\d+ ms ");
        assertRow(there, "eu-west-1", " eu-west-1 Up Active [0-9]+ s ago \\d+ ms \\d+ ms \\d+ ms ");
        assertADrainStands();
        dynamo.hang();
        assertRow(here, "us-east-1", " us-east-1 Silent Active [0-9]+ s ago .*");
        // What was known stands there, and grows old.
        assertRow(there, "us-east-1", " us-east-1 Down Active here Down .*");
        assertRow(there, "eu-west-1", " eu-west-1 Silent Active [0-9]+ s ago .*");
        assertTrue(
                there.send("GET", "/status", null, "Accept", "text/html").body().contains("cannot be read now"));
        dynamo.pass();
        assertRow(here, "us-east-1", " us-east-1 Up Active [0-9]+ s ago .*");
        assertRow(there, "eu-west-1", " eu-west-1 Up Active [0-9]+ s ago .*");
        assertTrue(there.log().contains("cannot write the heartbeat"), there::log);
    }

    /// What a dead task left says nothing, and goes an hour later: an MRSC table has no TTL.
    @Test
    void deadTasksAreIgnoredAndRemoved() throws Exception {
        try (var client = StoresResource.dynamo()) {
            putTask(client, "dead", Duration.ofMinutes(5));
            putTask(client, "forgotten", Duration.ofHours(2));
            await().atMost(SOON)
                    .until(() -> tasks(client).size() == 3 && !tasks(client).contains("forgotten"));
            assertTrue(tasks(client).contains("dead"), "it may only have paused");
            assertRow(here, "us-east-1", " us-east-1 Up Active .*");
            var metrics = here.manage("/q/metrics").body();
            assertTrue(metrics.matches("(?s).*meridian_heartbeat_tasks\\{[^}]*} 1\\.0.*"), metrics);
        }
    }

    private static void putTask(DynamoDbAsyncClient client, String task, Duration ago) {
        var expired = Instant.now().minus(ago);
        client.putItem(r -> r.tableName("meridian-regions")
                        .item(Map.of(
                                "region", AttributeValue.fromS("#beat/eu-west-1/" + task),
                                "at", AttributeValue.fromS(expired.toString()),
                                "expiresAt", AttributeValue.fromN(Long.toString(expired.getEpochSecond())),
                                "settles", AttributeValue.fromBool(true))))
                .join();
    }

    /// The names of all tasks in the table.
    private static Set<String> tasks(DynamoDbAsyncClient client) {
        return client.scan(r -> r.tableName("meridian-regions").consistentRead(true)).join().items().stream()
                .map(item -> item.get("region").s())
                .filter(key -> key.matches("#beat/[^/]+/.+"))
                .map(key -> key.substring(key.lastIndexOf('/') + 1))
                .collect(Collectors.toSet());
    }

    /// Heartbeats continue during a drain and do not change the drain state.
    private static void assertADrainStands() throws Exception {
        assertEquals(
                200,
                here.send("PUT", "/admin/regions/us-east-1", "{\"state\":\"DRAINED\"}")
                        .statusCode());
        assertRow(there, "us-east-1", " us-east-1 Drained Drained here .*");
        assertRow(here, "us-east-1", " us-east-1 Drained Drained [0-9]+ s ago .*");
        for (long end = System.nanoTime() + 3_000_000_000L; System.nanoTime() < end; ) {
            var health = JSON.readTree(there.send("GET", "/health", null).body());
            assertEquals("DRAINED", health.path("status").asText());
        }
        here.send("PUT", "/admin/regions/us-east-1", "{\"state\":\"ACTIVE\"}");
        assertRow(here, "us-east-1", " us-east-1 Up Active .*");
    }
}
