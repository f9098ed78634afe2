package dev.meridian.http;

import static io.restassured.RestAssured.given;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.meridian.ComponentTest;
import dev.meridian.testing.RawConnection;
import dev.meridian.testing.RawHttp;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Requests that arrive slowly, with short limits. [SlowRequestsIT] has those of production.
@QuarkusTest
@ComponentTest
@WithTestResource(RequestLimitsTest.Limits.class)
class RequestLimitsTest {
    private static final Duration LIMIT = Duration.ofMillis(1500);
    private static final Duration SOON = Duration.ofSeconds(8);

    private static final String TICKET = """
            {"description":"The like button is stuck.","assigned":"support","priority":"high","status":"open",
             "createdBy":"visitor@example.com"}""";

    /// Short limits, and a budget for one body that is large.
    public static class Limits implements QuarkusTestResourceLifecycleManager {
        @Override
        public Map<String, String> start() {
            var time = LIMIT.toMillis() + "ms";
            return Map.of(
                    "meridian.http.head-time-max", time,
                    "meridian.http.body-time-max", time,
                    "meridian.http.csv-silence-max", time,
                    "meridian.http.bodies-size-max", "130K");
        }

        @Override
        public void stop() {
            // Nothing was started.
        }
    }

    private static RawConnection open(String text) throws IOException {
        return new RawConnection(RestAssured.port).send(text);
    }

    private static String post(String path, String type, String length) {
        return "POST " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: " + type + "\r\n" + length + "\r\n\r\n";
    }

    private static String ticket(int length) {
        return post("/ticket", "application/json", "Content-Length: " + length);
    }

    private static int postTicket() {
        return given().contentType("application/json")
                .body(TICKET)
                .post("/ticket")
                .statusCode();
    }

    @ParameterizedTest
    @ValueSource(strings = {"G", "GET /ticket HTTP/1.1\r\nHost: localhost\r\nX-Slow: "})
    void aSlowHeadIsCut(String begun) throws IOException {
        try (var slow = open(begun)) {
            assertTrue(slow.trickle('a', SOON));
            assertEquals("", slow.received());
        }
    }

    @Test
    void aSlowHeadIsCutAfterOtherRequestsToo() throws IOException {
        try (var slow = open("GET /ticket/none HTTP/1.1\r\nHost: localhost\r\n\r\n")) {
            assertFalse(slow.isClosedWithin(LIMIT.multipliedBy(2)), "a silent connection is kept");
            assertTrue(slow.received().startsWith("HTTP/1.1 404"), slow::received);
            slow.send(ticket(TICKET.length()) + TICKET);
            assertFalse(slow.isClosedWithin(LIMIT.dividedBy(2)));
            assertTrue(slow.received().contains("HTTP/1.1 200"), slow::received);
            slow.send("GET /ticket HTTP/1.1\r\nHost: localhost\r\nX-Slow: ");
            assertTrue(slow.trickle('a', SOON));
        }
    }

    /// Its connections would have no bound on heads after the first one (RFC 7540, section 3.2, and RFC 9113, 3.3).
    @Test
    void nobodyGetsHttp2() throws IOException {
        var upgrade =
                "GET /topology HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n"
                        + "HTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n";
        try (var connection = open(upgrade)) {
            assertFalse(connection.isClosedWithin(LIMIT.dividedBy(2)), connection::received);
            assertTrue(connection.received().startsWith("HTTP/1.1 200"), connection::received);
        }
        // The preface, and a SETTINGS frame without settings.
        var preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0";
        var head = "GET /topology HTTP/2.0\r\nHost: localhost\r\n\r\n";
        for (var begun : new String[] {preface, head + head}) {
            try (var connection = open(begun)) {
                assertTrue(connection.isClosedWithin(SOON), connection::received);
                // With a problem, unless Vert.x was first.
                assertTrue(
                        connection
                                .received()
                                .matches("(?s)HTTP/[12]\\.\\d (400 .*invalid-request.*|501 Not Implemented.*)"),
                        connection::received);
                assertEquals(
                        1, connection.received().split("HTTP/[12]\\.\\d \\d{3} ", -1).length - 1, connection::received);
            }
        }
    }

    @Test
    void aSlowBodyIsA408() throws Exception {
        var clients = new ArrayList<Callable<Void>>();
        for (var length : new String[] {"Content-Length: 100000", "Transfer-Encoding: chunked"}) {
            for (var path : new String[] {"/ticket", "/cart", "/no-such-path", "/mysfits/none/like"}) {
                clients.add(() -> {
                    try (var slow = open(post(path, "application/json", length) + "100\r\n{\"description\":\"")) {
                        assertTrue(slow.trickle('a', SOON), () -> path + " " + length);
                        if (!path.equals("/ticket")) return null;
                        assertTrue(slow.received().startsWith("HTTP/1.1 408 "), slow::received);
                        assertTrue(slow.received().contains("urn:meridian:problem:request-timeout"), slow::received);
                    }
                    return null;
                });
            }
        }
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var client : threads.invokeAll(clients)) client.get();
        }
        assertEquals(200, postTicket());
    }

    @Test
    void anImportMayTakeItsTimeButMayNotFallSilent() throws IOException {
        var type = "text/csv";
        var head = post("/leaderboard/import", type, "Transfer-Encoding: chunked");
        try (var slow = open(head + "15\r\nplayer,country,score\n\r\n")) {
            for (int i = 0; i < 8; i++) {
                assertFalse(slow.isClosedWithin(LIMIT.dividedBy(3)), slow::received);
                slow.send("7\r\nada,IS,\r\n2\r\n" + i + "\n\r\n");
            }
            slow.send("0\r\n\r\n");
            assertFalse(slow.isClosedWithin(LIMIT.dividedBy(2)));
            assertTrue(slow.received().startsWith("HTTP/1.1 200"), slow::received);
            assertTrue(slow.received().contains("\"imported\":8"), slow::received);
        }
        try (var silent = open(head + "15\r\nplayer,country,score\n\r\n")) {
            assertTrue(silent.isClosedWithin(SOON));
            assertTrue(silent.received().startsWith("HTTP/1.1 408 "), silent::received);
        }
    }

    @Test
    void beyondTheBudgetABodyIsRefusedBeforeItIsRead() throws IOException {
        try (var large = open(ticket(120_000))) {
            large.send(" ".repeat(119_000));
            // The first attempts may come before those bytes.
            await().atMost(LIMIT).until(() -> {
                try (var other = open(ticket(20_000))) {
                    other.isClosedWithin(Duration.ofMillis(200));
                    return other.received()
                            .matches("(?s)HTTP/1.1 503 .*[Rr]etry-[Aa]fter: 1\r\n.*problem:overloaded.*");
                }
            });
            given().get("/ticket?limit=1").then().statusCode(200);
            assertEquals(200, postTicket());
            assertTrue(large.isClosedWithin(SOON));
        }
        var padded = TICKET + " ".repeat(100_000);
        var answer = RawHttp.send(ticket(padded.length()).replace("Host:", "Connection: close\r\nHost:") + padded);
        assertEquals(200, answer.status(), answer::toString);
    }

    @Test
    void bodiesThatGrowBeyondTheBudgetAreCut() throws IOException {
        try (var one = open(ticket(120_000));
                var two = open(ticket(120_000))) {
            one.send(" ".repeat(110_000));
            two.send(" ".repeat(110_000));
            assertTrue(one.isClosedWithin(SOON) && two.isClosedWithin(SOON));
            var answers = one.received() + two.received();
            assertEquals(1, answers.split("HTTP/1.1 408 ", -1).length - 1, answers);
        }
        assertEquals(200, postTicket());
    }

    @Test
    void nothingAfterAnAmbiguousRequestIsServed() throws IOException {
        var next = "GET /topology HTTP/1.1\r\nHost: localhost\r\n\r\n";
        for (var ambiguous : new String[] {
            "GET /topology HTTP/1.1\r\nHost: localhost\r\nHost: other\r\n\r\n",
            "GET /topology HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n",
            "POST /ticket HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 5\r\n"
                    + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            "POST /ticket HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n"
                    + "Content-Length: 0\r\n\r\n0\r\n\r\n",
            "POST /ticket HTTP/1.1\r\nHost: localhost\r\nHost: other\r\nContent-Type: application/json\r\nContent-Length: "
                    + TICKET.length() + "\r\n\r\n" + TICKET
        }) {
            try (var connection = open(ambiguous + next + next)) {
                assertTrue(connection.isClosedWithin(SOON), ambiguous);
                assertTrue(connection.received().startsWith("HTTP/1.1 400"), () -> ambiguous + connection.received());
                assertEquals(1, connection.received().split("HTTP/1.1 ", -1).length - 1, connection::received);
            }
        }
    }
}
