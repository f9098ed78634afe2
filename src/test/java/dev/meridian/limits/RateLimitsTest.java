package dev.meridian.limits;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.meridian.ComponentTest;
import dev.meridian.testing.RawConnection;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Small quotas that hardly fill again while the test runs. Each case has addresses of its own behind a proxy
/// that the service trusts, 127.0.0.1.
@QuarkusTest
@ComponentTest
@WithTestResource(RateLimitsTest.Limits.class)
class RateLimitsTest {
    private static final String TOKEN = "the-token-of-the-limits";
    private static final AtomicInteger ADDRESSES = new AtomicInteger(1);

    private static final String TICKET = """
            {"description":"The like button is stuck.","assigned":"support","priority":"high","status":"open",
             "createdBy":"visitor@example.com"}""";

    /// A browser may do 2 of each, an address 6, a machine 8.
    public static class Limits implements QuarkusTestResourceLifecycleManager {
        @Override
        public Map<String, String> start() {
            return Map.ofEntries(
                    Map.entry("meridian.quotas.enabled", "true"),
                    Map.entry("meridian.http.trusted-proxies", "127.0.0.1,10.0.0.0/8"),
                    Map.entry("meridian.quotas.window", "1h"),
                    Map.entry("meridian.quotas.requests", "30"),
                    Map.entry("meridian.quotas.likes", "2"),
                    Map.entry("meridian.quotas.orders", "2"),
                    Map.entry("meridian.quotas.tickets", "2"),
                    Map.entry("meridian.quotas.scores", "2"),
                    Map.entry("meridian.quotas.sign-ins", "2"),
                    Map.entry("meridian.quotas.address-factor", "3"),
                    Map.entry("meridian.quotas.machine-factor", "4"),
                    Map.entry("meridian.quotas.callers-max", "50"),
                    Map.entry("meridian.admin.token", TOKEN));
        }

        @Override
        public void stop() {
            // Nothing was started.
        }
    }

    private static String anAddress() {
        return "203.0.113." + ADDRESSES.getAndIncrement();
    }

    private static RequestSpecification from(String address) {
        return given().header("X-Forwarded-For", address);
    }

    private static Response postTicket(String address) {
        return from(address).contentType("application/json").body(TICKET).post("/ticket");
    }

    private static Response like(String address, String session) {
        return from(address).cookie("meridian-session", session).post("/mysfits/no-such-mysfit/like");
    }

    private static String aSession(String address) {
        return from(address).accept("text/html").get("/tickets").cookie("meridian-session");
    }

    private static void useUpTickets(String address) {
        for (int i = 0; i < 6; i++) assertEquals(200, postTicket(address).statusCode());
    }

    @Test
    void beyondItsQuotaACallerGetsA429ThatSaysWhenToTryAgain() {
        var address = anAddress();
        postTicket(address)
                .then()
                .statusCode(200)
                .header("RateLimit-Policy", "\"tickets-address\";q=6;w=3600")
                .header("RateLimit", "\"tickets-address\";r=5;t=600")
                .header("Retry-After", nullValue());
        for (int i = 0; i < 5; i++) assertEquals(200, postTicket(address).statusCode());
        var refused = postTicket(address);
        refused.then()
                .statusCode(429)
                .contentType("application/problem+json")
                .header("RateLimit-Policy", "\"tickets-address\";q=6;w=3600")
                .body("type", equalTo("urn:meridian:problem:rate-limited"))
                .body("status", equalTo(429))
                .body("detail", containsString("Too many tickets of this address; try again in"))
                .body("traceId", not(nullValue()));
        var wait = refused.header("Retry-After");
        // A little of the first unit has come back.
        assertTrue(Integer.parseInt(wait) > 500 && Integer.parseInt(wait) <= 600, wait);
        assertEquals("\"tickets-address\";r=0;t=" + wait, refused.header("RateLimit"));
        assertEquals(200, postTicket(anAddress()).statusCode(), "others are served");
        from(address).get("/ticket").then().statusCode(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/orders", "/v1/orders", "/checkout/nobody/submit"})
    void ordersInWhicheverWayHaveOneQuota(String path) {
        var address = anAddress();
        for (int i = 0; i < 6; i++) {
            var answer = from(address).contentType("application/json").body("{").post("/orders");
            assertEquals(400, answer.statusCode());
        }
        from(address)
                .contentType("application/json")
                .body("{")
                .post(path)
                .then()
                .statusCode(429);
    }

    @Test
    void scoresHaveAQuota() {
        var address = anAddress();
        for (int i = 0; i < 6; i++) {
            from(address)
                    .contentType("application/json")
                    .body("{")
                    .post("/leaderboard")
                    .then()
                    .statusCode(400);
        }
        from(address)
                .contentType("application/json")
                .body("{")
                .post("/LATEST/builder")
                .then()
                .statusCode(429)
                .header("RateLimit", containsString("scores-address"));
    }

    @Test
    void aSessionHasItsOwnQuotaWithinThatOfItsAddress() {
        var address = anAddress();
        var first = aSession(address);
        like(address, first).then().statusCode(404).header("RateLimit", containsString("\"likes-session\";r=1;"));
        assertEquals(404, like(address, first).statusCode());
        like(address, first).then().statusCode(429).header("RateLimit-Policy", "\"likes-session\";q=2;w=3600");
        like(anAddress(), first).then().statusCode(429);
        for (int i = 0; i < 2; i++) {
            var other = aSession(address);
            for (int n = 0; n < 2; n++) assertEquals(404, like(address, other).statusCode());
        }
        var last = aSession(address);
        like(address, last).then().statusCode(429).header("RateLimit-Policy", "\"likes-address\";q=6;w=3600");
        like(anAddress(), last).then().statusCode(404).header("RateLimit", containsString("\"likes-session\";r=1;"));
    }

    @Test
    void aForgedSessionIsNone() {
        var address = anAddress();
        var real = aSession(address);
        for (int i = 0; i < 6; i++) {
            var forged = real.charAt(10) == 'a' + i ? 'z' : (char) ('a' + i);
            like(address, real.substring(0, 10) + forged + real.substring(11))
                    .then()
                    .statusCode(404)
                    .header("RateLimit", containsString("likes-address"));
        }
        like(address, "visitor-made-up.signature").then().statusCode(429);
    }

    @Test
    void whoGuessesTokensIsStoppedAndWhoHasOneIsNot() {
        var address = anAddress();
        for (int i = 0; i < 6; i++) {
            from(address)
                    .header("Authorization", "Bearer guess-" + i)
                    .get("/admin/regions")
                    .then()
                    .statusCode(401);
        }
        from(address)
                .header("Authorization", "Bearer guess")
                .get("/admin/regions")
                .then()
                .statusCode(429)
                .header("RateLimit", containsString("sign-ins-address"));
        from(address).put("/catalog/products/p-1").then().statusCode(429);
        for (int i = 0; i < 8; i++) {
            from(address)
                    .header("Authorization", "Bearer " + TOKEN)
                    .get("/admin/regions")
                    .then()
                    .statusCode(200)
                    .header("RateLimit-Policy", "\"requests-machine\";q=120;w=3600");
        }
    }

    /// The reference clients sign like this.
    @Test
    void aSignatureOfAwsIsNoCaller() {
        from(anAddress())
                .header("Authorization", "AWS4-HMAC-SHA256 Credential=x/20260101/eu-west-1/execute-api/aws4_request")
                .get("/mysfits")
                .then()
                .statusCode(200)
                .header("RateLimit", containsString("requests-address"));
    }

    @Test
    void aClientCannotChooseItsAddress() {
        var address = anAddress();
        for (int i = 0; i < 6; i++) {
            assertEquals(
                    200,
                    postTicket("198.51.100." + i + ", " + address + ", 10.1.1." + i)
                            .statusCode());
        }
        assertEquals(429, postTicket("198.51.100.77, " + address).statusCode());
    }

    @Test
    void whoIsNoProxyIsNotBelieved() throws IOException {
        for (int i = 0; i < 6; i++) assertEquals("200", statusFrom("127.0.0.2", anAddress()));
        assertEquals("429", statusFrom("127.0.0.2", anAddress()));
        assertEquals("200", statusFrom("127.0.0.1", anAddress()));
    }

    private static String statusFrom(String own, String forwarded) throws IOException {
        try (var socket =
                new Socket(InetAddress.ofLiteral("127.0.0.1"), RestAssured.port, InetAddress.ofLiteral(own), 0)) {
            var request =
                    "POST /ticket HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nX-Forwarded-For: "
                            + forwarded + "\r\nConnection: close\r\nContent-Length: " + TICKET.length() + "\r\n\r\n"
                            + TICKET;
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            var answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return answer.split(" ", 3)[1];
        }
    }

    @Test
    void anIpv6NetworkIsOneClient() {
        for (int i = 0; i < 6; i++) {
            assertEquals(200, postTicket("2001:db8:7:7::" + i).statusCode());
        }
        assertEquals(429, postTicket("2001:db8:7:7:ffff::1").statusCode());
        assertEquals(200, postTicket("2001:db8:7:8::1").statusCode());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/ticket/", "//ticket", "/./ticket", "/x/../ticket", "/%74icket", "/ticket?x=1"})
    void noSpellingOfAPathIsFree(String path) {
        var address = anAddress();
        useUpTickets(address);
        var status = from(address)
                .urlEncodingEnabled(false)
                .contentType("application/json")
                .body(TICKET)
                .post(path)
                .statusCode();
        assertNotEquals(200, status);
    }

    @Test
    void whatIsFreeStaysFree() {
        var address = anAddress();
        for (int i = 0; i < 18; i++) from(address).get("/mysfits").then().statusCode(200);
        from(address).get("/mysfits").then().statusCode(429).header("RateLimit", containsString("requests-address"));
        for (int i = 0; i < 3; i++) {
            from(address).get("/health").then().statusCode(200).header("RateLimit", nullValue());
            from(address).get("/assets/meridian.css").then().statusCode(200).header("RateLimit", nullValue());
        }
    }

    @Test
    void aReadCostsLessThanAList() {
        var address = anAddress();
        from(address).get("/mysfits").then().header("RateLimit", containsString(";r=85;"));
        from(address).get("/carts/nobody/items").then().header("RateLimit", containsString(";r=84;"));
        from(address).delete("/carts/nobody").then().header("RateLimit", containsString(";r=79;"));
    }

    /// A refusal needs no body, and reads none.
    @Test
    void theBodyIsNotAwaited() throws IOException {
        var address = anAddress();
        useUpTickets(address);
        try (var connection = new RawConnection(RestAssured.port)) {
            connection.send("POST /ticket HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                    + "X-Forwarded-For: " + address + "\r\nContent-Length: 5000\r\n\r\n{");
            connection.isClosedWithin(Duration.ofMillis(800));
            assertTrue(connection.received().startsWith("HTTP/1.1 429 "), connection::received);
            assertTrue(connection.isClosedWithin(Duration.ofSeconds(8)), "what never comes is not awaited for long");
        }
    }

    @Test
    void theConnectionServesTheNextRequest() throws IOException {
        var address = anAddress();
        useUpTickets(address);
        var head = " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nX-Forwarded-For: " + address
                + "\r\n";
        try (var connection = new RawConnection(RestAssured.port)) {
            connection.send("POST /ticket" + head + "Content-Length: " + TICKET.length() + "\r\n\r\n" + TICKET);
            connection.send("GET /health" + head + "\r\n");
            connection.isClosedWithin(Duration.ofMillis(1500));
            assertTrue(connection.received().matches("(?s)HTTP/1.1 429 .*HTTP/1.1 200 .*"), connection::received);
        }
    }

    @Test
    void browsersGetAPage() {
        var address = anAddress();
        useUpTickets(address);
        from(address)
                .accept("text/html,application/xhtml+xml")
                .header("Referer", "https://store.example/tickets")
                .formParam("description", "stuck")
                .post("/tickets")
                .then()
                .statusCode(429)
                .contentType("text/html")
                .header("Retry-After", not(nullValue()))
                .body(containsString("That was too much at once"))
                .body(containsString("Too many tickets of this address"));
    }

    @Test
    void otherSitesMayReadTheRefusal() {
        var address = anAddress();
        useUpTickets(address);
        from(address)
                .header("Origin", "https://elsewhere.example")
                .contentType("application/json")
                .body(TICKET)
                .post("/ticket")
                .then()
                .statusCode(429)
                .header("Access-Control-Allow-Origin", equalTo("https://elsewhere.example"))
                .header("Access-Control-Expose-Headers", containsString("RateLimit"));
    }

    @Test
    void manyAddressesPushOutTheOldestAndNoMore() {
        var address = anAddress();
        useUpTickets(address);
        for (int i = 0; i < 49; i++) from("192.0.2." + i).get("/carts/nobody");
        assertEquals(429, postTicket(address).statusCode(), "50 callers are remembered");
        for (int i = 0; i < 50; i++) from("192.0.2." + (100 + i)).get("/carts/nobody");
        assertEquals(200, postTicket(address).statusCode(), "the oldest is not");
    }
}
