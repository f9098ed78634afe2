package dev.meridian.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.meridian.testing.RawHttp;
import dev.meridian.testing.ServiceProcess;
import dev.meridian.testing.StoresResource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The pages of the packaged artifact in production: secure cookies, and how the keys of the cookie are
/// replaced. The tokens of administrators are replaced in the same steps.
@Tag("process")
class PagesInProductionIT {
    private static final String PAGE = "text/html,*/*;q=0.8";
    private static final StoresResource STORES = new StoresResource();
    private static Map<String, String> stores;

    @BeforeAll
    static void startStores() throws Exception {
        stores = STORES.start();
        fill();
    }

    @AfterAll
    static void stopStores() {
        STORES.stop();
    }

    /// A service with the test profile creates tables, schema and products.
    private static void fill() throws Exception {
        var config = new HashMap<>(stores);
        config.put("quarkus.profile", "test");
        config.put("meridian.tables.prefix", "pages-");
        try (var service = ServiceProcess.serve(config)) {
            assertEquals(
                    200, service.send("GET", "/catalog/products/rune-tag", null).statusCode());
        }
    }

    private static Map<String, String> production() {
        return ServiceProcess.production(stores, "pages-", stores.get("meridian.sql.writer-url"));
    }

    @Test
    void withoutAKeyPagesSayWhatIsMissingAndApisWork() throws Exception {
        try (var service = ServiceProcess.serve(production())) {
            var page = service.send("GET", "/cart", null, "Accept", "text/html");
            assertEquals(503, page.statusCode(), page::body);
            assertTrue(page.headers().firstValue("Content-Type").orElse("").startsWith("text/html"), page::toString);
            assertTrue(page.headers().firstValue("Set-Cookie").isEmpty(), page::toString);
            assertEquals(200, service.send("GET", "/", null).statusCode());
            assertTrue(service.log().contains("meridian.session.keys is not set"), service::log);
            var session = service.send("POST", "/sessions", null);
            assertEquals(503, session.statusCode(), session::body);
            var order = """
                    {"items":[{"productId":"rune-tag","quantity":1}],
                     "shippingAddress":{"firstName":"A","lastName":"B","email":"a@example.com","address1":"1 Quay",
                                        "city":"C","zipCode":"06001","state":"CT"}}""";
            var guest = service.send("POST", "/orders", order);
            assertEquals(503, guest.statusCode(), guest::body);
            assertTrue(guest.body().contains("meridian.guest.secret"), guest::body);
            assertTrue(service.log().contains("meridian.guest.secret is not set"), service::log);
            assertTrue(service.log().contains("meridian.http.trusted-proxies is not set"), service::log);
            assertEquals("", page.headers().firstValue("RateLimit-Policy").orElse(""));
        }
        var behindProxy = new HashMap<>(production());
        behindProxy.put("meridian.http.trusted-proxies", "10.0.0.0/8");
        try (var service = ServiceProcess.serve(behindProxy)) {
            assertEquals(
                    "\"requests-address\";q=6000;w=60",
                    service.send("GET", "/", null)
                            .headers()
                            .firstValue("RateLimit-Policy")
                            .orElse(""),
                    "callers have quotas where the load balancers are known");
        }
    }

    @Test
    void withAKeyCookiesAreSecure() throws Exception {
        var config = production();
        config.put("meridian.session.key", "a key of some length for this test only");
        try (var service = ServiceProcess.serve(config)) {
            var page = service.send("GET", "/cart", null, "Accept", "text/html");
            assertEquals(200, page.statusCode(), page::body);
            var cookie = page.headers().firstValue("Set-Cookie").orElse("");
            assertTrue(cookie.endsWith("; HttpOnly; SameSite=Lax; Secure"), cookie);
        }
    }

    private static final String OLD = "the old key or token of this test";
    private static final String NEW = "the new key or token of this test";

    /// @param secrets session keys in this order, and tokens of administrators
    private static ServiceProcess serveWith(String... secrets) throws Exception {
        var config = production();
        config.put("meridian.session.keys", String.join(",", secrets));
        var entries = new ArrayList<String>();
        for (var secret : secrets) {
            var sha256 = MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8));
            entries.add(
                    (secret.equals(OLD) ? "olga:" : "nadia:") + HexFormat.of().formatHex(sha256));
        }
        config.put("meridian.admin.tokens", String.join(",", entries));
        return ServiceProcess.serve(config);
    }

    /// Visits a page.
    ///
    /// @param cookie null at the first visit
    /// @return the cookie that the page sets
    private static String visit(ServiceProcess service, String cookie) throws Exception {
        var headers = cookie == null
                ? new String[] {"Accept", "text/html"}
                : new String[] {"Accept", "text/html", "Cookie", cookie};
        var page = service.send("GET", "/cart", null, headers);
        assertEquals(200, page.statusCode(), page::body);
        return page.headers().firstValue("Set-Cookie").orElseThrow().replaceFirst(";.*", "");
    }

    private static String visitor(String cookie) {
        return cookie.split("[.]")[1];
    }

    private static int administer(ServiceProcess service, String token) throws Exception {
        return service.administer("GET", "/admin/regions?limit=1", null, "Authorization", "Bearer " + token)
                .statusCode();
    }

    /// Two processes, as of two Regions, get the same settings one after the other: the new secret behind the
    /// old, then before it, then alone. After each change visitors go to and fro, and an administrator calls
    /// both.
    @Test
    void keysAndTokensAreReplacedUnderTwoProcessesAndNobodyIsLost() throws Exception {
        var steps = List.of(new String[] {OLD, NEW}, new String[] {NEW, OLD}, new String[] {NEW});
        var services = new ServiceProcess[] {serveWith(OLD), serveWith(OLD)};
        try {
            var cookies = new ArrayList<>(List.of(visit(services[0], null)));
            var fromTheStart = cookies.getFirst();
            for (int step = 0; step < steps.size(); step++) {
                for (int changed = 0; changed < 2; changed++) {
                    services[changed].close();
                    services[changed] = serveWith(steps.get(step));
                    cookies.add(visit(services[changed], null));
                    for (var service : List.of(services[0], services[1], services[0], services[1])) {
                        for (int i = 0; i < cookies.size(); i++) {
                            var renewed = visit(service, cookies.get(i));
                            assertEquals(visitor(cookies.get(i)), visitor(renewed), "visitor " + i + ", step " + step);
                            cookies.set(i, renewed);
                        }
                        // The new token is used once both know it, the old one until one forgets it.
                        if (step < 2) assertEquals(200, administer(service, OLD), "step " + step);
                        if (step > 0) assertEquals(200, administer(service, NEW), "step " + step);
                    }
                }
            }
            for (var service : services) {
                assertEquals(401, administer(service, OLD));
                assertNotEquals(visitor(fromTheStart), visitor(visit(service, fromTheStart)));
                assertTrue(
                        service.log()
                                .contains(
                                        "admin=nadia method=GET operation=/admin/regions on=- from=127.0.0.1 status=200"),
                        service::log);
            }
        } finally {
            for (var service : services) service.close();
        }
    }

    @Test
    void aBadSecretKeepsItFromStartingAndIsNotInTheLog() throws Exception {
        for (var bad : Map.of(
                        "meridian.session.keys", "the old key or token that has,a-comma-in-it",
                        "meridian.admin.tokens", "nadia:a-comma-in-it")
                .entrySet()) {
            var config = production();
            config.put(bad.getKey(), bad.getValue());
            try (var service = ServiceProcess.run(config)) {
                assertEquals(1, service.exitCode(Duration.ofSeconds(60)), service::log);
                assertTrue(service.log().contains(bad.getKey()), service::log);
                assertFalse(service.log().contains("a-comma-in-it"), service::log);
            }
        }
    }

    /// A request from a browser at https://shop.example, as it arrives behind TLS termination.
    ///
    /// @param headers lines
    private static RawHttp.Answer post(
            ServiceProcess service, String path, String accept, String form, List<String> headers) throws IOException {
        var request = "POST " + path + " HTTP/1.1\r\nConnection: close\r\nX-Forwarded-Proto: https\r\n"
                + "Accept: " + accept + "\r\nContent-Type: application/x-www-form-urlencoded\r\n"
                + "Content-Length: " + form.length() + "\r\n"
                + String.join("\r\n", headers) + "\r\n\r\n" + form;
        return RawHttp.send(service.port(), request.getBytes(StandardCharsets.ISO_8859_1));
    }

    /// The service does not see the browser's scheme, and behind a proxy with its own name not the browser's
    /// host either.
    @Test
    void behindWhateverEndsTlsOwnFormsWorkAndForeignOnesDoNot() throws Exception {
        var config = production();
        config.put("meridian.session.key", "a key of some length for this test only");
        var own = "Origin: https://shop.example";
        var site = "Sec-Fetch-Site: same-origin";
        var accepted = List.of(
                List.of("Host: shop.example", own),
                List.of("Host: shop.example", own, site),
                List.of("Host: Shop.Example:443", own),
                List.of("Host: shop.example:8443", own + ":8443"),
                List.of("Host: task.internal:8080", "X-Forwarded-Host: shop.example", own),
                List.of("Host: task.internal:8080", own, site),
                List.of("Host: shop.example", site),
                List.of("Host: shop.example"));
        var refused = List.of(
                List.of("Host: shop.example", "Origin: https://evil.example"),
                List.of("Host: shop.example", "Origin: https://evil.example", "Sec-Fetch-Site: cross-site"),
                List.of("Host: shop.example", own, "Sec-Fetch-Site: cross-site"),
                List.of("Host: shop.example", own, "Sec-Fetch-Site: same-site"),
                List.of("Host: shop.example", "Sec-Fetch-Site: cross-site"),
                List.of("Host: shop.example", own + ":8443"),
                List.of("Host: shop.example", own + ".evil.example"),
                List.of("Host: shop.example", "Origin: null"),
                List.of("Host: task.internal:8080", own));
        try (var service = ServiceProcess.serve(config)) {
            for (var headers : accepted) {
                var answer = post(service, "/cart", PAGE, "productId=rune-tag&quantity=2", headers);
                assertEquals(303, answer.status(), () -> headers + " " + answer);
                assertEquals("/cart", answer.header("Location").orElse(""), headers::toString);
                assertTrue(answer.header("Set-Cookie").orElse("").endsWith("; Secure"), answer::toString);
                var like = "/mysfits/2b473002-36f8-4b87-954e-9a377e0ccbec/like";
                assertEquals(303, post(service, like, PAGE, "", headers).status(), headers::toString);
                var byScript = post(service, like, "application/json", "", headers);
                assertEquals(200, byScript.status(), () -> headers + " " + byScript);
            }
            for (var headers : refused) {
                var answer = post(service, "/cart", PAGE, "productId=rune-tag&quantity=2", headers);
                assertEquals(403, answer.status(), () -> headers + " " + answer);
            }
        }
    }
}
