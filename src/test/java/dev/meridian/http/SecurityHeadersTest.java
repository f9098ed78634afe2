package dev.meridian.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.meridian.ComponentTest;
import dev.meridian.testing.Http;
import dev.meridian.testing.RawHttp;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The headers of every operation of docs/openapi.json, of every page, and of answers that the framework gives.
@QuarkusTest
@ComponentTest
@Tag("dynamodb")
class SecurityHeadersTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    /// The reads that are the same for everybody. All else is kept by nobody.
    private static final Set<String> FOR_ALL = Set.of(
            "GET /",
            "GET /LATEST/builder",
            "GET /catalog/products",
            "GET /catalog/products/{id}",
            "GET /catalog/search",
            "GET /catalog/size",
            "GET /catalog/tags",
            "GET /catalogue",
            "GET /catalogue/product/{id}",
            "GET /catalogue/size",
            "GET /catalogue/tags",
            "GET /leaderboard",
            "GET /leaderboard/players/{player}",
            "GET /mysfits",
            "GET /mysfits/{id}");

    private static final Map<String, String> QUERIES =
            Map.of("/catalog/search", "?keyword=rune", "/mysfits", "?limit=1");

    private record Operation(String method, String path) {
        String name() {
            return method + " " + path;
        }
    }

    private static List<Operation> operations() throws IOException {
        var operations = new ArrayList<Operation>();
        JSON.readTree(Files.readString(Path.of("docs/openapi.json")))
                .path("paths")
                .properties()
                .forEach(path -> path.getValue().properties().stream()
                        .map(Map.Entry::getKey)
                        .filter(method -> !method.equals("parameters"))
                        .forEach(method ->
                                operations.add(new Operation(method.toUpperCase(Locale.ROOT), path.getKey()))));
        return operations;
    }

    private static HttpResponse<String> send(Operation operation, String... headers) throws Exception {
        var id = operation.path().startsWith("/mysfits/") && operation.method().equals("GET")
                ? JSON.readTree(Http.send("GET", "/mysfits", null).body())
                        .findValue("mysfitId")
                        .asText()
                : operation.path().startsWith("/catalog") ? "rune-tag" : Http.anId("c");
        if (operation.path().contains("{player}")) {
            Http.send("POST", "/leaderboard", "{\"player\":\"" + id + "\",\"country\":\"IS\",\"score\":7}");
        }
        var path = operation.path().replaceAll("\\{[^}]*}", id) + QUERIES.getOrDefault(operation.path(), "");
        boolean isRead = operation.method().equals("GET");
        // Without a body that anything could be made of.
        return Http.send(operation.method(), path, isRead ? null : "[]", headers);
    }

    private static List<String> values(HttpResponse<?> answer, String name) {
        return answer.headers().allValues(name);
    }

    private static void assertForOne(HttpResponse<?> answer) {
        assertEquals(List.of("nosniff"), values(answer, "X-Content-Type-Options"), answer::toString);
        assertEquals(List.of("no-store"), values(answer, "Cache-Control"), answer::toString);
        for (var name : List.of("Accept", "Cookie", "X-Customer-Id", "Authorization")) {
            assertTrue(values(answer, "Vary").toString().contains(name), () -> answer + " " + values(answer, "Vary"));
        }
        assertPlain(answer);
    }

    private static void assertForAll(HttpResponse<?> answer) {
        assertEquals(List.of("nosniff"), values(answer, "X-Content-Type-Options"), answer::toString);
        assertEquals(List.of("no-cache"), values(answer, "Cache-Control"), answer::toString);
        assertEquals(List.of("Accept, Accept-Encoding, Origin"), values(answer, "Vary"), answer::toString);
        assertPlain(answer);
    }

    /// This connection is not encrypted, and nobody who says otherwise is trusted.
    private static void assertPlain(HttpResponse<?> answer) {
        assertEquals(List.of(), values(answer, "Strict-Transport-Security"), answer::toString);
    }

    @TestFactory
    Stream<DynamicTest> everyOperationSaysWhoMayKeepItsAnswer() throws IOException {
        var operations = operations();
        assertTrue(operations.size() >= 50, () -> operations.size() + " operations");
        var names = operations.stream().map(Operation::name).toList();
        assertTrue(names.containsAll(FOR_ALL), () -> FOR_ALL + " in " + names);
        return operations.stream()
                .map(operation -> DynamicTest.dynamicTest(operation.name(), () -> {
                    var answer = send(operation, "X-Forwarded-Proto", "https", "X-Forwarded-For", "127.0.0.1");
                    if (FOR_ALL.contains(operation.name())) {
                        assertEquals(200, answer.statusCode(), answer::body);
                        assertForAll(answer);
                    } else {
                        assertForOne(answer);
                    }
                }));
    }

    @Test
    void personalAnswersThatSucceedAreKeptByNobody() throws Exception {
        var id = Http.anId("c");
        assertKeptByNobody(201, Http.send("PUT", "/carts/" + id + "/items/rune-tag", "{\"quantity\":3}"));
        assertKeptByNobody(200, Http.send("GET", "/carts/" + id, null));
        var order = """
                {"shippingAddress":{"firstName":"Grete","lastName":"Sample","email":"grete@example.com",
                 "address1":"77 Quayside","city":"Springfield","zipCode":"98109","state":"WA"},
                 "items":[{"productId":"rune-tag","quantity":1}]}""";
        var ordered = Http.send("POST", "/orders", order, "X-Customer-Id", id);
        assertKeptByNobody(200, ordered);
        var path = "/orders/" + JSON.readTree(ordered.body()).path("id").asText();
        assertKeptByNobody(200, Http.send("GET", path, null));
        assertKeptByNobody(200, Http.send("GET", "/orders?customerId=" + id, null));
        assertKeptByNobody(200, Http.send("GET", "/ticket?limit=1", null));
        assertKeptByNobody(200, Http.send("GET", "/health", null));
        assertKeptByNobody(200, Http.send("GET", "/admin/regions", null));
    }

    private static void assertKeptByNobody(int status, HttpResponse<String> answer) {
        // A cart's first item is 201, a known one 200.
        assertEquals(status / 100, answer.statusCode() / 100, answer::body);
        assertForOne(answer);
    }

    @Test
    void anEntityTagStillSavesTheBody() throws Exception {
        var first = Http.send("GET", "/catalog/products/rune-tag", null);
        var tag = first.headers().firstValue("ETag").orElseThrow();
        var again = Http.send("GET", "/catalog/products/rune-tag", null, "If-None-Match", tag);
        assertEquals(304, again.statusCode());
        assertForAll(again);
    }

    /// A path that only ends where it seems to begin is nobody's but the caller's.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "//carts/ada",
                "/catalog/../carts/ada",
                "/mysfits/%2e%2e/carts/ada",
                "/mysfits/%zz",
                "/%63arts/ada"
            })
    void oddlyWrittenPathsAreKeptByNobody(String path) throws Exception {
        var answer = RawHttp.send("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        assertEquals("no-store", answer.header("Cache-Control").orElse(""), answer::toString);
        assertEquals("nosniff", answer.header("X-Content-Type-Options").orElse(""), answer::toString);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/home",
                "/catalog",
                "/catalog/search",
                "/catalog/rune-tag",
                "/cart",
                "/checkout",
                "/checkout/delivery",
                "/checkout/payment",
                "/leaderboard",
                "/orders",
                "/orders/none",
                "/status",
                "/tickets",
                "/no-such-page"
            })
    void everyPageIsItsVisitorsAlone(String path) throws Exception {
        var answer = Http.send("GET", path, null, "Accept", "text/html", "X-Forwarded-Proto", "https");
        assertEquals(List.of("nosniff"), values(answer, "X-Content-Type-Options"), path);
        assertEquals(List.of("no-store"), values(answer, "Cache-Control"), path);
        var vary = values(answer, "Vary").toString();
        assertTrue(vary.contains("Accept") && vary.contains("Cookie"), () -> path + " " + vary);
        boolean isPage = answer.headers().firstValue("Content-Type").orElse("").startsWith("text/html");
        assertEquals(
                isPage, answer.headers().firstValue("Content-Security-Policy").isPresent(), path);
        assertPlain(answer);
    }

    @ParameterizedTest
    @CsvSource({
        "404, GET, /no/such/path, Accept: */*",
        "404, GET, /assets/no-such.css, Accept: */*",
        "404, GET, /catalog/products/none, Accept: */*",
        "405, DELETE, /health, Accept: */*",
        "405, BREW, /mysfits, Accept: */*",
        "406, GET, /mysfits, Accept: image/png",
        "400, GET, /catalog/pro%2Fducts, Accept: */*",
        "400, GET, /mysfits, Host: other",
        "413, POST, /ticket, Content-Length: 9999999999",
        "415, POST, /ticket, Content-Type: nonsense",
        "431, GET, /mysfits, X-Long: LONG",
        "414, GET, /mysfits?LONG, Accept: */*"
    })
    void errorsOfTheFrameworkHaveThemToo(int status, String method, String target, String header) throws Exception {
        var text = (method + " " + target + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + header
                        + "\r\n\r\n")
                .replace("LONG", "x".repeat(20_000));
        var answer = RawHttp.send(text);
        assertEquals(status, answer.status(), answer::toString);
        assertEquals("nosniff", answer.header("X-Content-Type-Options").orElse(""), answer::toString);
        assertEquals("no-store", answer.header("Cache-Control").orElse(""), answer::toString);
        assertTrue(answer.header("Vary").orElse("").contains("Accept"), answer::toString);
    }

    @Test
    void whatTheRouterItselfFailsHasThemToo() throws IOException {
        var answer = RawHttp.send("GET /mysfits HTTP/1.1\r\nConnection: close\r\n\r\n");
        assertEquals(400, answer.status(), answer::toString);
        assertEquals("nosniff", answer.header("X-Content-Type-Options").orElse(""), answer::toString);
        assertEquals("no-store", answer.header("Cache-Control").orElse(""), answer::toString);
        assertTrue(answer.header("X-Region").isPresent(), answer::toString);
        assertTrue(answer.body().contains("urn:meridian:problem:invalid-request"), answer::toString);
    }

    @Test
    void preflightsHaveThemToo() throws Exception {
        var answer = Http.send(
                "OPTIONS",
                "/orders",
                null,
                "Origin",
                "https://shop.example.com",
                "Access-Control-Request-Method",
                "POST");
        assertEquals(200, answer.statusCode());
        assertForOne(answer);
    }

    @Test
    void assetsAreKeptByEverybody() throws Exception {
        var page = Http.send("GET", "/", null, "Accept", "text/html").body();
        var asset = page.replaceFirst("(?s).*?(/assets/[a-z-]+\\.css\\?v=[0-9a-f]+).*", "$1");
        var answer = Http.send("GET", asset, null);
        assertEquals(200, answer.statusCode(), asset);
        assertTrue(values(answer, "Cache-Control").toString().contains("immutable"), answer::toString);
        assertEquals(List.of("nosniff"), values(answer, "X-Content-Type-Options"));
        assertEquals(List.of("Accept-Encoding, Origin"), values(answer, "Vary"));
        assertForAll(Http.send("GET", "/q/openapi", null));
    }
}
