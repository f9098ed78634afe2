package dev.meridian.dynamo;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.meridian.shared.OnDemandReplication;
import dev.meridian.testing.Http;
import dev.meridian.testing.ServiceProcess;
import dev.meridian.testing.StoresResource;
import dev.meridian.testing.TcpProxy;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A Region that loses its own DynamoDB continues with another Region's replica, and switches back. Two Regions
/// of the packaged artifact, each with its own DynamoDB; an item-by-item copy stands for the replication.
/// [StoreFaultsIT] tests a service without a fallback.
@Tag("process")
class FallbackIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration SOON = Duration.ofSeconds(40);
    private static final String HEADER = "X-Meridian-DynamoDB-Region";
    private static final String MYSFIT = "2b473002-36f8-4b87-954e-9a377e0ccbec";
    private static final StoresResource STORES = new StoresResource();
    private static final StoresResource OTHER_STORES = new StoresResource();

    private static TcpProxy here;
    private static TcpProxy there;
    private static OnDemandReplication replicas;
    private static ServiceProcess eu;
    private static ServiceProcess us;

    @BeforeAll
    static void start() throws Exception {
        var stores = STORES.start();
        var dynamo = stores.get("quarkus.dynamodb.endpoint-override");
        var other = OTHER_STORES.start().get("quarkus.dynamodb.endpoint-override");
        here = new TcpProxy("localhost", URI.create(dynamo).getPort());
        there = new TcpProxy("localhost", URI.create(other).getPort());
        us = ServiceProcess.serve(config(
                stores,
                Map.of(
                        "meridian.region", "us-east-1",
                        "meridian.sample-data.enabled", "false",
                        "quarkus.dynamodb.endpoint-override", other)));
        eu = ServiceProcess.serve(config(
                stores,
                Map.of(
                        "meridian.region", "eu-west-1",
                        "quarkus.dynamodb.endpoint-override", "http://localhost:" + here.port(),
                        "meridian.dynamo.fallback.enabled", "true",
                        "meridian.dynamo.fallback.region", "us-east-1",
                        "meridian.dynamo.fallback.endpoint", "http://localhost:" + there.port(),
                        "meridian.dynamo.fallback.after", "1s",
                        "meridian.dynamo.fallback.probe-interval", "200ms",
                        "quarkus.log.category.\"dev.meridian.dynamo\".level", "INFO")));
        replicas = new OnDemandReplication(dynamo, other);
        replicas.copy();
    }

    private static Map<String, String> config(Map<String, String> stores, Map<String, String> own) {
        var config = new HashMap<>(stores);
        config.putAll(Map.of(
                "quarkus.profile", "test",
                "meridian.dynamo.timeout", "2s",
                "meridian.dynamo.attempt-timeout", "600ms",
                "meridian.dynamo.connect-timeout", "1s"));
        config.putAll(own);
        return config;
    }

    @AfterAll
    static void stop() throws Exception {
        if (eu != null) eu.close();
        if (us != null) us.close();
        if (replicas != null) replicas.close();
        if (here != null) here.close();
        if (there != null) there.close();
        STORES.stop();
        OTHER_STORES.stop();
    }

    @AfterEach
    void allWorksAgain() {
        here.pass();
        there.pass();
        await().atMost(SOON)
                .until(() -> eu.send("GET", "/health", null).statusCode() == 200
                        && fallbackRegion().isEmpty());
    }

    private static String fallbackRegion() throws IOException, InterruptedException {
        return header(eu.send("GET", "/topology", null));
    }

    private static String header(HttpResponse<?> answer) {
        return answer.headers().firstValue(HEADER).orElse("");
    }

    /// Sends likes continuously and records their outcomes.
    private static final class Likes implements AutoCloseable {
        static final AtomicLong ACKNOWLEDGED = new AtomicLong();
        static final AtomicLong UNKNOWN = new AtomicLong();

        private final AtomicBoolean isOver = new AtomicBoolean();
        private final List<Thread> threads;

        Likes() {
            threads = Stream.of(eu, eu, eu, us)
                    .map(service -> Thread.ofVirtual().start(() -> {
                        while (!isOver.get()) like(service);
                    }))
                    .toList();
        }

        /// @return the number of likes now; -1 when unknown
        static long like(ServiceProcess service) {
            try {
                var answer = service.send("POST", "/mysfits/" + MYSFIT + "/like", null);
                (answer.statusCode() == 200 ? ACKNOWLEDGED : UNKNOWN).incrementAndGet();
                return JSON.readTree(answer.body()).path("likes").asLong(-1);
            } catch (IOException | InterruptedException _) {
                UNKNOWN.incrementAndGet();
                return -1;
            }
        }

        @Override
        public void close() {
            isOver.set(true);
            try {
                for (var thread : threads) thread.join();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /// Nothing is copied from before each change of replica until after it: what one item had from both would
    /// show.
    @ParameterizedTest
    @EnumSource(
            value = TcpProxy.Mode.class,
            names = {"HANG", "CUT"})
    void aRegionCarriesOnWithoutItsDynamoAndLosesNoLike(TcpProxy.Mode fault) throws Exception {
        int conflicts = replicas.conflicts(DynamoTable.LIKES);
        try (var _ = new Likes()) {
            pause();
            long start = System.nanoTime();
            if (fault == TcpProxy.Mode.HANG) here.hang();
            else here.cut();
            awaitVia("us-east-1");
            System.out.printf("fallback: away after %d ms%n", (System.nanoTime() - start) / 1_000_000);
            pause();
        }
        var written = everythingWorks();
        replicas.copy();
        try (var _ = new Likes()) {
            pause();
            here.pass();
            awaitVia("");
            pause();
        }
        assertEquals(0.0, metric("meridian_dynamo_fallback_active"));
        replicas.copy();
        replicas.copy();
        for (var path : written) {
            var answer = eu.send("GET", path, null);
            assertEquals(200, answer.statusCode(), () -> path + " " + answer.body());
            assertEquals("", header(answer));
        }
        long counted = likes(eu);
        assertEquals(counted, likes(us));
        long acknowledged = Likes.ACKNOWLEDGED.get();
        long unknown = Likes.UNKNOWN.get();
        System.out.printf("fallback: likes acknowledged=%d unknown=%d counted=%d%n", acknowledged, unknown, counted);
        assertTrue(acknowledged <= counted && counted <= acknowledged + unknown, "likes lost or made up");
        assertEquals(conflicts, replicas.conflicts(DynamoTable.LIKES), "two replicas wrote one counter");
        var log = eu.log();
        assertTrue(log.contains("calls go to the fallback from=eu-west-1 to=us-east-1"), log);
        assertTrue(log.contains("calls go back to it region=eu-west-1"), log);
    }

    /// Lets the load run for a while.
    private static void pause() {
        await().pollDelay(Duration.ofSeconds(2)).until(() -> true);
    }

    private static void awaitVia(String region) {
        await().atMost(SOON).until(() -> fallbackRegion().equals(region));
    }

    /// The likes of the mysfit. A list may lack the likes of a new writer for a while.
    private static long likes(ServiceProcess service) throws Exception {
        var one = JSON.readTree(service.send("GET", "/mysfits/" + MYSFIT, null).body());
        await().atMost(SOON).until(() -> listed(service) == one.path("likes").asLong());
        return one.path("likes").asLong();
    }

    private static long listed(ServiceProcess service) throws Exception {
        var list = JSON.readTree(service.send("GET", "/mysfits", null).body()).path("mysfits");
        for (var mysfit : list) {
            if (mysfit.path("mysfitId").asText().equals(MYSFIT))
                return mysfit.path("likes").asLong();
        }
        return -1;
    }

    private static double metric(String name) throws Exception {
        return eu.manage("/q/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith(name))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    private static JsonNode call(int status, String method, String path, String body) throws Exception {
        var answer = eu.send(method, path, body);
        assertEquals(status, answer.statusCode(), () -> method + " " + path + " " + answer.body());
        assertEquals("us-east-1", header(answer), path);
        return JSON.readTree(answer.body());
    }

    /// Writes to every table and reads each write back immediately, here and in the other Region, which owns
    /// the replica.
    ///
    /// @return the data that must stay
    private static List<String> everythingWorks() throws Exception {
        long before = Likes.like(eu);
        assertEquals(before + 1, Likes.like(eu));
        assertEquals(before + 1, listed(eu));
        assertEquals(before + 1, likes(eu));
        assertEquals(before + 1, likes(us));
        var customer = Http.anId("cust");
        call(201, "PUT", "/customers/" + customer, "{\"name\":\"Wren\"}");
        call(200, "PUT", "/carts/" + customer + "/items/rune-tag", "{\"quantity\":3}");
        var line = "{\"itemId\":\"rune-tag\",\"quantity\":2}";
        assertEquals(
                5,
                call(201, "POST", "/carts/" + customer + "/items", line)
                        .path("quantity")
                        .asInt());
        call(201, "POST", "/checkout/" + customer + "/update", """
                {"items":[{"id":"rune-tag","name":"","quantity":1,"price":1}]}""");
        var order = call(200, "POST", "/orders", """
                {"items":[{"productId":"rune-tag","quantity":1}],
                 "shippingAddress":{"firstName":"A","lastName":"B","email":"a@example.com","address1":"1 Quay",
                                    "city":"C","zipCode":"06001","state":"CT"}}""").path("id").asText();
        var ticket = call(200, "POST", "/ticket", """
                {"description":"The lantern flickers","assigned":"Ada","priority":"low","status":"open",
                 "createdBy":"Wren"}""").path("id").asText();
        var player = Http.anId("p").substring(0, 20);
        call(201, "POST", "/leaderboard", "{\"player\":\"" + player + "\",\"country\":\"NO\",\"score\":7}");
        var written = List.of(
                "/customers/" + customer,
                "/carts/" + customer + "/items/rune-tag",
                "/checkout/" + customer,
                "/orders/" + order,
                "/ticket/" + ticket,
                "/leaderboard/players/" + player);
        for (var path : written) {
            call(200, "GET", path, null);
            assertEquals(200, us.send("GET", path, null).statusCode(), path);
        }
        call(200, "GET", "/ticket?limit=5", null);
        var health = call(200, "GET", "/health", null);
        assertEquals("UP", health.path("status").asText());
        assertEquals("fallback us-east-1", health.at("/checks/dynamodb/detail").asText(), health::toString);
        assertEquals(1.0, metric("meridian_dynamo_fallback_active"));
        assertTrue(metric("meridian_dynamo_calls_total{region=\"eu-west-1\",target=\"us-east-1\"") > 10);
        assertTrue(eu.send("GET", "/status", null, "Accept", "text/html").body().contains("fallback us-east-1"));
        return written;
    }

    @Test
    void aFallbackThatIsAwayTooIsNotUsedUntilItIsBack() throws Exception {
        there.cut();
        here.cut();
        for (long end = System.nanoTime() + 4_000_000_000L; System.nanoTime() < end; ) {
            var answer = eu.send("GET", "/ticket?limit=1", null);
            assertEquals(503, answer.statusCode(), answer::body);
            assertEquals("", header(answer));
        }
        await().atMost(SOON).until(() -> eu.send("GET", "/health", null).statusCode() == 503);
        there.pass();
        // It is looked at anew when a call fails.
        await().atMost(SOON)
                .until(() -> header(eu.send("GET", "/ticket?limit=1", null)).equals("us-east-1"));
        await().atMost(SOON).until(() -> eu.send("GET", "/health", null).statusCode() == 200);
        assertEquals(200, eu.send("GET", "/ticket?limit=1", null).statusCode());
    }
}
