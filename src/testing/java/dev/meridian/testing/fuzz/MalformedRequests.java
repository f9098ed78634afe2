package dev.meridian.testing.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// Makes requests for one endpoint: valid by its OpenAPI schema, then corrupted in one to three places. They
/// are bytes, so that they can also be invalid as text.
public final class MalformedRequests {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int DEPTH_MAX = 6;

    /// For paths and queries, already encoded.
    private static final List<String> ODD_TEXT = List.of(
            "",
            "%00",
            "a%00b",
            "%ff",
            "%c3%28",
            "%ed%a0%80",
            "%",
            "%zz",
            "%2",
            "%25",
            "%2f",
            "%2e%2e%2f%2e%2e%2fetc",
            "..",
            "%20",
            "+",
            "a%0d%0aX-Evil:%201",
            "%f0%9f%92%a5",
            "%u0041",
            "'%20OR%201=1--",
            "$%7Bjndi:ldap://x%7D",
            "%7B%7D",
            "-1",
            "0",
            "1e400",
            "NaN",
            "Infinity",
            "1.5",
            "0x10",
            "99999999999999999999",
            "9223372036854775808",
            "2147483648",
            "-2147483649",
            "true",
            "null",
            "undefined",
            "[]",
            "a".repeat(129),
            "a".repeat(5000),
            "9".repeat(400),
            ";a=b",
            "a;b=c",
            "*",
            "%E2%80%AE",
            "%c0%80",
            "#",
            "price_asc%27",
            "eyJhIjoxfQ",
            "AAAA",
            "!!!!");

    /// For header values; each char is one byte.
    private static final List<String> ODD_HEADERS = List.of(
            "",
            " ",
            "\t",
            "\u0001",
            "\u007f",
            "\u00ff\u00fe",
            "a\u0000b",
            "x".repeat(300),
            "x".repeat(9000),
            "%00",
            "null",
            "-1",
            "a,b,c",
            "\u00c3\u00a9",
            ";",
            "=",
            "\"",
            "'--",
            "Bearer",
            "Bearer ",
            "Bearer \u00ff",
            "Basic Og==",
            "W/\"x\"",
            "bytes=0-1");

    private static final List<String> ODD_TYPES = List.of(
            "",
            ";",
            "/",
            "a/b/c",
            "application",
            "application/",
            "application/json;",
            "application/json; charset=nope",
            "application/json; charset=utf-16",
            "application/json;=;=",
            "text/plain",
            "text/csv",
            "application/xml",
            "multipart/form-data",
            "multipart/form-data; boundary=",
            "application/x-www-form-urlencoded",
            "*/*",
            "application/*",
            "\u00ff/\u00ff",
            "application/json, text/plain",
            "application/json\u0000");

    private static final List<String> ODD_ACCEPTS = List.of(
            "",
            "*",
            ";",
            ",",
            "a/b/c",
            "*/json",
            "image/png",
            "application/json;q=x",
            "application/json;q=-1",
            "x".repeat(2000),
            "application/x-ndjson",
            "text/html",
            "text/csv",
            "application/problem+json",
            "\u00ff");

    /// Raw JSON values to replace any value of a body.
    private static final List<String> ODD_JSON = List.of(
            "null",
            "true",
            "[]",
            "{}",
            "[null]",
            "[[[]]]",
            "{\"a\":null}",
            "\"\"",
            "\" \"",
            "\"\\u0000\"",
            "\"a\\u0000b\"",
            "\"\\ud800\"",
            "\"\\udc00\\ud800\"",
            "\"\\uffff\"",
            "\"\\u202e\"",
            "\"\\u001f\"",
            "-1",
            "-0",
            "0",
            "0.1",
            "1e-400",
            "1e400",
            "1E+2147483648",
            "1e9999999999",
            "2147483648",
            "-2147483649",
            "9223372036854775808",
            "99999999999999999999999999",
            "3.0",
            "3.7",
            "\"3\"",
            "\"NaN\"",
            "NaN",
            "Infinity",
            "01",
            "+1",
            "0x10",
            "'a'",
            "nul",
            "\"unterminated",
            "\"\\x\"",
            "\"'; DROP TABLE orders; --\"",
            "\"${jndi:ldap://x}\"",
            "\"<script>\"",
            "\"2026-13-45 99:99:99\"");

    private final ApiOperation endpoint;
    private final Random random;
    private String target;
    private String query;
    private final List<String> headers = new ArrayList<>();
    private byte[] body;
    private String lengthHeader;

    /// @param random decides what is corrupted and how
    public MalformedRequests(ApiOperation endpoint, Random random) {
        this.endpoint = endpoint;
        this.random = random;
    }

    /// The next request, head and body.
    public byte[] next() {
        makeValid();
        int spoils = 1 + random.nextInt(3);
        for (int i = 0; i < spoils; i++) spoil();
        var head = new StringBuilder(
                endpoint.method() + " " + target + query + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n");
        headers.forEach(header -> head.append(header).append("\r\n"));
        if (lengthHeader != null) head.append(lengthHeader).append("\r\n");
        var out = new ByteArrayOutputStream();
        out.writeBytes(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
        out.writeBytes(body);
        return out.toByteArray();
    }

    private void makeValid() {
        target = endpoint.target(_ -> "fuzz-" + random.nextInt(5));
        var parts = new ArrayList<String>();
        headers.clear();
        for (var parameter : endpoint.parameters()) {
            if (random.nextInt(4) == 0) continue;
            var name = parameter.path("name").asText();
            var value = parameter.path("schema").path("type").toString().contains("integer")
                    ? "2"
                    : "fuzz-" + random.nextInt(5);
            if (parameter.path("in").asText().equals("query")) parts.add(name + "=" + value);
            if (parameter.path("in").asText().equals("header")) headers.add(name + ": " + value);
        }
        query = parts.isEmpty() ? "" : "?" + String.join("&", parts);
        var content = ApiOperation.resolve(
                        endpoint.document(), endpoint.operation().path("requestBody"))
                .path("content");
        if (content.isMissingNode() || content.isEmpty()) {
            setBody(new byte[0]);
            lengthHeader = null;
        } else if (content.has("application/json")) {
            headers.add("Content-Type: application/json");
            setBody(value(endpoint.bodySchema(), 0).toString().getBytes(StandardCharsets.UTF_8));
        } else {
            headers.add("Content-Type: " + content.fieldNames().next());
            setBody("player,country,score\nfuzz,DE,1\n".getBytes(StandardCharsets.UTF_8));
        }
    }

    private void setBody(byte[] bytes) {
        body = bytes;
        lengthHeader = "Content-Length: " + bytes.length;
    }

    /// A value that fits a schema, or nearly.
    private JsonNode value(JsonNode reference, int depth) {
        var nodes = JsonNodeFactory.instance;
        var schema = ApiOperation.resolve(endpoint.document(), reference);
        if (schema.has("allOf"))
            schema = ApiOperation.resolve(
                    endpoint.document(), schema.path("allOf").get(0));
        if (schema.has("anyOf"))
            schema = ApiOperation.resolve(
                    endpoint.document(), schema.path("anyOf").get(0));
        if (schema.path("examples").size() > 0) return schema.path("examples").get(0);
        if (schema.has("example")) return schema.path("example");
        if (schema.path("enum").size() > 0) return schema.path("enum").get(0);
        if (depth > DEPTH_MAX) return nodes.nullNode();
        var type = schema.path("type").toString();
        if (type.contains("object") || schema.has("properties")) {
            var object = nodes.objectNode();
            for (var property : schema.path("properties").properties()) {
                object.set(property.getKey(), value(property.getValue(), depth + 1));
            }
            return object;
        }
        if (type.contains("array")) return nodes.arrayNode().add(value(schema.path("items"), depth + 1));
        if (type.contains("integer") || type.contains("number")) return nodes.numberNode(3);
        if (type.contains("boolean")) return nodes.booleanNode(true);
        return nodes.textNode("a text of fuzz");
    }

    private void spoil() {
        switch (random.nextInt(endpoint.bodySchema().isMissingNode() && body.length == 0 ? 7 : 16)) {
            case 0 -> target = endpoint.target(_ -> any(ODD_TEXT).isEmpty() ? "%" : any(ODD_TEXT));
            case 1 -> query = "?" + oddQuery();
            case 2 -> query = query + (query.isEmpty() ? "?" : "&") + oddQuery();
            case 3 -> headers.add("Accept: " + any(ODD_ACCEPTS));
            case 4 -> {
                headers.removeIf(header -> header.startsWith("Content-Type"));
                headers.add("Content-Type: " + any(ODD_TYPES));
            }
            case 5 ->
                headers.add(any(List.of(
                                "Idempotency-Key",
                                "X-Customer-Id",
                                "Authorization",
                                "If-Match",
                                "Range",
                                "Origin",
                                "X-Amzn-Trace-Id",
                                "traceparent",
                                "Accept-Encoding",
                                "Accept-Language",
                                "Cookie",
                                "Expect-Nothing"))
                        + ": " + any(ODD_HEADERS));
            case 6 ->
                headers.add(any(List.of(
                        "Transfer-Encoding: nonsense",
                        "Content-Encoding: gzip",
                        "Upgrade: nonsense",
                        "X-HTTP-Method-Override: DELETE",
                        "Host: a\r\nHost: b",
                        "traceparent: 00-0-0-00",
                        "traceparent: 00-" + "0".repeat(32) + "-" + "0".repeat(16) + "-01")));
            case 7 -> setBody(new byte[0]);
            case 8 -> setBody(any(ODD_JSON).getBytes(StandardCharsets.UTF_8));
            case 9 -> setBody(java.util.Arrays.copyOf(body, random.nextInt(body.length + 1)));
            case 10 -> flipBytes();
            case 11 ->
                setBody(any(List.of(
                                "[".repeat(3000),
                                "{\"a\":".repeat(3000),
                                "{}{}",
                                "\ufeff{}",
                                "{\"a\":1,\"a\":2}",
                                "null",
                                "[{}]",
                                "\"\\ud800\""))
                        .getBytes(StandardCharsets.UTF_8));
            case 12 -> setBody(new String(body, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_16));
            default -> spoilValue();
        }
    }

    private String oddQuery() {
        var names = endpoint.parameters().stream()
                .filter(p -> p.path("in").asText().equals("query"))
                .map(p -> p.path("name").asText())
                .toList();
        var name = names.isEmpty() || random.nextInt(5) == 0
                ? any(List.of("limit", "a", "", "%", "cursor", "%00"))
                : any(names);
        return name + "=" + any(ODD_TEXT);
    }

    private void flipBytes() {
        var bytes = body.clone();
        for (int i = 0; i < 3 && bytes.length > 0; i++)
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        setBody(bytes);
    }

    /// Replaces a random value in the body by an odd one, or removes it.
    private void spoilValue() {
        final JsonNode tree;
        try {
            tree = JSON.readTree(body);
        } catch (java.io.IOException _) {
            return;
        }
        var places = new ArrayList<Runnable>();
        var marker = "\u2042";
        collect(tree, places, marker);
        if (places.isEmpty()) return;
        places.get(random.nextInt(places.size())).run();
        setBody(tree.toString().replace("\"" + marker + "\"", any(ODD_JSON)).getBytes(StandardCharsets.UTF_8));
    }

    private void collect(JsonNode node, List<Runnable> places, String marker) {
        if (node instanceof ObjectNode object) {
            for (var property : object.properties()) {
                collect(property.getValue(), places, marker);
                places.add(() -> object.put(property.getKey(), marker));
                places.add(() -> object.remove(property.getKey()));
            }
        } else if (node instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                int index = i;
                collect(array.get(i), places, marker);
                places.add(() -> array.set(index, marker));
            }
            places.add(() -> {
                for (int n = 0; n < 400; n++) array.add(n);
            });
        }
    }

    private <T> T any(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }
}
