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
            "!!!!",
            "100%",
            "a|b",
            "{{a}}",
            "a^b`c",
            "a\\b",
            "[x]",
            "<a>",
            "\"a\"",
            "br\u00c3\u00bbl\u00c3\u00a9e",
            "\u00ff",
            "%E0%80%AF",
            "=",
            "&&",
            "?",
            "a=b=c");

    /// Forms: broken escapes, fields without values, repeated and without names.
    private static final List<String> ODD_FORMS = List.of(
            "productId=hoof-socks&quantity=100%",
            "a=%",
            "%=%",
            "%zz=%2",
            "a",
            "&&&",
            "=",
            "==",
            "a=1&a=2",
            "a=%FF",
            "a=%C0%AF",
            "a=%00",
            "a=%u0041",
            "a=\u00ff\u00fe",
            "player=a+b%2&country=DE&score=5",
            "a=b;c=d",
            "&".repeat(3000),
            "a=".repeat(3000));

    private static final List<String> ODD_FORM_TYPES = List.of(
            "application/x-www-form-urlencoded",
            "application/x-www-form-urlencoded; charset=",
            "application/x-www-form-urlencoded; charset=nope",
            "application/x-www-form-urlencoded; charset=\"utf-8\"",
            "application/x-www-form-urlencoded; charset=utf-16",
            "application/x-www-form-urlencoded; charset=utf-7",
            "application/x-www-form-urlencoded; charset=%",
            "application/x-www-form-urlencoded;charset",
            "APPLICATION/X-WWW-FORM-URLENCODED; q=1; =");

    /// A CSV in some way or other.
    private static final List<String> ODD_FILES = List.of(
            "player;country;score\nfuzz;DE;1\n",
            "player\tcountry\tscore\nfuzz\tDE\t1E+6\n",
            "\ufeffplayer,country,score,,\nfuzz,DE,1,,\n,,,,\n",
            "sep=;\nplayer;country;score\nfuzz;DE;1,0\n",
            "score,player,country,more\n1E+99,fuzz,DE,x\n",
            "player,country,score\n\"fuzz\nDE",
            "player|country|score\n",
            "\u0000p\u0000l",
            "\u00fe\u00ff\u0000p",
            "\u00ff\u00fep\u0000",
            "\"\"\"",
            "sep=",
            "\r\r\n\n");

    private static final List<String> VERSIONS =
            List.of("HTTP/1.1", "HTTP/1.1", "HTTP/1.1", "HTTP/1.1", "HTTP/1.1", "HTTP/1.1", "HTTP/1.1", "HTTP/1.0");

    /// No HTTP: the server itself answers with 400, or closes.
    private static final List<String> NO_VERSIONS = List.of("HTTP/0.9", "HTTP/2.0", "HTTP/1.2", "HTTP/9.9", "http/1.1");

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
            "application/json; charset=",
            "application/json; charset=\"",
            "application/json; charset",
            "text/csv; charset=utf-16",
            "text/csv; charset=windows-1252",
            "text/csv; charset=nope",
            "text/csv; charset=",
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
            "\u00ff",
            "text/html; charset=",
            "*/*;q=",
            "text/html;q",
            "text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2",
            "text/html;q=0",
            "application/json;q=0",
            "*/*;q=0",
            "a/b;c=\"d",
            "text/html;level=1;q=1e9",
            ";q=1,=,\"");

    private static final List<String> ODD_LISTS = List.of(
            "",
            ",",
            ";",
            "q",
            "q=",
            ";q=",
            "*;q=",
            "en;q=x",
            "-",
            "*-*",
            "en,,de;q=0.5;q=1",
            "gzip;q=",
            "\"",
            "a".repeat(300));

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
    private String version;
    private boolean isWithoutHost;

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
        // One of both spellings of a line end (RFC 9112, section 2.2).
        var end = random.nextInt(10) == 0 ? "\n" : "\r\n";
        var head = new StringBuilder(endpoint.method() + " " + target + query + " " + version + end);
        if (!isWithoutHost) head.append("Host: localhost").append(end);
        head.append("Connection: close").append(end);
        headers.forEach(header -> head.append(header.replace("\r\n", end)).append(end));
        if (lengthHeader != null) head.append(lengthHeader).append(end);
        var out = new ByteArrayOutputStream();
        out.writeBytes(head.append(end).toString().getBytes(StandardCharsets.ISO_8859_1));
        out.writeBytes(body);
        return out.toByteArray();
    }

    private void makeValid() {
        target = endpoint.target(_ -> "fuzz-" + random.nextInt(5));
        var parts = new ArrayList<String>();
        headers.clear();
        version = any(VERSIONS);
        isWithoutHost = false;
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
        if (random.nextInt(4) == 0) spoilAsOldClients();
        else spoilAsBefore();
    }

    /// What old libraries, browsers, proxies and scripts send.
    private void spoilAsOldClients() {
        switch (random.nextInt(9)) {
            case 0 -> version = any(NO_VERSIONS);
            case 1 -> {
                version = "HTTP/1.0";
                isWithoutHost = random.nextBoolean();
            }
            case 2 -> headers.add("Accept-Language: " + any(ODD_LISTS));
            case 3 -> headers.add("Accept-Charset: " + any(ODD_LISTS));
            case 4 -> headers.add("Accept-Encoding: " + any(ODD_LISTS));
            case 5 -> target = "http://localhost" + target;
            case 6 ->
                headers.add(any(List.of(
                        "Content-Encoding: gzip",
                        "Content-Encoding: nonsense",
                        "Content-Encoding: identity",
                        "X-Forwarded-Host: my_store",
                        "X-Forwarded-Proto: https",
                        "Forwarded: host=\"",
                        "Origin: http://my_store",
                        "Origin: null",
                        "Referer: http://[",
                        "Cookie: meridian-session=a; meridian-session=b; =;;",
                        "Sec-Purpose: prefetch",
                        "If-None-Match: \"",
                        "If-Modified-Since: yesterday",
                        "Expect: 100-continue")));
            case 7 -> {
                headers.removeIf(header -> header.startsWith("Content-Type"));
                headers.add("Content-Type: " + any(ODD_FORM_TYPES));
                setBody(any(ODD_FORMS).getBytes(StandardCharsets.ISO_8859_1));
            }
            default -> {
                if (isFile()) setBody(any(ODD_FILES).getBytes(StandardCharsets.ISO_8859_1));
                else repeatName();
            }
        }
    }

    private boolean isFile() {
        return headers.stream().anyMatch(header -> header.startsWith("Content-Type: text/csv"));
    }

    /// Writes a name of a JSON object twice.
    private void repeatName() {
        var text = new String(body, StandardCharsets.UTF_8);
        int begin = text.indexOf('{');
        int colon = text.indexOf(':', begin + 1);
        if (begin < 0 || colon < 0) return;
        var name = text.substring(begin + 1, colon);
        setBody((text.substring(0, begin + 1) + name + ":" + any(ODD_JSON) + "," + text.substring(begin + 1))
                .getBytes(StandardCharsets.UTF_8));
    }

    private void spoilAsBefore() {
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
