package dev.meridian.lab.page;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.meridian.lab.fault.Fault;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The server of the lab's page, with a fake lab ([PaperLab]).
class LabServerTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private PaperLab lab;
    private LabServer server;

    @BeforeEach
    void open() throws IOException {
        lab = new PaperLab();
        server = new LabServer(lab, 0);
    }

    @AfterEach
    void close() {
        server.close();
        client.shutdownNow();
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(server.uri().resolve(path)).build(), BodyHandlers.ofString());
    }

    private HttpResponse<String> post(String path, String... headers) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(server.uri().resolve(path)).POST(BodyPublishers.noBody());
        if (headers.length > 0) request.headers(headers);
        return client.send(request.build(), BodyHandlers.ofString());
    }

    private HttpResponse<InputStream> stream() throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(server.uri().resolve("/events")).build(), BodyHandlers.ofInputStream());
    }

    private static JsonNode event(BufferedReader lines, String name) throws IOException {
        for (var line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.equals("event: " + name))
                return JSON.readTree(lines.readLine().substring("data: ".length()));
        }
        throw new AssertionError("the stream ended");
    }

    private static BufferedReader lines(HttpResponse<InputStream> stream) {
        return new BufferedReader(new InputStreamReader(stream.body(), StandardCharsets.UTF_8));
    }

    @Test
    void statesArriveAFewTimesASecondAndAFaultIsInThem() throws Exception {
        lab.startLoad();
        var lines = lines(stream());
        assertTrue(event(lines, "history").isArray());
        var first = event(lines, "state");
        assertTrue(first.at("/state/regions/0/processUp").asBoolean(), first::toString);
        var third = first;
        for (int i = 0; i < 4; i++) third = event(lines, "state");
        long passed = third.at("/state/atMillis").asLong()
                - first.at("/state/atMillis").asLong();
        assertTrue(passed >= 700 && passed < 5000, () -> "4 states in " + passed + " ms");

        assertEquals(200, post("/faults/LOSE_REGION?region=us-east-1").statusCode());
        await().atMost(Duration.ofSeconds(5))
                .until(() ->
                        !event(lines, "state").at("/state/regions/1/processUp").asBoolean());
        assertEquals(200, post("/heal").statusCode());
        await().atMost(Duration.ofSeconds(5))
                .until(() ->
                        event(lines, "state").at("/state/regions/1/processUp").asBoolean());
    }

    @Test
    void aPageThatComesLaterGetsThePast() throws Exception {
        event(lines(stream()), "state");
        await().atMost(Duration.ofSeconds(5)).untilAsserted(() -> {
            var history = event(lines(stream()), "history");
            assertTrue(history.size() >= 3, history::toString);
            assertEquals(5 + 2 * 5, history.get(0).size());
        });
    }

    @Test
    void theVerdictIsAnsweredAndToldToAllPages() throws Exception {
        lab.isBroken = true;
        var answer = JSON.readTree(post("/check").body());
        assertFalse(answer.path("holds").asBoolean());
        assertEquals(1, answer.path("violations").size());
        var told = event(lines(stream()), "state");
        await().atMost(Duration.ofSeconds(5))
                .until(() ->
                        !event(lines(stream()), "state").at("/verdict/holds").isMissingNode());
        assertTrue(told.has("verdictAt"));
    }

    @Test
    void oneThingAtATime() throws Exception {
        lab.task = Duration.ofSeconds(2);
        var slow = client.sendAsync(
                HttpRequest.newBuilder(server.uri().resolve("/faults/KILL_WRITER?region=eu-west-1"))
                        .POST(BodyPublishers.noBody())
                        .build(),
                BodyHandlers.ofString());
        await().atMost(Duration.ofSeconds(5))
                .until(() ->
                        !event(lines(stream()), "state").path("busy").asText().isEmpty());
        var refused = post("/heal");
        assertEquals(409, refused.statusCode());
        assertTrue(refused.body().contains("Kill the SQL writer"), refused::body);
        assertEquals(200, slow.get().statusCode());
    }

    @Test
    void otherSitesAndOtherNamesMayNotAsk() throws Exception {
        assertEquals(403, post("/heal", "Origin", "https://example.com").statusCode());
        assertEquals(403, post("/heal", "Origin", "null").statusCode());
        assertEquals(403, post("/heal", "Sec-Fetch-Site", "cross-site").statusCode());
        assertEquals(403, post("/heal", "Sec-Fetch-Site", "same-site").statusCode());
        var own = "http://127.0.0.1:" + server.uri().getPort();
        assertEquals(
                200,
                post("/heal", "Origin", own, "Sec-Fetch-Site", "same-origin").statusCode());
        // A name that somebody made lead to this address.
        try (var socket = new Socket("127.0.0.1", server.uri().getPort())) {
            var request = "GET /lab.json HTTP/1.1\r\nHost: lab.example.com\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            var answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertTrue(answer.startsWith("HTTP/1.1 403"), answer);
        }
    }

    @Test
    void whatIsNotThereIsRefused() throws Exception {
        assertEquals(404, get("/nothing").statusCode());
        assertEquals(404, get("/../pom.xml").statusCode());
        assertEquals(404, get("/runbooks/..%2f..%2fREADME.md").statusCode());
        assertEquals(404, post("/nothing").statusCode());
        assertEquals(400, post("/faults/NONSENSE?region=eu-west-1").statusCode());
        assertEquals(400, post("/faults/DRAIN?region=mars-1").statusCode());
        assertEquals(400, post("/faults/DRAIN").statusCode());
        var put = HttpRequest.newBuilder(server.uri())
                .PUT(BodyPublishers.noBody())
                .build();
        assertEquals(405, client.send(put, BodyHandlers.discarding()).statusCode());
    }

    @Test
    void everyAnswerHasAStrictPolicy() throws Exception {
        for (var path :
                new String[] {"/", "/lab.css", "/lab.js", "/plots.js", "/lab.json", "/runbooks/README.md", "/nothing"
                }) {
            var headers = get(path).headers();
            assertEquals("nosniff", headers.firstValue("X-Content-Type-Options").orElse(""), path);
            assertTrue(headers.firstValue("Content-Security-Policy").orElse("").startsWith("default-src 'none'"), path);
        }
    }

    @Test
    void streamsAreBounded() throws Exception {
        var open = new ArrayList<HttpResponse<InputStream>>();
        for (int i = 0; i < 16; i++) open.add(stream());
        assertTrue(open.stream().allMatch(answer -> answer.statusCode() == 200));
        assertEquals(503, stream().statusCode());
        open.getFirst().body().close();
        await().atMost(Duration.ofSeconds(10)).until(() -> stream().statusCode() == 200);
    }

    @Test
    void everyFaultIsOnThePageAndHasARunbookThatTheIndexKnows() throws Exception {
        var page = JSON.readTree(get("/lab.json").body());
        var names = new TreeSet<>(page.findValuesAsText("name"));
        var index = Files.readString(Path.of("docs/runbooks/README.md"));
        for (var fault : Fault.values()) {
            if (fault != Fault.HEAL) assertTrue(names.contains(fault.name()), fault::name);
            assertTrue(index.contains("`" + fault + "`"), () -> fault + " is not in the index of the runbooks");
            var runbook = Path.of(fault.runbook());
            assertTrue(Files.isRegularFile(runbook), fault::runbook);
            assertTrue(
                    Files.readString(runbook).contains("`" + fault + "`"),
                    () -> fault.runbook() + " does not name " + fault);
            var served = get("/" + fault.runbook().replaceFirst("docs/", ""));
            assertEquals(200, served.statusCode(), fault::runbook);
            assertTrue(served.body().contains("In the lab</h2>"), fault::runbook);
        }
        assertFalse(
                page.toString().contains("\"title\":\"Other\""),
                "a fault is in no group: " + Arrays.toString(Fault.values()));
    }
}
