package dev.meridian.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.meridian.ComponentTest;
import dev.meridian.shared.Problem;
import dev.meridian.testing.RawHttp;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Invalid requests of every known kind: each response is a problem (RFC 9457) with the right status.
@QuarkusTest
@ComponentTest
class ErrorsResourceTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String JSON_TYPE = "Content-Type: application/json\r\n";

    private record Case(String name, int status, String type, String request) {}

    private static String request(String method, String target, String headers, String body) {
        return method + " " + target + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + headers
                + (body == null ? "" : "Content-Length: " + body.length() + "\r\n") + "\r\n"
                + (body == null ? "" : body);
    }

    private static String post(String body) {
        return request("POST", "/ticket", JSON_TYPE, body);
    }

    private static String get(String target, String headers) {
        return request("GET", target, headers, null);
    }

    private static String ticket(String field, String value) {
        return """
                {"description":"The like button is stuck.","assigned":"support","priority":"high","status":"open",
                 "createdBy":"visitor@example.com","%s":%s}""".formatted(field, value);
    }

    private static List<Case> cases() {
        var big = "x".repeat(1_100_000);
        var all = new ArrayList<Case>();
        all.add(new Case("unknown path", 404, "not-found", get("/no/such/path", "")));
        all.add(new Case("unknown path, POST", 404, "not-found", request("POST", "/no-such-path", JSON_TYPE, "{}")));
        all.add(new Case("wrong method", 405, "method-not-allowed", request("DELETE", "/health", "", null)));
        all.add(new Case("TRACE", 405, "method-not-allowed", request("TRACE", "/ticket", "", null)));
        all.add(new Case("unknown method", 405, "method-not-allowed", request("BREW", "/ticket", "", null)));
        all.add(new Case("CONNECT", 405, "method-not-allowed", request("CONNECT", "/ticket", "", null)));
        // The first bytes choose the encoding (UTF-8, UTF-16, UTF-32), and a body may not keep to it.
        all.add(new Case("JSON in an unknown UTF-32", 400, "invalid-request", post("\u00fe\u00ff\0\0{\0\0\0")));
        all.add(new Case("JSON in an unknown UTF-32", 400, "invalid-request", post("\0\0\u00ff\u00fe{\0\0\0")));
        all.add(new Case("JSON in a broken UTF-32", 400, "invalid-request", post("\0\0\u00fe\u00ff\u00ff\0\0{")));
        all.add(new Case("JSON in a cut UTF-32", 400, "invalid-request", post("\0\0\u00fe\u00ff\0\0\0{\0")));
        all.add(new Case("JSON in a cut UTF-16", 400, "invalid-request", post("\u00fe\u00ff\0{\0")));
        all.add(new Case("JSON in a broken UTF-8", 400, "invalid-request", post("{\"\u00c3\u0028\":1}")));
        all.add(new Case("not acceptable", 406, "not-acceptable", get("/ticket", "Accept: image/png\r\n")));
        all.add(new Case("body too large", 413, "content-too-large", post(big)));
        all.add(new Case(
                "body too large, announced only",
                413,
                "content-too-large",
                request("POST", "/ticket", JSON_TYPE + "Content-Length: 99999999\r\n", null)));
        all.add(new Case("target too long", 414, "uri-too-long", get("/ticket/" + "a".repeat(9000), "")));
        all.add(new Case("target far too long", 414, "uri-too-long", get("/ticket?cursor=" + "a".repeat(30000), "")));
        all.add(new Case(
                "headers too large", 431, "headers-too-large", get("/ticket", "X-A: " + "a".repeat(20000) + "\r\n")));
        all.add(new Case(
                "other content type",
                415,
                "unsupported-media-type",
                request("POST", "/ticket", "Content-Type: text/plain\r\n", "x")));
        all.add(new Case(
                "broken content type",
                415,
                "unsupported-media-type",
                request("POST", "/ticket", "Content-Type: ;;;\r\n", "{}")));
        for (var body : List.of(
                "{",
                "",
                "null",
                "[]",
                "\"x\"",
                "1",
                "nil",
                "{}{}",
                "{\"a\":}",
                "\u00ff\u00fe",
                "[".repeat(5000),
                "{\"a\":".repeat(5000))) {
            all.add(new Case(
                    "body " + body.substring(0, Math.min(body.length(), 9)), 400, "invalid-request", post(body)));
        }
        for (var value :
                List.of("{}", "[1]", "true", "1.5", "1e999", "-1", "0", "99999999999999999999", "\"x\"", "NaN")) {
            all.add(new Case("version " + value, 400, "invalid-request", post(ticket("version", value))));
        }
        all.add(new Case("version of 2,000 digits", 400, "invalid-request", post(ticket("version", "1".repeat(2000)))));
        all.add(new Case("invalid UTF-8", 400, "invalid-request", post(ticket("assigned", "\"\u00c3\u0028\""))));
        all.add(new Case("wrong types", 400, "invalid-request", post(ticket("description", "{\"a\":1}"))));
        all.add(new Case("unknown value", 400, "invalid-request", post(ticket("status", "\"asleep\""))));
        for (var id : List.of(
                "%00",
                "a%00b", "%0d%0a", "%7f", "%ff", "%c3%28", "a%20b", "%2e%2e%2f", "a".repeat(129), "'--", "%25")) {
            var name = id.substring(0, Math.min(id.length(), 12));
            all.add(new Case("id " + name, 400, "invalid-request", get("/ticket/" + id, "")));
        }
        for (var target : List.of(
                "/ticket?limit=x",
                "/ticket?limit=1e3",
                "/ticket?limit=99999999999",
                "/ticket?cursor=%00",
                "/ticket?cursor=!",
                "/ticket?cursor=%ff")) {
            all.add(new Case(target, 400, "invalid-request", get(target, "")));
        }
        all.add(new Case(
                "a page's mistake, with an Accept that is none",
                400,
                "invalid-request",
                get("/catalog/search?keyword=a&page=x", "Accept: *\r\n")));
        all.add(new Case("HTTP/1.0", 404, "not-found", "GET /nowhere HTTP/1.0\r\n\r\n"));
        all.add(new Case(
                "duplicated headers",
                404,
                "not-found",
                get("/nowhere", "Accept: a/b\r\nAccept: c/d\r\nX-Customer-Id: a\r\nX-Customer-Id: b\r\n")));
        return all;
    }

    @TestFactory
    Stream<DynamicTest> everyFailureIsAProblem() {
        return cases().stream()
                .map(c -> DynamicTest.dynamicTest(c.name(), () -> {
                    var answer = RawHttp.send(c.request());
                    var body = assertProblem(c.status(), answer);
                    assertEquals(
                            "urn:meridian:problem:" + c.type(),
                            body.path("type").asText());
                }));
    }

    private static JsonNode assertProblem(int status, RawHttp.Answer answer) throws IOException {
        assertEquals(status, answer.status(), answer::toString);
        assertTrue(answer.header("Content-Type").orElse("").startsWith(Problem.MEDIA_TYPE), answer::toString);
        assertEquals("eu-west-1", answer.header("X-Region").orElse(""), answer::toString);
        var body = JSON.readTree(answer.body());
        assertEquals(status, body.path("status").asInt());
        assertEquals(status, body.path("code").asInt());
        assertEquals(body.path("detail"), body.path("message"));
        assertFalse(body.path("title").asText().isEmpty());
        assertTrue(body.path("traceId").asText().matches("(?!0{32})[0-9a-f]{32}"), answer::toString);
        assertFalse(
                answer.body()
                        .matches("(?s).*(Exception|dev\\.meridian|io\\.quarkus|java\\.|com\\.fasterxml|SELECT ).*"),
                answer::body);
        return body;
    }

    /// The length of the body is known only while it is read.
    @ParameterizedTest
    @ValueSource(strings = {"10cccc", "40cccc"})
    void aChunkedBodyThatIsTooLargeIsRefused(String size) throws IOException {
        var chunks = "c\r\n{\"assigned\":\r\n" + size + "\r\n\"" + "x".repeat(Integer.parseInt(size, 16) - 2)
                + "\"\r\n1\r\n}\r\n0\r\n\r\n";
        var answer =
                RawHttp.send(request("POST", "/ticket", JSON_TYPE + "Transfer-Encoding: chunked\r\n", null) + chunks);
        assertProblem(413, answer);
    }

    /// The client stops in the middle of a body over the limit and still gets its response.
    @Test
    void aChunkedBodyThatIsTooLargeNeedNotEnd() throws IOException {
        var begun = "c\r\n{\"assigned\":\r\n40cccc\r\n\"" + "x".repeat(0x20cccc);
        var answer =
                RawHttp.send(request("POST", "/ticket", JSON_TYPE + "Transfer-Encoding: chunked\r\n", null) + begun);
        assertProblem(413, answer);
    }

    @Test
    void aChunkedFormThatIsTooLargeIsRefused() throws IOException {
        var fields = "productId=lantern&quantity=1" + ("&a=" + "x".repeat(1000)).repeat(2000);
        var type = "Content-Type: application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked\r\n";
        var answer = RawHttp.send(request("POST", "/cart", type, null) + Integer.toHexString(fields.length()) + "\r\n"
                + fields + "\r\n0\r\n\r\n");
        assertEquals(413, answer.status(), answer::toString);
        assertEquals("eu-west-1", answer.header("X-Region").orElse(""));
    }

    @Test
    void a405SaysWhatIsAllowed() throws IOException {
        var answer = RawHttp.send(request("PATCH", "/ticket", JSON_TYPE, "{}"));
        assertProblem(405, answer);
        var allow = List.of(answer.header("Allow").orElse("").split("\\s*,\\s*"));
        assertTrue(allow.containsAll(List.of("GET", "HEAD", "POST")), answer::toString);
        assertFalse(allow.contains("PATCH"), answer::toString);
    }

    @Test
    void headHasTheHeadersOfGetAndNoBody() throws IOException {
        var unknown = RawHttp.send(request("HEAD", "/nowhere", "", null));
        assertEquals(404, unknown.status());
        assertEquals("eu-west-1", unknown.header("X-Region").orElse(""));
        assertEquals("", unknown.body());
        var known = RawHttp.send(request("HEAD", "/topology", "", null));
        assertEquals(200, known.status());
        assertEquals("", known.body());
    }

    @Test
    void optionsAnswersWhatIsAllowed() throws IOException {
        var answer = RawHttp.send(request("OPTIONS", "/ticket", "", null));
        assertEquals(200, answer.status(), answer::toString);
        assertTrue(answer.header("Allow").orElse("").contains("POST"), answer::toString);
        assertEquals("eu-west-1", answer.header("X-Region").orElse(""));
    }

    /// The HTTP server rejects these before there is a request: a bare 400, without a problem or a Region.
    @Test
    void whatIsNotHttpIsRefusedAtOnce() throws IOException {
        for (var garbage : List.of(
                "\r\n\r\nGARBAGE\r\n\r\n",
                "GET\r\n\r\n",
                "GET / HTTP/9.9\r\n\r\n",
                "GET /ticket HTTP/1.1\r\nHost: a\r\nConnection: close\r\nAccept: \u0001\r\n\r\n",
                "\u0016\u0003\u0001\u0000\u0005hello\r\n\r\n")) {
            var answer = RawHttp.send(garbage);
            assertTrue(
                    answer.status() == 0
                            || answer.status() >= 400 && answer.status() < 500
                            || answer.status() == 501
                            || answer.status() == 505,
                    () -> garbage + " gave " + answer);
        }
    }

    @Test
    void aMalformedTargetIsAProblem() throws IOException {
        for (var target : List.of("/ticket/%zz", "/ticket?limit=%", "/ticket/a%2", "/ticket/{id}", "/ticket/a\\b")) {
            var answer = RawHttp.send("GET " + target + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
            assertProblem(400, answer);
        }
    }

    /// Parsers interpret such paths differently (CVE-2026-50559). Sent raw, since clients rewrite some of them.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/ticket;a=b",
                "/ticket;",
                "/;/ticket",
                "/ticket/a;v=1",
                "/ticket/;/a",
                "/ticket/..;/admin/region",
                "/admin;/region",
                "/ticket%3Ba=b",
                "/ticket/a%3bv=1",
                "/ticket%2Fa",
                "/ticket/a%2fb",
                "/%2Fticket",
                "/ticket/..%2fadmin%2fregion",
                "/ticket%5Ca",
                "/ticket/..%5cadmin",
                "/no-such-path;a",
                "/assets/meridian.css;a",
                "/assets%2fmeridian.css",
                "/q/openapi;a",
                "/cart;a?b=c",
                "http://localhost/ticket;a=b",
                "http://localhost/ticket%2fa?b=c"
            })
    void anAmbiguousPathIsRefused(String target) throws IOException {
        for (var method : List.of("GET", "POST", "PUT", "DELETE", "OPTIONS")) {
            var answer = RawHttp.send(request(method, target, JSON_TYPE, "{}"));
            var body = assertProblem(400, answer);
            assertEquals(
                    "urn:meridian:problem:invalid-request", body.path("type").asText());
            assertTrue(
                    answer.header("X-Amzn-Trace-Id").orElse("").startsWith("Root=1-"),
                    () -> method + " gave " + answer);
        }
        var page = RawHttp.send(get(target, "Accept: text/html\r\n"));
        assertEquals(400, page.status(), page::toString);
    }

    @Test
    void aBrowserMayReadThatAPathIsAmbiguous() throws IOException {
        var answer = RawHttp.send(get("/ticket;a", "Origin: https://shop.example\r\n"));
        assertProblem(400, answer);
        assertEquals(
                "https://shop.example",
                answer.header("Access-Control-Allow-Origin").orElse(""));
    }

    @ParameterizedTest
    @ValueSource(strings = {";", "%3B", "%3b", "%2F", "%2f", "%5C", "%5c", "/;/%2f%2F"})
    void aQueryMayHoldWhatAPathMayNot(String text) throws IOException {
        var found = RawHttp.send(get("/catalog/search?keyword=lantern" + text, ""));
        assertEquals(200, found.status(), found::toString);
        var known = RawHttp.send(get("/topology?a=" + text + "?" + text, ""));
        assertEquals(200, known.status(), known::toString);
    }

    @Test
    void aMissingHostDoesNoHarm() throws IOException {
        var answer = RawHttp.send("GET /topology HTTP/1.1\r\nConnection: close\r\n\r\n");
        assertTrue(answer.status() == 200 || answer.status() == 400, answer::toString);
        assertEquals(200, RawHttp.send("GET /topology HTTP/1.0\r\n\r\n").status());
    }

    @Test
    void acceptMayBeAbsurd() throws IOException {
        for (var accept : List.of(
                "",
                "*",
                ";",
                "application/json;q=x",
                "a/b/c, */*",
                "*/json",
                "application/*+json, */*;q=0.1",
                ",,,",
                "x".repeat(3000))) {
            var answer = RawHttp.send(get("/topology", "Accept: " + accept + "\r\n"));
            assertTrue(
                    answer.status() == 200 || answer.status() == 406 || answer.status() == 400,
                    () -> accept + " gave " + answer);
            if (answer.status() != 200) assertProblem(answer.status(), answer);
        }
    }
}
