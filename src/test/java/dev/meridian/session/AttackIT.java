package dev.meridian.session;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.meridian.testing.OpenIdProvider;
import dev.meridian.testing.ServiceProcess;
import dev.meridian.testing.StoresResource;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What strangers try on the open internet, against the packaged artifact in production mode with an OpenID
/// provider: whose cart, order and profile it is, who is an administrator, what is told, what is believed.
@Tag("process")
class AttackIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final StoresResource STORES = new StoresResource();
    private static final String PREFIX = "attack-";
    private static final String STREET = "13 Hidden Stairs";
    private static final String EMAIL = "victim@example.com";
    private static final String ADMIN = "the administrator's token of this test";
    private static final String ADDRESS = """
            {"firstName":"Ada","lastName":"Quay","email":"%s","address1":"%s","city":"Port","zip":"98101","zipCode":"98101",
             "state":"WA","country":"US"}""".formatted(EMAIL, STREET);
    private static final Set<Integer> DENIED = Set.of(400, 401, 403, 404, 405);

    private static ServiceProcess service;
    private static String victim;
    private static String victimBearer;
    private static String orderId;
    /// `Authorization` of nobody, a guest, another customer and a machine that names nobody.
    private static List<String> strangers;

    @BeforeAll
    static void aVictimHasACartAnOrderAndAProfile() throws Exception {
        var stores = STORES.start();
        ServiceProcess.makeTables(stores, PREFIX);
        var provider = new OpenIdProvider();
        var config = ServiceProcess.production(stores, PREFIX, stores.get("meridian.sql.writer-url"));
        config.putAll(provider.start());
        config.put("meridian.session.keys", "a key of some length for this test only");
        config.put("meridian.guest.secret", "a secret of some length for this test only");
        config.put("meridian.admin.token", ADMIN);
        config.put("meridian.order.guest-units-per-order", "5");
        config.put("meridian.http.trusted-proxies", "10.0.0.0/8");
        service = ServiceProcess.serve(config);

        var token = provider.tokens("customer").accessToken();
        victimBearer = "Bearer " + token;
        victim = Proof.customerId(OpenIdProvider.claims(token).path("sub").asText());
        await().atMost(Duration.ofSeconds(40))
                .until(() -> as(victimBearer, "GET", "/carts/" + victim, null).statusCode() == 200);
        ok(as(victimBearer, "PUT", "/carts/" + victim + "/items/rune-tag", "{\"quantity\":2}"));
        ok(as(
                victimBearer,
                "PUT",
                "/customers/" + victim,
                "{\"name\":\"Ada\",\"email\":\"" + EMAIL + "\",\"addresses\":[" + ADDRESS + "]}"));
        orderId = ok(as(victimBearer, "POST", "/orders", order(1), "Idempotency-Key", "k1"))
                .path("id")
                .asText();
        var guest = ok(service.send("POST", "/sessions", null)).path("token").asText();
        strangers = new ArrayList<>(List.of(
                "",
                "Bearer " + guest,
                "Bearer " + provider.tokens("another-customer").accessToken(),
                "Bearer " + provider.machineToken()));
    }

    @AfterAll
    static void stop() {
        if (service != null) service.close();
        STORES.stop();
    }

    private static String order(int units) {
        return "{\"items\":[{\"productId\":\"rune-tag\",\"quantity\":" + units + "}],\"shippingAddress\":" + ADDRESS
                + "}";
    }

    private static HttpResponse<String> as(
            String authorization, String method, String path, String json, String... more) throws Exception {
        var headers = Stream.concat(
                        authorization.isEmpty() ? Stream.of() : Stream.of("Authorization", authorization),
                        Stream.of(more))
                .toArray(String[]::new);
        return service.send(method, path, json, headers);
    }

    private static JsonNode ok(HttpResponse<String> answer) throws Exception {
        assertEquals(2, answer.statusCode() / 100, () -> answer + answer.body());
        return JSON.readTree(answer.body().isEmpty() ? "null" : answer.body());
    }

    /// All that the victim has.
    private static String belongings() throws Exception {
        var all = new StringBuilder();
        for (var path : List.of(
                "/carts/" + victim, "/customers/" + victim, "/orders?customerId=" + victim, "/orders/" + orderId)) {
            all.append(ok(as(victimBearer, "GET", path, null)));
        }
        return all.toString();
    }

    @Test
    void whatBelongsToACustomerIsForNobodyElse() throws Exception {
        var before = belongings();
        var wrong = new ArrayList<String>();
        for (var stranger : strangers) {
            for (var call : List.of(
                    List.of("GET", "/orders?customerId=" + victim),
                    List.of("GET", "/orders/" + orderId),
                    List.of("HEAD", "/orders/" + orderId),
                    List.of("GET", "/orders/" + orderId + "/history"),
                    List.of("POST", "/orders/" + orderId + "/cancel"),
                    List.of("GET", "/orders/" + orderId + ";x"),
                    List.of("GET", "/orders/" + orderId + "%3Bx"),
                    List.of("GET", "//orders/" + orderId),
                    List.of("GET", "/customers/" + victim),
                    List.of("PUT", "/customers/" + victim, "{\"name\":\"Mallory\"}"),
                    List.of("GET", "/checkout/" + victim),
                    List.of("POST", "/checkout/" + victim + "/update", "{\"items\":[]}"),
                    List.of("POST", "/checkout/" + victim + "/submit"),
                    List.of("GET", "/carts/" + victim),
                    List.of("DELETE", "/carts/" + victim),
                    List.of("PUT", "/carts/" + victim + "/items/rune-tag", "{\"quantity\":9}"),
                    List.of("GET", "/carts/somebody/merge?sessionId=" + victim),
                    List.of("POST", "/carts/" + victim + "/merge?sessionId=somebody"),
                    List.of("GET", "/v1/orders?orderId=" + orderId))) {
                var answer = as(stranger, call.get(0), call.get(1), call.size() > 2 ? call.get(2) : null);
                if (!DENIED.contains(answer.statusCode()) || answer.body().contains(STREET)) {
                    wrong.add(call + " by " + strangers.indexOf(stranger) + ": " + answer.statusCode());
                }
            }
            // Who names the victim proves nothing.
            if (strangers.indexOf(stranger) < 3) {
                var named = as(stranger, "GET", "/carts/" + victim, null, "X-Customer-Id", victim);
                if (!DENIED.contains(named.statusCode())) wrong.add("X-Customer-Id " + strangers.indexOf(stranger));
                var repeated =
                        as(stranger, "POST", "/orders", order(1), "X-Customer-Id", victim, "Idempotency-Key", "k1");
                if (!DENIED.contains(repeated.statusCode())) wrong.add("key " + repeated.statusCode());
            }
        }
        assertEquals(List.of(), wrong);
        assertEquals(before, belongings());
    }

    @Test
    void aPageShowsNoMoreThanItsJson() throws Exception {
        for (var stranger : strangers) {
            var page = as(stranger, "GET", "/orders/" + orderId, null, "Accept", "text/html");
            assertFalse(page.body().contains(STREET), page::body);
            assertFalse(page.body().contains(EMAIL), page::body);
            var cancel = as(stranger, "POST", "/orders/" + orderId + "/cancel", null, "Accept", "text/html");
            assertTrue(DENIED.contains(cancel.statusCode()), () -> cancel + cancel.body());
        }
        assertEquals(
                "CONFIRMED",
                ok(as(victimBearer, "GET", "/orders/" + orderId, null))
                        .path("status")
                        .asText());
    }

    @Test
    void nobodyBecomesAnAdministrator() throws Exception {
        for (var path : List.of(
                "/admin/regions",
                "/admin;x=1/regions",
                "/admin%3Bx/regions",
                "//admin/regions",
                "/admin/./regions",
                "/ADMIN/regions",
                "/admin%2Fregions",
                "/x/../admin/regions")) {
            var atPublicPort = as("Bearer " + ADMIN, "GET", path, null);
            assertTrue(Set.of(400, 404).contains(atPublicPort.statusCode()), () -> path + atPublicPort);
        }
        for (var stranger : Stream.concat(
                        strangers.stream(), Stream.of("Bearer x", "Bearer " + ADMIN + "x", "Basic " + ADMIN))
                .toList()) {
            var headers = stranger.isEmpty() ? new String[0] : new String[] {"Authorization", stranger};
            for (var call : List.of("GET /admin/regions", "PUT /admin/regions/eu-west-1", "GET /admin/writer-epoch")) {
                var words = call.split(" ");
                var answer = service.administer(words[0], words[1], words[0].equals("PUT") ? "{}" : null, headers);
                assertTrue(Set.of(401, 403).contains(answer.statusCode()), () -> call + stranger + answer);
            }
            var price = as(stranger, "PUT", "/catalog/products/rune-tag", "{\"name\":\"x\",\"price\":0}");
            assertTrue(Set.of(401, 403).contains(price.statusCode()), () -> price + price.body());
        }
    }

    @Test
    void whatStaysIsForWhoSignsIn() throws Exception {
        var mysfit = "2b473002-36f8-4b87-954e-9a377e0ccbec";
        assertEquals(401, as("", "POST", "/mysfits/" + mysfit + "/adopt", null).statusCode());
        assertEquals(
                401,
                as("", "POST", "/leaderboard", "{\"username\":\"x\",\"score\":1000000000000}")
                        .statusCode());
        assertEquals(401, as("", "GET", "/ticket", null).statusCode());
    }

    @Test
    void aGuestDoesNotTakeAllStock() throws Exception {
        var stock = ok(as("", "GET", "/catalog/products/rune-tag", null)).path("stock");
        var hoard = as(strangers.get(1), "POST", "/orders", order(6));
        assertEquals(4, hoard.statusCode() / 100, () -> hoard + hoard.body());
        assertEquals(
                stock, ok(as("", "GET", "/catalog/products/rune-tag", null)).path("stock"));
    }

    @Test
    void aForgedSessionIsNobodys() throws Exception {
        var guest = strangers.get(1).substring("Bearer ".length());
        for (var token : List.of(
                guest.substring(0, guest.length() - 1),
                guest.replaceFirst("[.][0-9]+[.]", ".1."),
                guest.replaceFirst("visitor-.", "visitor-Z"),
                guest.replaceFirst("^v1", "v2"),
                victim,
                "v1." + victim + ".1.x")) {
            var answer = as("", "GET", "/carts/" + victim, null, "Cookie", "__Host-meridian-session=" + token);
            assertEquals(401, answer.statusCode(), () -> token + answer);
        }
        // Planted by another host of the domain: it cannot have the prefix.
        var planted = service.send("GET", "/cart", null, "Accept", "text/html", "Cookie", "meridian-session=" + guest);
        assertTrue(
                planted.headers().firstValue("Set-Cookie").orElse("").startsWith("__Host-meridian-session="),
                () -> planted.headers().toString());
    }

    @Test
    void anotherSiteDoesNotAct() throws Exception {
        for (var headers : List.of(
                new String[] {"Origin", "https://evil.example"},
                new String[] {"Sec-Fetch-Site", "cross-site"},
                new String[] {"Origin", "https://evil.example", "X-Forwarded-Host", "evil.example"})) {
            var all = Stream.concat(Stream.of("Accept", "text/html"), Stream.of(headers))
                    .toArray(String[]::new);
            assertEquals(403, service.send("POST", "/sign-out", null, all).statusCode());
        }
        var elsewhere = service.send("GET", "/sign-in?return=//evil.example", null, "Accept", "text/html");
        assertFalse(elsewhere.headers().firstValue("Location").orElse("").contains("evil"), elsewhere::toString);
    }

    @Test
    void ambiguousRequestsAreRefusedAndTheConnectionIsClosed() throws Exception {
        for (var head : List.of(
                "POST /sessions HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "GET /health HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n")) {
            var smuggled = head + "GET /topology HTTP/1.1\r\nHost: x\r\n\r\n";
            try (var socket = new Socket("localhost", service.port())) {
                socket.setSoTimeout(10_000);
                socket.getOutputStream().write(smuggled.getBytes(StandardCharsets.US_ASCII));
                // Until the service closes the connection.
                var answers = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
                assertTrue(answers.startsWith("HTTP/1.1 400"), answers);
                assertEquals(0, answers.lastIndexOf("HTTP/1.1"), answers);
            }
        }
    }

    @Test
    void personalAnswersAreKeptByNobodyAndNothingInsideIsTold() throws Exception {
        for (var path : List.of("/carts/" + victim, "/customers/" + victim, "/orders/" + orderId)) {
            var headers = as(victimBearer, "GET", path, null).headers();
            assertTrue(headers.firstValue("Cache-Control").orElse("").contains("no-store"), headers::toString);
            assertEquals("nosniff", headers.firstValue("X-Content-Type-Options").orElse(""));
        }
        for (var path : List.of("/health", "/topology", "/status")) {
            var body = as("", "GET", path, null).body();
            assertFalse(body.contains("localhost") || body.contains("127.0.0.1") || body.contains(PREFIX), body);
        }
        assertFalse(service.log().contains(STREET), "the address is in the log");
        assertFalse(service.log().contains(EMAIL), "the e-mail address is in the log");
        assertFalse(service.log().contains(victimBearer.substring(20)), "a token is in the log");
    }
}
