package dev.meridian.delivery;

import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toMap;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.meridian.ComponentTest;
import dev.meridian.testing.Http;
import dev.meridian.testing.TestProducts;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Span.SpanKind;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The spans of one request at the collector.
@QuarkusTest
@ComponentTest
@WithTestResource(CollectorResource.class)
class TracingTest {
    private static final Pattern HEADER = Pattern.compile("Root=1-([0-9a-f]{8})-([0-9a-f]{24});Sampled=([01])");
    private static final String HEADER_NAME = "X-Amzn-Trace-Id";
    private static final HexFormat HEX = HexFormat.of();

    @Test
    void aRequestIsATraceFromHttpToDynamoDb() throws Exception {
        var before = Instant.now();
        var answer = Http.send("GET", "/customers/" + Http.anId("private"), null);
        assertEquals(404, answer.statusCode());
        var spans = trace(answer, 2);
        var http = only(spans, SpanKind.SPAN_KIND_SERVER);
        var dynamo = only(spans, SpanKind.SPAN_KIND_CLIENT);

        assertEquals("GET /customers/{id}", http.getName());
        assertEquals(0, http.getParentSpanId().size(), "the request has no parent");
        assertEquals("DynamoDb.GetItem", dynamo.getName());
        assertEquals(http.getSpanId(), dynamo.getParentSpanId());
        var seconds = Instant.ofEpochSecond(Long.parseLong(id(http).substring(0, 8), 16));
        assertTrue(
                Duration.between(before, seconds).abs().toSeconds() <= 60,
                "the first 8 digits of a trace id are its time: " + id(http));

        var attributes = attributes(http.getAttributesList());
        assertEquals("/customers/{id}", attributes.get("http.route"));
        assertEquals("/customers/{id}", attributes.get("url.path"));
        assertEquals("404", attributes.get("http.response.status_code"));
    }

    /// One order, from the request to the journal in DynamoDB and to the row in PostgreSQL.
    @Test
    void aCheckoutIsOneTraceFromHttpToDynamoDbToSql() throws Exception {
        var product = TestProducts.create(1_950);
        var customer = Http.anId("customer");
        var update = Http.send("POST", "/checkout/" + customer + "/update", """
                {"items":[{"id":"%s","name":"x","quantity":1,"price":0.01}],"deliveryOptionToken":"priority-mail",
                 "shippingAddress":{"firstName":"Grete","lastName":"Sample","address1":"77 Quayside","city":"Springfield",
                  "state":"WA","zip":"98109","email":"grete@example.com"}}""".formatted(product));
        assertEquals(201, update.statusCode(), update.body());
        trace(update, 3);
        var submit = Http.send("POST", "/checkout/" + customer + "/submit", null);
        assertEquals(201, submit.statusCode(), submit.body());

        var spans = trace(submit, 4);
        var http = only(spans, SpanKind.SPAN_KIND_SERVER);
        assertEquals("POST /checkout/{customerId}/submit", http.getName());
        var calls = spans.stream()
                .filter(span -> span.getKind() == SpanKind.SPAN_KIND_CLIENT)
                .sorted(java.util.Comparator.comparingLong(Span::getStartTimeUnixNano))
                .toList();
        calls.forEach(call -> assertEquals(http.getSpanId(), call.getParentSpanId(), call::toString));
        var journal = calls.stream()
                .filter(call -> call.getName().equals("DynamoDb.PutItem"))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no journal in " + calls));
        var sql = calls.stream()
                .filter(call -> attributes(call.getAttributesList()).toString().contains("INSERT INTO"))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no SQL in " + calls));
        assertTrue(attributes(sql.getAttributesList()).containsValue("postgresql"), sql::toString);
        assertTrue(
                journal.getEndTimeUnixNano() <= sql.getStartTimeUnixNano(), "the journal is written before the row is");
        assertTrue(http.getStartTimeUnixNano() <= journal.getStartTimeUnixNano());
        assertTrue(sql.getEndTimeUnixNano() <= http.getEndTimeUnixNano());

        var everything = CollectorResource.RECEIVED.toString();
        for (var personal : List.of(customer, "Grete", "Quayside", "grete@example.com")) {
            assertFalse(everything.contains(personal), personal + " is in a trace");
        }
    }

    @Test
    void aTraceSaysWhichServiceInWhichRegionItIs() throws Exception {
        var spans = trace(Http.send("GET", "/ticket?limit=1", null), 2);
        var resource = CollectorResource.RECEIVED.stream()
                .filter(received -> spans(received).contains(spans.getFirst()))
                .findFirst()
                .map(received -> attributes(received.getResource().getAttributesList()))
                .orElseThrow();
        assertEquals("meridian", resource.get("service.name"));
        assertTrue(resource.get("service.version").matches("\\d+\\.\\d+\\.\\d+.*"), resource.toString());
        assertEquals("aws", resource.get("cloud.provider"));
        assertEquals("eu-west-1", resource.get("cloud.region"));
        assertEquals("lab", resource.get("deployment.environment.name"));
        assertEquals("meridian-7", resource.get("k8s.pod.name"));
        assertEquals("/ecs/meridian,/ecs/collector", resource.get("aws.log.group.names"));
    }

    @Test
    void xRaysHeaderIsContinuedAndAnswered() throws Exception {
        var root = "5f84c7a1" + HEX.formatHex(randomBytes(12));
        var answer = Http.send(
                "GET",
                "/ticket?limit=1",
                null,
                "X-Amzn-Trace-Id",
                "Root=1-" + root.substring(0, 8) + "-" + root.substring(8) + ";Parent=53995c3f42cd8ad8;Sampled=1");
        var http = only(trace(answer, 2), SpanKind.SPAN_KIND_SERVER);
        assertEquals(root, id(http));
        assertEquals("53995c3f42cd8ad8", HEX.formatHex(http.getParentSpanId().toByteArray()));
    }

    @Test
    void w3cHeadersAreContinuedToo() throws Exception {
        var root = HEX.formatHex(randomBytes(16));
        var answer = Http.send("GET", "/ticket?limit=1", null, "traceparent", "00-" + root + "-53995c3f42cd8ad8-01");
        assertEquals(root, id(only(trace(answer, 2), SpanKind.SPAN_KIND_SERVER)));
    }

    /// A load balancer sends a root and no parent.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "ROOT",
                "ROOT;Sampled=0",
                "ROOT;Sampled=1",
                "Self=1-67891234-12456789abcdef012345678;ROOT",
                " ROOT ; Sampled=? ",
                "ROOT;Parent=nonsense"
            })
    void aTraceThatALoadBalancerBeganGoesOn(String form) throws Exception {
        var root = "5f84c7a1" + HEX.formatHex(randomBytes(12));
        var answer = Http.send("GET", "/ticket/" + Http.anId("none"), null, HEADER_NAME, header(form, root));
        var http = only(trace(answer, 2), SpanKind.SPAN_KIND_SERVER);
        assertEquals(root, id(http));
        assertTrue(HEX.formatHex(http.getParentSpanId().toByteArray()).matches("0*"), () -> "it has a parent: " + http);
        assertTrue(answer.body().contains("\"traceId\":\"" + root + "\""), answer::body);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", " ", "nonsense", "Root=1-5f84c7a1", "ROOT0", "Root=1-00000000-000000000000000000000000"})
    void nonsenseBeginsANewTrace(String form) throws Exception {
        var root = "5f84c7a1" + HEX.formatHex(randomBytes(12));
        var answer = Http.send("GET", "/ticket?limit=1", null, HEADER_NAME, header(form, root));
        var http = only(trace(answer, 2), SpanKind.SPAN_KIND_SERVER);
        assertNotEquals(root, id(http));
        assertEquals(0, http.getParentSpanId().size());
    }

    @Test
    void traceparentWins() throws Exception {
        var root = "5f84c7a1" + HEX.formatHex(randomBytes(12));
        var w3c = HEX.formatHex(randomBytes(16));
        for (var form : List.of("ROOT", "ROOT;Parent=63995c3f42cd8ad9;Sampled=0")) {
            var answer = Http.send(
                    "GET",
                    "/ticket?limit=1",
                    null,
                    HEADER_NAME,
                    header(form, root),
                    "traceparent",
                    "00-" + w3c + "-53995c3f42cd8ad8-00");
            var spans = trace(answer, 2).stream()
                    .filter(span -> span.getKind() == SpanKind.SPAN_KIND_SERVER)
                    .toList();
            assertEquals(w3c, id(spans.getFirst()));
            assertEquals(
                    "53995c3f42cd8ad8",
                    HEX.formatHex(spans.getFirst().getParentSpanId().toByteArray()));
        }
    }

    /// The share here is 1: a caller that asks for no sampling does not get it. `OwnRatioTest` and
    /// `ProductionModeIT` have the other direction.
    @Test
    void theCallerDoesNotDecideOnSampling() throws Exception {
        var root = "5f84c7a1" + HEX.formatHex(randomBytes(12));
        var answer = Http.send(
                "GET", "/ticket?limit=1", null, HEADER_NAME, header("ROOT;Parent=53995c3f42cd8ad8;Sampled=0", root));
        assertEquals(root, id(only(trace(answer, 2), SpanKind.SPAN_KIND_SERVER)));
    }

    private static String header(String form, String traceId) {
        return form.replace("ROOT", "Root=1-" + traceId.substring(0, 8) + "-" + traceId.substring(8));
    }

    @Test
    void nothingThatAClientSentIsInATrace() throws Exception {
        var secret = Http.anId("secret");
        for (var path : List.of(
                "/ticket/" + secret,
                "/ticket?limit=" + secret,
                "/no-such-path/" + secret + "?search=" + secret,
                "/ticket?cursor=" + secret)) {
            var answer = Http.send(
                    "GET",
                    path,
                    null,
                    "User-Agent",
                    secret,
                    "X-Forwarded-For",
                    "203.0.113.77",
                    "traceparent",
                    "00-" + HEX.formatHex(randomBytes(16)) + "-53995c3f42cd8ad8-01",
                    "tracestate",
                    "vendor=" + secret,
                    "baggage",
                    "customer=" + secret);
            assertTrue(answer.statusCode() >= 400, path + " " + answer.statusCode());
            trace(answer, 1);
        }
        var everything = CollectorResource.RECEIVED.toString();
        assertFalse(everything.contains(secret), everything);
        assertFalse(everything.contains("203.0.113.77"), everything);
        assertFalse(everything.contains("exception.message"), everything);
    }

    @Test
    void anUnknownPathHasATraceTooAndManagementHasNone() throws Exception {
        var answer = Http.send("GET", "/no-such-path", null);
        assertEquals(404, answer.statusCode());
        var http = only(trace(answer, 1), SpanKind.SPAN_KIND_SERVER);
        assertFalse(http.getName().contains("no-such-path"), http.getName());
    }

    /// Waits until the response's trace has this many spans, including the request's span, and returns them.
    private static List<Span> trace(HttpResponse<String> answer, int atLeast) {
        var header = answer.headers().firstValue("X-Amzn-Trace-Id").orElse("none");
        var parts = HEADER.matcher(header);
        assertTrue(parts.matches(), "X-Amzn-Trace-Id: " + header);
        assertEquals("1", parts.group(3), header);
        var id = parts.group(1) + parts.group(2);
        return await().atMost(Duration.ofSeconds(30))
                .until(
                        () -> CollectorResource.RECEIVED.stream()
                                .flatMap(received -> spans(received).stream())
                                .filter(span -> id(span).equals(id))
                                .toList(),
                        spans -> spans.size() >= atLeast
                                && spans.stream().anyMatch(span -> span.getKind() == SpanKind.SPAN_KIND_SERVER));
    }

    private static List<Span> spans(ResourceSpans received) {
        return received.getScopeSpansList().stream()
                .flatMap(scope -> scope.getSpansList().stream())
                .toList();
    }

    private static Span only(List<Span> spans, SpanKind kind) {
        var found = spans.stream().filter(span -> span.getKind() == kind).toList();
        assertEquals(1, found.size(), () -> kind + " in " + spans);
        return found.getFirst();
    }

    private static String id(Span span) {
        return HEX.formatHex(span.getTraceId().toByteArray());
    }

    private static Map<String, String> attributes(List<KeyValue> attributes) {
        return attributes.stream().collect(toMap(KeyValue::getKey, pair -> text(pair.getValue())));
    }

    private static String text(AnyValue value) {
        if (value.hasIntValue()) return Long.toString(value.getIntValue());
        if (!value.hasArrayValue()) return value.getStringValue();
        return value.getArrayValue().getValuesList().stream()
                .map(TracingTest::text)
                .collect(joining(","));
    }

    private static byte[] randomBytes(int count) {
        var bytes = new byte[count];
        java.util.concurrent.ThreadLocalRandom.current().nextBytes(bytes);
        return bytes;
    }
}
