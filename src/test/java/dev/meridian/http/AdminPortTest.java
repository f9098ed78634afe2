package dev.meridian.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meridian.ComponentTest;
import dev.meridian.testing.RawHttp;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The port of a connection decides whether `/admin/**` exists, however the path and the headers are written.
@QuarkusTest
@ComponentTest
@TestProfile(AdminPortTest.Deployed.class)
class AdminPortTest {
    /// As in production, on any free port.
    public static class Deployed implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "meridian.admin.public", "false",
                    "meridian.admin.port", "0",
                    "meridian.admin.token", "open-sesame-18");
        }
    }

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String UNKNOWN = "/no-such-path/regions";
    private static final Set<String> OF_ONE_ANSWER = Set.of("date", "x-amzn-trace-id");

    @Inject
    AdminListener listener;

    private static RawHttp.Answer call(int port, String method, String target, String... headers) throws IOException {
        var lines = headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
        return RawHttp.send(
                port,
                (method + " " + target + " HTTP/1.1\r\nHost: localhost\r\n" + lines + "Connection: close\r\n\r\n")
                        .getBytes(StandardCharsets.ISO_8859_1));
    }

    /// All that does not differ from one answer to the next.
    private static String essence(RawHttp.Answer answer) throws IOException {
        var headers = new TreeMap<>(answer.headers());
        headers.keySet().removeAll(OF_ONE_ANSWER);
        if (answer.body().isEmpty()) return answer.status() + " " + headers;
        var body = (ObjectNode) JSON.readTree(answer.body());
        assertTrue(body.hasNonNull("traceId"), answer::body);
        return answer.status() + " " + headers + " " + body.without("traceId");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/admin/regions",
                "/admin/regions/",
                "/admin/regions/eu-west-1",
                "/admin/regions/eu-west-1?force=true",
                "/admin/writer-epoch",
                "/admin/recovery/missing-orders?limit=x",
                "/admin/customers/ada/data",
                "//admin/regions",
                "/admin//regions",
                "/./admin/regions",
                "/topology/../admin/regions",
                "/%61dmin/regions",
                "/%61%64%6D%69%6e/region%73",
                "/%2E/admin/regions",
                "http://localhost/admin/regions",
                "/admin",
                "/admin/",
                "/admin/no-such-path",
                "/admin/regions/a/b",
                "/Admin/regions",
                "/ADMIN/REGIONS"
            })
    void onTheMainPortItIsAnUnknownPath(String target) throws IOException {
        for (var method : new String[] {"GET", "HEAD", "PUT", "POST", "DELETE", "PATCH"}) {
            assertSame(method, target);
            assertSame(method, target, "Authorization: Bearer open-sesame-18");
            assertSame(method, target, "Content-Type: text/plain", "Content-Length: 0");
            assertSame(method, target, "Accept: image/png");
        }
    }

    private static void assertSame(String method, String target, String... headers) throws IOException {
        var unknown = call(RestAssured.port, method, UNKNOWN, headers);
        var answer = call(RestAssured.port, method, target, headers);
        assertEquals(404, answer.status(), () -> method + " " + target + " gave " + answer);
        assertEquals(essence(unknown), essence(answer), () -> method + " " + target);
    }

    /// A target that no path is unknown for: it is refused before anything looks for it.
    @ParameterizedTest
    @ValueSource(strings = {"/admin;x/regions", "/admin/regions;x", "/admin%2Fregions", "/admin%3bx/regions"})
    void anAmbiguousPathIsRefusedOnBothPorts(String target) throws IOException {
        assertEquals(400, call(RestAssured.port, "GET", target).status());
        assertEquals(400, call(listener.actualPort(), "GET", target).status());
    }

    /// What a client or a proxy says of the connection is not believed.
    @ParameterizedTest
    @ValueSource(
            strings = {"X-Forwarded-Port: %d", "Forwarded: host=\"localhost:%d\"", "X-Forwarded-Host: localhost:%d"})
    void headersNameNoPort(String header) throws IOException {
        assertSame("GET", "/admin/regions", header.formatted(listener.actualPort()));
        var host =
                "GET http://localhost:%d/admin/regions HTTP/1.1\r\nHost: localhost:%1$d\r\nConnection: close\r\n\r\n";
        assertEquals(404, RawHttp.send(host.formatted(listener.actualPort())).status());
    }

    @Test
    void everyEndpointOfAdministratorsAnswersOnTheirPortAlone() throws IOException {
        int endpoints = 0;
        var paths =
                JSON.readTree(Files.readString(Path.of("docs/openapi.json"))).path("paths");
        for (var path : paths.properties()) {
            if (!path.getKey().startsWith("/admin")) continue;
            var target = path.getKey().replaceAll("\\{[^}]*}", "ada");
            for (var method : path.getValue().properties()) {
                var name = method.getKey().toUpperCase(Locale.ROOT);
                assertSame(name, target);
                // To OPTIONS the REST layer answers for unknown paths too, with the methods of the root.
                assertEquals(404, call(RestAssured.port, "OPTIONS", target).status(), target);
                var refused = call(listener.actualPort(), name, target, "Content-Type: application/json");
                assertEquals(401, refused.status(), () -> name + " " + target + " gave " + refused);
                endpoints++;
            }
        }
        assertTrue(endpoints >= 7, "endpoints: " + endpoints);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/admin/regions", "/admin/regions/", "//admin/regions", "/%61dmin/regions", "/./admin/regions"})
    void onTheirPortAdministratorsAreAnswered(String target) throws IOException {
        var answer = call(listener.actualPort(), "GET", target, "Authorization: Bearer open-sesame-18");
        assertEquals(200, answer.status(), answer::toString);
        assertEquals("eu-west-1", answer.header("X-Region").orElse(""));
        assertEquals("nosniff", answer.header("X-Content-Type-Options").orElse(""));
        assertEquals("no-store", answer.header("Cache-Control").orElse(""));
        assertTrue(answer.header("X-Amzn-Trace-Id").orElse("").startsWith("Root=1-"), answer::toString);
    }

    /// The same router and filters: the whole API, problems, bounds.
    @Test
    void theirPortHasAllThatTheMainPortHas() throws IOException {
        int port = listener.actualPort();
        assertNotEquals(RestAssured.port, port);
        assertEquals(200, call(port, "GET", "/topology").status());
        assertEquals(essence(call(RestAssured.port, "GET", UNKNOWN)), essence(call(port, "GET", UNKNOWN)));
        assertEquals(
                405,
                call(port, "DELETE", "/admin/regions", "Authorization: Bearer open-sesame-18")
                        .status());
        assertEquals(414, call(port, "GET", "/" + "a".repeat(9000)).status());
        assertEquals(
                431,
                call(port, "GET", "/topology", "X-Long: " + "a".repeat(17_000)).status());
        assertEquals(
                413,
                call(port, "PUT", "/admin/regions/a", "Content-Length: 9999999").status());
        assertEquals(400, call(port, "GET", "/topology", "Host: another").status());
    }
}
