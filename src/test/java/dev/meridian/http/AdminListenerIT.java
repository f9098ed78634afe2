package dev.meridian.http;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meridian.testing.RawHttp;
import dev.meridian.testing.ServiceProcess;
import dev.meridian.testing.StoresResource;
import dev.meridian.testing.TcpProxy;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The administrators' listener of the packaged artifact in production mode.
@Tag("process")
class AdminListenerIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String TOKEN = "the administrator's token of this test";
    private static final String REGIONS = "/admin/regions";
    private static final Duration END = Duration.ofSeconds(30);
    private static final StoresResource STORES = new StoresResource();
    private static Map<String, String> stores;

    @BeforeAll
    static void startStores() {
        stores = STORES.start();
    }

    @AfterAll
    static void stopStores() {
        STORES.stop();
    }

    private static Map<String, String> production() {
        var config = ServiceProcess.production(stores, "adminport-", stores.get("meridian.sql.writer-url"));
        config.put("meridian.admin.token", TOKEN);
        return config;
    }

    private static RawHttp.Answer get(int port, String target, String... headers) throws IOException {
        var lines = headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
        return RawHttp.send(
                port,
                ("GET " + target + " HTTP/1.1\r\nHost: localhost\r\n" + lines + "Connection: close\r\n\r\n")
                        .getBytes(StandardCharsets.ISO_8859_1));
    }

    private static String problem(RawHttp.Answer answer) throws IOException {
        return ((ObjectNode) JSON.readTree(answer.body())).without("traceId").toString();
    }

    @Test
    void administrationAnswersOnItsOwnPortAlone() throws Exception {
        try (var service = ServiceProcess.serve(production())) {
            assertNotEquals(0, service.adminPort(), service::log);
            var token = "Authorization: Bearer " + TOKEN;
            var unknown = get(service.port(), "/no-such-path");
            for (var target : new String[] {
                REGIONS,
                REGIONS + "/",
                "/admin",
                "/admin/",
                "//admin/regions",
                "/%61dmin/regions",
                "/Admin/regions",
                "/x/../admin/writer-epoch",
                "/admin/recovery/missing-orders",
                "/admin/customers/ada/data"
            }) {
                var answer = get(service.port(), target, token);
                assertEquals(404, answer.status(), () -> target + " gave " + answer);
                assertEquals(problem(unknown), problem(answer), target);
                assertEquals("nosniff", answer.header("X-Content-Type-Options").orElse(""), target);
            }
            assertEquals(400, get(service.port(), "/admin;x/regions", token).status());

            // Without tables the store's problem is the answer to an administrator.
            var answer = get(service.adminPort(), REGIONS, token);
            assertEquals(503, answer.status(), answer::toString);
            assertEquals("eu-central-1", answer.header("X-Region").orElse(""));
            assertEquals("nosniff", answer.header("X-Content-Type-Options").orElse(""));
            assertEquals("no-store", answer.header("Cache-Control").orElse(""));
            assertTrue(answer.header("X-Amzn-Trace-Id").orElse("").startsWith("Root=1-"), answer::toString);
            assertEquals(401, get(service.adminPort(), REGIONS).status());
            assertEquals(
                    401,
                    get(service.adminPort(), "/%61dmin/regions", "Authorization: Bearer x")
                            .status());
            assertEquals(200, get(service.adminPort(), "/topology").status());
            await().atMost(Duration.ofSeconds(5)).until(() -> service.log().contains("operation=/admin/regions"));
        }
    }

    @Test
    void publicAdministrationNeedsNoPortOfItsOwn() throws Exception {
        var config = production();
        config.put("meridian.admin.public", "true");
        // As if it were not set: `ServiceProcess` sets it otherwise.
        config.put("meridian.admin.port", "");
        try (var service = ServiceProcess.serve(config)) {
            assertEquals(0, service.adminPort());
            assertEquals(401, get(service.port(), REGIONS).status());
            assertEquals(
                    503,
                    get(service.port(), REGIONS, "Authorization: Bearer " + TOKEN)
                            .status());
        }
    }

    @Test
    void aPortThatIsTakenIsASentence() throws Exception {
        try (var other = new ServerSocket(0)) {
            assertRefused(
                    Map.of("meridian.admin.port", Integer.toString(other.getLocalPort())),
                    "meridian.admin.port: " + other.getLocalPort() + " cannot be opened: Address already in use");
        }
        assertRefused(
                Map.of("meridian.admin.port", "18080", "quarkus.http.port", "18080"),
                "meridian.admin.port: 18080 is the port of quarkus.http.port");
        assertRefused(
                Map.of("meridian.admin.port", "19000", "quarkus.management.port", "19000"),
                "meridian.admin.port: 19000 is the port of quarkus.management.port");
        assertRefused(Map.of("meridian.admin.port", "65536"), "meridian.admin.port");
    }

    private static void assertRefused(Map<String, String> ports, String sentence) throws Exception {
        var config = production();
        config.putAll(ports);
        try (var service = ServiceProcess.run(config)) {
            assertEquals(1, service.exitCode(END), service::log);
            assertTrue(service.log().contains(sentence), service::log);
            assertFalse(service.log().contains("\tat ") || service.log().contains("\\tat "), service::log);
        }
    }

    /// As on the main port: what is under way is answered, in the delay what is new too.
    @Test
    void sigtermEndsRequestsOfAdministratorsFirst() throws Exception {
        var config = production();
        var dynamo = URI.create(config.get("quarkus.dynamodb.endpoint-override"));
        try (var proxy = new TcpProxy(dynamo.getHost(), dynamo.getPort());
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            config.put("quarkus.dynamodb.endpoint-override", "http://localhost:" + proxy.port());
            config.put("meridian.dynamo.timeout", "15s");
            config.put("meridian.dynamo.attempt-timeout", "15s");
            try (var service = ServiceProcess.serve(config)) {
                var token = "Bearer " + TOKEN;
                service.administer("GET", REGIONS, null, "Authorization", token);
                proxy.slow(Duration.ofMillis(4500));
                var underWay = threads.submit(() -> service.administer("GET", REGIONS, null, "Authorization", token));
                await().pollDelay(Duration.ofMillis(300)).until(() -> true);
                assertFalse(underWay.isDone());
                service.terminate();
                await().atMost(Duration.ofSeconds(2))
                        .until(() -> service.manage("/q/health/ready").statusCode() == 503);
                assertEquals(200, service.administer("GET", "/topology", null).statusCode(), "within the delay of 3 s");
                assertEquals(503, underWay.get().statusCode());
                assertTrue(
                        underWay.get().body().contains("A DynamoDB table is missing"),
                        underWay.get().body());
                assertNotEquals(-1, service.exitCode(END), service::log);
            }
        }
    }
}
