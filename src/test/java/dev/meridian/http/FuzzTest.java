package dev.meridian.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.meridian.ComponentTest;
import dev.meridian.testing.RawHttp;
import dev.meridian.testing.fuzz.ApiOperation;
import dev.meridian.testing.fuzz.MalformedRequests;
import io.quarkus.test.junit.QuarkusTest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// Sends malformed requests to every endpoint of the OpenAPI document: no response may be a 5xx, take 5 s
/// or show internals. To repeat a run: `-Dfuzz.seed=…`. `-Dfuzz.requests` are those of each endpoint; 1,500
/// are more than 100,000 of all, against the executable: `./mvnw verify -Dnative -Dskip.unit=true
/// -Dit.test=FuzzIT -Dit.excluded=none -Dfuzz.requests=1700`.
@QuarkusTest
@ComponentTest
class FuzzTest {
    private static final int REQUESTS = Integer.getInteger("fuzz.requests", 200);

    /// The number of endpoints tested concurrently.
    private static final int CLIENTS = 8;

    private static final long SEED = Long.getLong("fuzz.seed", System.nanoTime());
    private static final ObjectMapper JSON = new ObjectMapper();

    /// Text that no response may contain.
    private static final String INSIDES =
            "(?s).*(Exception|dev\\.meridian|io\\.quarkus|io\\.vertx|java\\.(lang|util|io)|com\\.fasterxml|software\\.amazon|\\bSELECT |\\bINSERT |\\bUPDATE ).*";

    @Test
    void malformedRequestsAreTheClientsFault() throws Exception {
        var endpoints = ApiOperation.all();
        var statuses = new ConcurrentSkipListMap<Integer, Integer>();
        var faults = new ConcurrentLinkedQueue<String>();
        try (var clients = Executors.newFixedThreadPool(CLIENTS)) {
            var runs = new ArrayList<Future<?>>();
            for (var endpoint : endpoints) runs.add(clients.submit(() -> fire(endpoint, statuses, faults)));
            for (var run : runs) run.get();
        }
        int sent = statuses.values().stream().mapToInt(Integer::intValue).sum();
        System.out.printf(
                "fuzz: seed=%d endpoints=%d requests=%d answers=%s faults=%d%n",
                SEED, endpoints.size(), sent, statuses, faults.size());
        assertTrue(
                faults.isEmpty(),
                () -> "seed " + SEED + ", " + faults.size() + " faults:\n"
                        + faults.stream().limit(40).collect(Collectors.joining("\n")));
        assertEquals(endpoints.size() * REQUESTS, sent);
    }

    private static Void fire(ApiOperation endpoint, Map<Integer, Integer> statuses, Queue<String> faults)
            throws IOException {
        // A seed for each endpoint: one more endpoint does not change what the others get.
        var requests = new MalformedRequests(
                endpoint, new Random(SEED ^ endpoint.toString().hashCode()));
        for (int i = 0; i < REQUESTS; i++) judge(endpoint, requests.next(), statuses, faults);
        return null;
    }

    private static void judge(
            ApiOperation endpoint, byte[] request, Map<Integer, Integer> statuses, Queue<String> faults)
            throws IOException {
        final RawHttp.Answer answer;
        try {
            answer = RawHttp.send(request);
        } catch (SocketTimeoutException _) {
            faults.add(endpoint + " hangs\n    " + show(request));
            return;
        }
        statuses.merge(answer.status(), 1, Integer::sum);
        var fault = fault(request, answer);
        if (fault != null) {
            faults.add(
                    "%s: %s: %d %s%n    %s".formatted(endpoint, fault, answer.status(), answer.body(), show(request)));
        }
    }

    private static String fault(byte[] request, RawHttp.Answer answer) {
        if (answer.status() >= 500) return "a fault of ours";
        if (answer.header("X-Region").isEmpty()) return isHttp(request) ? "no Region" : null;
        if (answer.header("Date").isEmpty()) return "no date";
        if (answer.body().matches(INSIDES) && answer.status() >= 400) return "tells of its insides";
        if (answer.status() < 400) return null;
        if (answer.body().isEmpty()) return "no problem in the body";
        // Whoever accepts text/html gets the problem as a page; whoever sends a form with mistakes, the form
        // again.
        if (answer.body().contains("aria-invalid=\"true\"") && answer.status() == 400) return null;
        if (answer.header("Content-Type").orElse("").startsWith("text/html")) {
            return answer.body().matches("(?s).*>" + answer.status() + "<.*Trace (?!0{32})[0-9a-f]{32}<.*")
                    ? null
                    : "no problem in the page";
        }
        try {
            var problem = JSON.readTree(answer.body());
            if (problem.path("status").asInt() != answer.status()) return "another status in the problem";
            return problem.path("traceId").asText().matches("(?!0{32})[0-9a-f]{32}") ? null : "no trace id";
        } catch (IOException _) {
            return "no problem in the body";
        }
    }

    /// Whether the HTTP server can parse the head. What it cannot, it answers itself with 400, or it closes
    /// the connection: another version than HTTP/1, control characters in a header, a name of a header that
    /// is none, both a length and a transfer encoding, a transfer encoding that is none, a target of more
    /// than 64 KiB.
    private static boolean isHttp(byte[] request) {
        var text = new String(request, StandardCharsets.ISO_8859_1);
        var head = text.split("\\r?\\n\\r?\\n", 2)[0];
        var line = head.split("\\r?\\n", 2)[0];
        return line.matches("[A-Z]+ \\S+ HTTP/1\\.[01]")
                && head.length() < 60_000
                // A line that ends with LF alone: the server is strict, since another one may not see its end.
                && !head.matches("(?s).*(?<!\\r)\\n.*")
                && !head.replaceAll("[\\r\\n\\t]", "").matches("(?s).*[\\x00-\\x1f\\x7f].*")
                && !head.contains("Transfer-Encoding: nonsense");
    }

    private static String show(byte[] request) {
        var text = new String(request, 0, Math.min(request.length, 700), StandardCharsets.ISO_8859_1);
        return text.replace("\r\n", "\\r\\n") + (request.length > 700 ? "… (" + request.length + " bytes)" : "");
    }

    @TestFactory
    Stream<DynamicTest> aContentTypeOnAGetOrDeleteIsIgnored() throws IOException {
        return ApiOperation.all().stream()
                .filter(endpoint ->
                        endpoint.method().equals("GET") || endpoint.method().equals("DELETE"))
                .map(endpoint -> DynamicTest.dynamicTest(endpoint.toString(), () -> {
                    for (var header : List.of(
                            "",
                            "Content-Type: application/json\r\n",
                            "Content-Type: text/plain\r\n",
                            "Content-Type: /\r\n")) {
                        var out = new ByteArrayOutputStream();
                        out.writeBytes((endpoint.method() + " " + endpoint.target(_ -> "no-such-id")
                                        + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + header + "\r\n")
                                .getBytes(StandardCharsets.ISO_8859_1));
                        var answer = RawHttp.send(out.toByteArray());
                        assertFalse(answer.status() == 415 || answer.status() >= 500, () -> header + answer);
                        assertEquals("eu-west-1", answer.header("X-Region").orElse(""));
                    }
                }));
    }
}
