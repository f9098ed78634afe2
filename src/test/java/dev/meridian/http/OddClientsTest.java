package dev.meridian.http;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.anyOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.meridian.ComponentTest;
import dev.meridian.testing.Http;
import dev.meridian.testing.RawHttp;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Clients as they are: what browsers, old libraries, proxies and scripts send is served, and what nobody
/// can read is the client's mistake.
@QuarkusTest
@ComponentTest
@Tag("dynamodb")
class OddClientsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String FORM = "Content-Type: application/x-www-form-urlencoded\r\n";
    private static final String JSON_TYPE = "Content-Type: application/json\r\n";

    @TestHTTPResource(value = "/metrics", management = true)
    URI metrics;

    private static RawHttp.Answer send(String method, String target, String headers, String body) throws IOException {
        return RawHttp.send(method + " " + target + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + headers
                + (body == null ? "" : "Content-Length: " + body.length() + "\r\n") + "\r\n"
                + (body == null ? "" : body));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/catalog?utm_campaign=spring|sale",
                "/catalog?utm_campaign={{campaign.name}}",
                "/catalog?utm_term=a^b",
                "/catalog?utm_content=`x`",
                "/catalog?u=a\\b",
                "/catalog?discount=100%",
                "/catalog?a=%ff&b=%zz&=&&%",
                "/catalog?a=b;page=x",
                "/catalog/search?keyword=a|b",
                "/catalog/search?keyword=100%",
                "http://localhost/catalog?a=|",
                "/catalog#top",
                "/?utm=|",
                "/leaderboard?utm=%"
            })
    void linksAreServedAsBrowsersSendThem(String target) throws IOException {
        var answer = send("GET", target, "Accept: text/html\r\n", null);
        assertEquals(200, answer.status(), answer::toString);
        assertTrue(answer.header("X-Amzn-Trace-Id").isPresent(), answer::toString);
        assertEquals("nosniff", answer.header("X-Content-Type-Options").orElse(""), answer::toString);
    }

    @Test
    void theManagementPortServesSuchLinksToo() throws IOException {
        var answer = RawHttp.send(
                metrics.getPort(),
                "GET /q/metrics?a=|% HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                        .getBytes(StandardCharsets.US_ASCII));
        assertEquals(200, answer.status(), () -> answer.toString().substring(0, 200));
    }

    @Test
    void aSearchTakesThePercentSignAsItIs() throws IOException {
        var answer = send("GET", "/catalog/search?keyword=100%", "Accept: application/json\r\n", null);
        assertEquals(200, answer.status(), answer::toString);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/cart|productId=hoof-socks&quantity=100%",
                "/cart/items|productId=%&quantity=1",
                "/cart/remove|productId=%zz",
                "/tickets|description=save 100% now please&priority=low&createdBy=field",
                "/leaderboard|player=field 100% pro&country=DE&score=5",
                "/checkout|firstName=%",
                "/checkout/delivery|deliveryOption=%g1",
                "/checkout/payment|cardToken=50%"
            })
    void aPercentSignInAFormIsNoFaultOfOurs(String path, String form) throws IOException {
        for (var accept : List.of("text/html", "*/*", "application/json")) {
            var answer = send("POST", path, FORM + "Accept: " + accept + "\r\n", form);
            assertTrue(answer.status() < 500, answer::toString);
            assertTrue(answer.header("X-Region").isPresent(), answer::toString);
        }
    }

    @Test
    void aPercentSignInAFormStandsForItself() throws IOException {
        var text = "Save 100% now, " + Http.anId("t");
        var sent = send(
                "POST",
                "/tickets",
                FORM + "Accept: text/html\r\n",
                "description=" + text.replace(' ', '+') + "&priority=low&createdBy=%4Eew");
        assertEquals(303, sent.status(), sent::toString);
        given().accept("text/html").get("/tickets").then().body(containsString(text), containsString("by New"));
    }

    @ParameterizedTest
    @CsvSource({
        "400, application/x-www-form-urlencoded, createdBy=%FF",
        "400, application/x-www-form-urlencoded, createdBy=%C0%AF",
        "415, application/x-www-form-urlencoded; charset=nope, a=b",
        "415, application/x-www-form-urlencoded; charset=utf-7, a=b",
        "415, multipart/form-data, a=b",
        "415, text/plain; charset=\", a=b"
    })
    void aFormThatIsNoTextIsRefused(int status, String type, String form) throws IOException {
        var answer = send("POST", "/tickets", "Content-Type: " + type + "\r\n", form);
        assertEquals(status, answer.status(), answer::toString);
        assertEquals(status, JSON.readTree(answer.body()).path("status").asInt(), answer::toString);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "PUT|/carts/odd/items/hoof-socks|{\"quantity\":2,\"quantity\":2}",
                "POST|/carts/odd/items|{\"itemId\":\"hoof-socks\",\"quantity\":1,\"quantity\":1}",
                "PATCH|/catalog/products/hoof-socks/stock|{\"add\":0,\"add\":0}",
                "POST|/leaderboard|{\"player\":\"a\",\"player\":\"b\",\"country\":\"DE\",\"score\":1}",
                "PUT|/customers/odd|{\"name\":\"a\",\"name\":\"b\"}"
            })
    void aNameThatComesTwiceIsTheClientsMistake(String method, String path, String body) throws IOException {
        var answer = send(method, path, JSON_TYPE, body);
        assertEquals(400, answer.status(), answer::toString);
        assertTrue(JSON.readTree(answer.body()).path("detail").asText().startsWith("A name comes twice"));
    }

    @Test
    void anOverlongEncodingIsNoText() throws IOException {
        for (var bytes :
                List.of("\u00c0\u00af", "\u00e0\u0080\u00af", "\u00ed\u00a0\u0080", "\u00f5\u0080\u0080\u0080")) {
            var answer = send("PUT", "/customers/odd", JSON_TYPE, "{\"name\":\"a" + bytes + "\"}");
            assertEquals(400, answer.status(), answer::toString);
        }
        var text = send(
                "PUT",
                "/customers/" + Http.anId("c"),
                JSON_TYPE,
                "{\"name\":\"\u00c3\u00a9\u00f0\u009f\u0092\u00a5\"}");
        assertEquals(2, text.status() / 100, text::toString);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text/html; charset=",
                "*/*;q=",
                "text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2",
                "text/html;level",
                "*",
                ",",
                "text/html;q=1.5",
                "text/html;;;q=0.9;"
            })
    void aBrokenAcceptIsIgnored(String accept) throws IOException {
        for (var path : List.of(
                "/",
                "/catalog",
                "/leaderboard?limit=1",
                "/orders?customerId=odd",
                "/status",
                "/tickets",
                "/catalog/search?keyword=oats")) {
            var answer = send(
                    "GET", path, "Accept: " + accept + "\r\nAccept-Language: ,;q=,*;-\r\nAccept-Charset: ;\r\n", null);
            assertEquals(200, answer.status(), () -> path + answer);
        }
    }

    @Test
    void aTypeOfQualityZeroIsNotWanted() throws IOException {
        assertEquals(
                406, send("GET", "/tickets", "Accept: text/html;q=0\r\n", null).status());
        assertEquals(
                406,
                send("GET", "/ticket", "Accept: application/json;q=0\r\n", null).status());
        var page = send("GET", "/leaderboard", "Accept: application/json;q=0, */*\r\n", null);
        assertTrue(page.header("Content-Type").orElse("").startsWith("text/html"), page::toString);
    }

    @Test
    void aRequestWithoutHostHasLinks() throws IOException {
        for (int i = 0; i < 2; i++) {
            given().contentType("application/json")
                    .body(
                            "{\"description\":\"odd clients\",\"assigned\":\"\",\"priority\":\"low\",\"status\":\"open\",\"createdBy\":\"x\"}")
                    .post("/ticket");
        }
        for (var host : List.of("", "Host: my_store:8080\r\n", "Host: \r\n", "Host: a b\r\n", "Host: [::1\r\n")) {
            var answer = RawHttp.send("GET /ticket?limit=1&a=|&limit=1 HTTP/1.0\r\n" + host + "\r\n");
            assertTrue(answer.status() == 200 || !host.isEmpty() && answer.status() == 400, () -> host + answer);
            assertTrue(answer.header("X-Region").isPresent(), () -> host + answer);
            if (answer.status() == 200) {
                assertTrue(
                        answer.header("Link").orElse("").startsWith("</ticket?limit=1&a=%7C&limit=1&cursor="),
                        () -> host + answer);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "303, my_store:8080, http://my_store:8080, X-A: b",
        "303, store.example, https://store.example, X-A: b",
        "303, 10.0.0.7:8080, https://store.example, X-Forwarded-Host: store.example",
        "303, 10.0.0.7:8080, https://store.example, Forwarded: for=1.2.3.4;host=store.example;proto=https",
        "403, my_store:8080, http://your_store:8080, X-A: b",
        "403, my_store:8080, http://my_store:8081, X-A: b"
    })
    void aFormOfThisSiteIsKnownByItsHost(int status, String host, String origin, String header) throws IOException {
        var form = "productId=hoof-socks";
        var answer = RawHttp.send("POST /cart HTTP/1.1\r\nHost: " + host
                + "\r\nConnection: close\r\nAccept: text/html\r\n" + FORM + "Origin: " + origin + "\r\n" + header
                + "\r\nContent-Length: " + form.length() + "\r\n\r\n" + form);
        assertEquals(status, answer.status(), answer::toString);
    }

    @Test
    void aSecondCookieOfTheSameNameLosesNoCart() throws Exception {
        var visitor = Http.aVisitor();
        var put = Http.send("POST", "/checkout", null, "Cookie", visitor);
        assertTrue(put.statusCode() < 500);
        for (var cookies : List.of(visitor + "; meridian-session=other", "meridian-session=other; " + visitor)) {
            var answer = Http.send("GET", "/cart", null, "Cookie", cookies, "Accept", "text/html");
            var begun = answer.headers().firstValue("Set-Cookie").orElseThrow();
            // The customer's id is the first part of the token.
            assertEquals(customer(visitor), customer(begun), cookies);
        }
    }

    private static String customer(String cookie) {
        return cookie.replaceFirst("^[^=]*=", "").split("[.;]")[0];
    }

    @Test
    void aCompressedBodyIsNotGuessedAt() throws IOException {
        var answer = send("POST", "/ticket", JSON_TYPE + "Content-Encoding: gzip\r\n", "{}");
        assertEquals(415, answer.status(), answer::toString);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"traceparent", "tracestate", "x-amzn-trace-id", "baggage", "x-requested-with", "if-none-match"})
    void aPreflightAllowsWhatTracingAddsInBrowsers(String header) {
        given().header("Origin", "https://app.example")
                .header("Access-Control-Request-Method", "POST")
                .header("Access-Control-Request-Headers", "content-type," + header)
                .options("/orders")
                .then()
                .statusCode(200)
                .header("Access-Control-Allow-Headers", String::toLowerCase, containsString(header))
                .header("Access-Control-Max-Age", "7200");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/catalog", "/assets/meridian.css", "/q/openapi", "/no/such/page", "/tickets"})
    void textIsCompressed(String path) throws Exception {
        var plain = get(Http.uri(path), "identity");
        var zipped = get(Http.uri(path), "gzip, deflate, br");
        if (plain.body().length < 1024) return;
        assertEquals("gzip", zipped.headers().firstValue("Content-Encoding").orElse(""), path);
        assertTrue(zipped.headers().allValues("Vary").toString().contains("Accept-Encoding"), path);
        System.out.printf("compressed: %s %d to %d bytes%n", path, plain.body().length, zipped.body().length);
        assertTrue(zipped.body().length < plain.body().length * 2 / 3, path);
        assertTrue(new GZIPInputStream(new ByteArrayInputStream(zipped.body())).readAllBytes().length > 1024);
        assertTrue(
                get(Http.uri(path), "gzip;q=0")
                        .headers()
                        .firstValue("Content-Encoding")
                        .isEmpty(),
                path);
    }

    @Test
    void metricsAreCompressed() throws Exception {
        var zipped = get(metrics, "gzip");
        assertEquals("gzip", zipped.headers().firstValue("Content-Encoding").orElse(""));
        var text = new String(
                new GZIPInputStream(new ByteArrayInputStream(zipped.body())).readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(text.contains("meridian_"), text.substring(0, 200));
    }

    private static HttpResponse<byte[]> get(URI uri, String encodings) throws Exception {
        try (var client = HttpClient.newHttpClient()) {
            return client.send(
                    HttpRequest.newBuilder(uri)
                            .header("Accept", "text/html, */*")
                            .header("Accept-Encoding", encodings)
                            .build(),
                    HttpResponse.BodyHandlers.ofByteArray());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /, text/html",
        "GET, /, application/json",
        "GET, /leaderboard?limit=1, application/json",
        "GET, /orders?customerId=odd, application/json",
        "GET, /assets/mark.svg, */*",
        "GET, /no/such, */*",
        "GET, /a%2Fb, */*",
        "BREW, /, */*",
        "OPTIONS, /ticket, */*",
        "HEAD, /health, */*"
    })
    void everyAnswerHasItsDateAndItsVary(String method, String path, String accept) throws IOException {
        var answer = send(method, path, "Accept: " + accept + "\r\n", null);
        var date = ZonedDateTime.parse(answer.header("Date").orElse(""), DateTimeFormatter.RFC_1123_DATE_TIME);
        assertTrue(Duration.between(date.toInstant(), Instant.now()).abs().toSeconds() < 5, answer::toString);
        assertTrue(answer.header("Vary").orElse("").contains("Accept"), answer::toString);
        assertTrue(answer.header("Cache-Control").isPresent(), answer::toString);
        assertTrue(answer.header("X-Region").isPresent(), answer::toString);
    }

    @Test
    void anAssetIsTheSameInEveryProcess() throws Exception {
        var uri = "/assets/meridian.css";
        var first = Http.send("GET", uri, null);
        assertTrue(first.headers().firstValue("Last-Modified").isEmpty());
        var tag = first.headers().firstValue("ETag").orElseThrow();
        assertTrue(tag.matches("W/\"[0-9a-f]{12}\""), tag);
        var again = Http.send("GET", uri, null, "If-None-Match", tag);
        assertEquals(304, again.statusCode());
        assertEquals(tag, again.headers().firstValue("ETag").orElseThrow());
        given().header("If-None-Match", "\"other\"")
                .get(uri)
                .then()
                .statusCode(200)
                .header("Content-Type", startsWith("text/css"));
        given().head(uri).then().statusCode(200).header("Content-Length", not(equalTo("0")));
        given().post(uri).then().statusCode(anyOf(equalTo(404), equalTo(405)));
    }

    /// Behind a load balancer that ends TLS.
    @Test
    void aLocationIsAPath() {
        var customer = Http.anId("c");
        given().contentType("application/json")
                .body("""
                        {"items":[{"id":"hoof-socks","quantity":1}],"deliveryOptionToken":"priority-mail",
                         "shippingAddress":{"firstName":"Field","lastName":"Er","address1":"1 Sample Rd","city":"X",
                          "state":"WA","zip":"98101","email":"field@example.com"}}""")
                .post("/checkout/" + customer + "/update")
                .then()
                .statusCode(201);
        given().header("Host", "store.example")
                .header("X-Forwarded-Proto", "https")
                .post("/checkout/" + customer + "/submit")
                .then()
                .statusCode(anyOf(equalTo(201), equalTo(202)))
                .header("Location", startsWith("/orders/"));
    }
}
