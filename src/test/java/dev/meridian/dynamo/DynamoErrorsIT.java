package dev.meridian.dynamo;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.meridian.testing.DynamoProxy;
import dev.meridian.testing.DynamoRefusals.Call;
import dev.meridian.testing.Http;
import dev.meridian.testing.Race;
import dev.meridian.testing.ServiceProcess;
import dev.meridian.testing.StoresResource;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Errors of DynamoDB that no local engine gives: the packaged artifact with a proxy that answers with them.
/// [StoreFaultsIT] tests a DynamoDB that does not answer.
@Tag("dynamodb")
@Tag("process")
class DynamoErrorsIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final StoresResource STORES = new StoresResource();
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final int CALLERS = 8;
    private static final String MYSFIT = "2b473002-36f8-4b87-954e-9a377e0ccbec";

    private static DynamoProxy dynamo;
    private static ServiceProcess service;

    @BeforeAll
    static void start() throws Exception {
        var config = new HashMap<>(STORES.start());
        dynamo = new DynamoProxy(URI.create(config.get("quarkus.dynamodb.endpoint-override")));
        config.put("quarkus.dynamodb.endpoint-override", dynamo.endpoint().toString());
        config.putAll(Map.of(
                "quarkus.profile", "test",
                "meridian.dynamo.timeout", "2s",
                "meridian.dynamo.attempt-timeout", "1s",
                "meridian.heartbeat.enabled", "true",
                "meridian.settler.enabled", "true",
                "meridian.settler.grace", "1s"));
        service = ServiceProcess.serve(config);
        works();
    }

    @AfterAll
    static void stop() {
        if (service != null) service.close();
        if (dynamo != null) dynamo.close();
        STORES.stop();
    }

    @AfterEach
    void passes() throws InterruptedException {
        dynamo.refusals().pass();
        works();
    }

    /// Also saves retries again, so that no case depends on the one before.
    private static void works() throws InterruptedException {
        await().atMost(SOON)
                .until(() -> service.send("GET", "/health", null).statusCode() == 200 && like().statusCode() == 200);
        Race.run(CALLERS, 80, _ -> () -> cart(Http.anId("c")));
    }

    private static HttpResponse<String> send(String method, String path, String json) {
        try {
            return service.send(method, path, json);
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private static HttpResponse<String> cart(String customer) {
        return send("GET", "/carts/" + customer + "/items", null);
    }

    private static HttpResponse<String> like() {
        return send("POST", "/mysfits/" + MYSFIT + "/like", null);
    }

    private static HttpResponse<String> add(String customer, int quantity) {
        return send("POST", "/carts/" + customer + "/items", "{\"itemId\":\"rune-tag\",\"quantity\":" + quantity + "}");
    }

    private static int quantity(String customer) throws Exception {
        return json(send("GET", "/carts/" + customer + "/items/rune-tag", null))
                .path("quantity")
                .asInt();
    }

    private static JsonNode json(HttpResponse<String> answer) throws IOException {
        return JSON.readTree(answer.body());
    }

    private static Predicate<Call> calls(String operation, String table) {
        return call -> call.operation().equals(operation) && call.isAbout("meridian-" + table);
    }

    private static Predicate<Call> half(Predicate<Call> which, long seed) {
        var random = new Random(seed);
        return call -> which.test(call) && random.nextBoolean();
    }

    private static Predicate<Call> first(int count, Predicate<Call> which) {
        var seen = new AtomicInteger();
        return call -> which.test(call) && seen.incrementAndGet() <= count;
    }

    private static void assertUnavailable(HttpResponse<String> answer) {
        assertEquals(503, answer.statusCode(), answer::body);
        assertEquals("1", answer.headers().firstValue("Retry-After").orElse(""), answer::body);
        assertTrue(answer.body().contains("urn:meridian:problem:store-unavailable"), answer::body);
    }

    /// An addition too: nothing was written.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "ReplicatedWriteConflictException",
                "TransactionConflictException",
                "ProvisionedThroughputExceededException",
                "ThrottlingException"
            })
    void aWriteThatDynamoRefusesOnceIsWrittenOnce(String code) throws Exception {
        var customer = Http.anId("c");
        Predicate<Call> adds = calls("PutItem", "carts").and(call -> call.body().contains(customer));
        dynamo.refusals().refuse(code, first(1, adds));
        var answer = add(customer, 3);
        assertEquals(201, answer.statusCode(), answer::body);
        assertEquals(2, dynamo.calls(adds));
        assertEquals(3, quantity(customer));
    }

    @Test
    void whatStaysRefusedIs503() {
        var customer = Http.anId("c");
        Predicate<Call> adds = calls("PutItem", "carts").and(call -> call.body().contains(customer));
        dynamo.refusals().refuse("ReplicatedWriteConflictException", adds);
        assertUnavailable(add(customer, 3));
        assertEquals(4, dynamo.calls(adds));
    }

    @Test
    void aDynamoThatThrottlesHalfOfTheCallsGetsATenthMore() throws Exception {
        long seed = System.nanoTime();
        var lists = calls("Query", "carts");
        int before = dynamo.calls(lists);
        dynamo.refusals().refuse("ProvisionedThroughputExceededException", half(lists, seed));
        int requests = 600;
        var answers = Race.run(CALLERS, requests, _ -> () -> cart(Http.anId("c")));
        int calls = dynamo.calls(lists) - before;
        long answered = answers.stream().filter(a -> a.statusCode() == 200).count();
        System.out.printf(
                "half of the calls throttled: seed=%d requests=%d calls=%d answered=%d%n",
                seed, requests, calls, answered);
        answers.stream().filter(a -> a.statusCode() != 200).forEach(DynamoErrorsIT::assertUnavailable);
        assertTrue(calls <= requests + requests / 10, "seed " + seed + ": " + calls + " calls");
        assertTrue(calls > requests, "nothing was repeated");
        assertTrue(answered > requests / 3, "seed " + seed + ": " + answered + " answered");
        assertTrue(
                metric("meridian_store_calls_seconds_count", "operation=\"cart-list\"", "outcome=\"throttled\"") > 0);
    }

    @Test
    void whatIsAcknowledgedUnderThrottlingIsDoneOnce() throws Exception {
        long seed = System.nanoTime();
        var customer = Http.anId("c");
        long likes = json(send("GET", "/mysfits/" + MYSFIT, null)).path("likes").asLong();
        dynamo.refusals()
                .refuse("ThrottlingException", half(calls("PutItem", "carts").or(calls("UpdateItem", "likes")), seed));
        var adds = Race.run(CALLERS, 100, _ -> () -> add(customer, 2));
        var liked = Race.run(CALLERS, 100, _ -> () -> like());
        dynamo.refusals().pass();
        adds.stream().filter(a -> a.statusCode() != 201).forEach(DynamoErrorsIT::assertUnavailable);
        liked.stream().filter(a -> a.statusCode() != 200).forEach(DynamoErrorsIT::assertUnavailable);
        long added = adds.stream().filter(a -> a.statusCode() == 201).count();
        long acknowledged = liked.stream().filter(a -> a.statusCode() == 200).count();
        System.out.printf("throttled: seed=%d adds=%d likes=%d of 100%n", seed, added, acknowledged);
        assertTrue(added > 20 && acknowledged > 20, "seed " + seed);
        assertEquals(2 * added, quantity(customer), "seed " + seed);
        assertEquals(
                likes + acknowledged,
                json(send("GET", "/mysfits/" + MYSFIT, null)).path("likes").asLong(),
                "seed " + seed);
    }

    @Test
    void refusedCredentialsAre503AndOneLineThatNamesTheCode() throws Exception {
        var lists = calls("Query", "carts");
        for (var code : List.of("AccessDeniedException", "KMSAccessDeniedException", "ExpiredTokenException")) {
            dynamo.refusals().refuse(code, _ -> true);
            int before = dynamo.calls(lists);
            for (int i = 0; i < 20; i++) assertUnavailable(cart(Http.anId("c")));
            assertEquals(20, dynamo.calls(lists) - before, "a second try changes nothing");
            var warning = Pattern.compile("STORE_UNAVAILABLE: DynamoDB refuses this service: " + code);
            assertEquals(1, warning.matcher(service.log()).results().count(), service::log);
        }
        await().atMost(SOON)
                .until(() -> send("GET", "/health", null)
                        .body()
                        .contains("DynamoDB refuses this service: ExpiredTokenException"));
        assertFalse(service.log().contains(" ERROR "), service::log);
        assertEquals(
                60, metric("meridian_store_calls_seconds_count", "operation=\"cart-list\"", "outcome=\"refused\""));
    }

    /// Both Regions' settlers write the entries of a strongly consistent journal.
    @Test
    void theSettlerSurvivesConflicts() throws Exception {
        var closes = calls("UpdateItem", "order-journal");
        dynamo.refusals().refuse("ReplicatedWriteConflictException", closes);
        var answer = send("POST", "/orders", """
                {"items":[{"productId":"rune-tag","quantity":1}],
                 "shippingAddress":{"firstName":"A","lastName":"B","email":"a@example.com","address1":"1 Quay",
                                    "city":"C","zipCode":"06001","state":"CT"}}""");
        assertEquals(202, answer.statusCode(), answer::body);
        double settled = metric("meridian_journal_settled_total");
        dynamo.refusals().refuse("ReplicatedWriteConflictException", half(closes, 15));
        await().atMost(SOON).until(() -> metric("meridian_journal_settled_total") > settled);
        assertEquals(0, metric("meridian_journal_failures_total"));
        assertEquals(0, metric("meridian_journal_failing"));
        var path = "/orders/" + json(answer).path("id").asText();
        assertEquals("CONFIRMED", json(send("GET", path, null)).path("status").asText());
    }

    private static double metric(String name, String... labels) throws Exception {
        return service.manage("/q/metrics")
                .body()
                .lines()
                .filter(line ->
                        line.startsWith(name) && List.of(labels).stream().allMatch(line::contains))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }
}
