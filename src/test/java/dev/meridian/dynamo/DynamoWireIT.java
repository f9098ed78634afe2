package dev.meridian.dynamo;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.meridian.testing.RawHttpServer;
import dev.meridian.testing.ServiceProcess;
import dev.meridian.testing.StoresResource;
import dev.meridian.testing.TestCertificates;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/// The packaged artifact and a DynamoDB whose answers are spoilt on the way: each request gets its answer or a 503
/// problem, and all is well again as soon as the wire is.
@Tag("process")
class DynamoWireIT {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final String READ = "/ticket?limit=1";
    private static final String PAGE = "<html><body>Sorry</body></html>";
    private static final StoresResource STORES = new StoresResource();
    private static final HttpClient TO_STORE = HttpClient.newHttpClient();

    @TempDir
    static Path folder;

    private static Map<String, String> stores;
    private static URI store;
    private static RawHttpServer front;
    private static ServiceProcess service;

    @BeforeAll
    static void start() throws Exception {
        stores = STORES.start();
        store = URI.create(stores.get("quarkus.dynamodb.endpoint-override"));
        front = new RawHttpServer(DynamoWireIT::pass);
        var config = new HashMap<>(stores);
        config.putAll(Map.of(
                "quarkus.profile", "test",
                "quarkus.dynamodb.endpoint-override", "http://localhost:" + front.port(),
                "meridian.sample-data.enabled", "false",
                "meridian.dynamo.attempt-timeout", "200ms",
                "meridian.dynamo.timeout", "500ms"));
        service = ServiceProcess.serve(config);
        await().atMost(SOON).until(() -> read(service) == 200);
    }

    @AfterAll
    static void stop() throws IOException {
        if (service != null) service.close();
        if (front != null) front.close();
        TO_STORE.close();
        STORES.stop();
    }

    private static int read(ServiceProcess service) throws IOException, InterruptedException {
        return service.send("GET", READ, null).statusCode();
    }

    /// The store's own answer, as bytes.
    private static byte[] answer(RawHttpServer.Request request) throws IOException, InterruptedException {
        var call = HttpRequest.newBuilder(store).POST(BodyPublishers.ofByteArray(request.body()));
        for (var name : List.of("X-Amz-Target", "Content-Type", "Authorization", "X-Amz-Date"))
            call.header(name, request.header(name));
        var answer = TO_STORE.send(call.build(), BodyHandlers.ofString());
        return RawHttpServer.answer(answer.statusCode() + " X", "application/x-amz-json-1.0", answer.body());
    }

    private static void pass(RawHttpServer.Request request, Socket connection)
            throws IOException, InterruptedException {
        connection.getOutputStream().write(answer(request));
    }

    private static RawHttpServer.Handler bytes(String text) {
        return (_, connection) -> connection.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private record Fault(String name, Set<Integer> statuses, RawHttpServer.Handler handler) {}

    private static Stream<Fault> faults() {
        return Stream.of(
                new Fault("hung", Set.of(503), RawHttpServer::hang),
                new Fault("cut", Set.of(503), (request, connection) -> {
                    connection.getOutputStream().write(answer(request), 0, 50);
                    throw new IOException("cut");
                }),
                new Fault("garbled", Set.of(503), bytes("\u0000garbled\u00ff\r\n\r\n")),
                new Fault("no JSON", Set.of(503), bytes("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n<")),
                new Fault(
                        "a page",
                        Set.of(503),
                        (_, connection) -> connection
                                .getOutputStream()
                                .write(RawHttpServer.answer("503 Service Unavailable", "text/html", PAGE))),
                new Fault(
                        "another checksum",
                        Set.of(503),
                        bytes("HTTP/1.1 200 OK\r\nx-amz-crc32: 1\r\nContent-Length: 2\r\n\r\n{}")),
                new Fault("oversized", Set.of(503), bytes("HTTP/1.1 200 OK\r\nContent-Length: 999999999\r\n\r\n{")),
                new Fault("surplus", Set.of(200), (request, connection) -> {
                    var answer = new String(answer(request), StandardCharsets.ISO_8859_1);
                    bytes(answer + answer).handle(request, connection);
                }),
                new Fault("closed between calls", Set.of(200, 503), (request, connection) -> {
                    pass(request, connection);
                    throw new IOException("closed");
                }));
    }

    /// Reads, which are tried twice, and writes that are not.
    @TestFactory
    Stream<DynamicTest> eachRequestIsAnsweredOrRefusedAndThenAllIsWell() {
        return faults().map(fault -> DynamicTest.dynamicTest(fault.name, () -> {
            var statuses = new TreeMap<Integer, Integer>();
            front.answerWith(fault.handler);
            for (var i = 0; i < 12; i++) {
                var answer = i % 3 == 2 ? write() : service.send("GET", READ, null);
                var status = answer.statusCode() == 201 ? 200 : answer.statusCode();
                statuses.merge(status, 1, Integer::sum);
                assertTrue(fault.statuses.contains(status), () -> status + answer.body());
                if (status == 503) assertUnavailable(answer);
            }
            front.answerWith(DynamoWireIT::pass);
            await().atMost(SOON).until(() -> read(service) == 200);
            assertTrue(write().statusCode() < 300);
            System.out.printf("dynamo wire: %s %s%n", fault.name, statuses);
        }));
    }

    private static HttpResponse<String> write() throws IOException, InterruptedException {
        return service.send("POST", "/ticket", """
                {"description":"The lantern flickers","assigned":"Ada","priority":"low","status":"open",
                 "createdBy":"Wren"}""");
    }

    private static void assertUnavailable(HttpResponse<String> answer) {
        assertTrue(answer.headers().firstValue("Retry-After").orElse("").matches("[1-9]\\d*"), answer::body);
        assertTrue(answer.body().contains("urn:meridian:problem:store-unavailable"), answer::body);
    }

    private static Map<String, String> production(RawHttpServer server, Map<String, String> more) {
        var config = ServiceProcess.production(stores, "wire-", stores.get("meridian.sql.writer-url"));
        config.put("quarkus.dynamodb.endpoint-override", "https://localhost:" + server.port());
        // The first handshake of a process on a busy machine.
        for (var timeout : List.of("connect-timeout", "attempt-timeout", "timeout"))
            config.put("meridian.dynamo." + timeout, "5s");
        config.putAll(more);
        return config;
    }

    /// Says why, once, and sends nothing.
    @Test
    void aCertificateThatNobodyKnowsIsRefused() throws Exception {
        var certificates = TestCertificates.create(folder.resolve("unknown"));
        try (var server = new RawHttpServer(DynamoWireIT::empty, certificates.serverContext());
                var service = ServiceProcess.serve(production(server, Map.of()))) {
            for (var i = 0; i < 5; i++) {
                var answer = service.send("GET", READ, null);
                assertEquals(503, answer.statusCode(), answer::body);
                assertUnavailable(answer);
            }
            var why = service.log()
                    .lines()
                    .filter(line -> line.contains("DynamoDB does not answer")
                            && line.contains("unable to find valid certification path"))
                    .toList();
            assertEquals(1, why.size(), service::log);
            assertTrue(why.getFirst().contains("WARN"), why::getFirst);
            assertEquals(200, service.send("GET", "/topology", null).statusCode());
        }
    }

    @Test
    void theAuthorityOfTheTrustStoreIsTrusted() throws Exception {
        var certificates = TestCertificates.create(folder.resolve("known"));
        var trusted = Map.of(
                "javax.net.ssl.trustStore",
                certificates.trustStore().toString(),
                "javax.net.ssl.trustStorePassword",
                TestCertificates.TRUST_STORE_PASSWORD);
        try (var server = new RawHttpServer(DynamoWireIT::empty, certificates.serverContext());
                var service = ServiceProcess.serve(production(server, trusted))) {
            var answer = service.send("GET", READ, null);
            assertEquals(200, answer.statusCode(), answer::body);
        }
    }

    private static void empty(RawHttpServer.Request request, Socket connection) throws IOException {
        connection.getOutputStream().write(RawHttpServer.json("{\"Items\":[],\"Count\":0,\"ScannedCount\":0}"));
    }
}
