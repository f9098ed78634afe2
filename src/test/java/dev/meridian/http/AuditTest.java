package dev.meridian.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.meridian.ComponentTest;
import dev.meridian.shared.Ids;
import dev.meridian.testing.Http;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jboss.logmanager.formatters.PatternFormatter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// With administrators and behind a trusted proxy, as a deployment is: what the audit log says, what only
/// administrators see, and when a browser is told to stay with TLS.
@QuarkusTest
@ComponentTest
@TestProfile(AuditTest.Deployed.class)
@Tag("dynamodb")
class AuditTest {
    /// A deployment.
    public static class Deployed implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            // `printf %s first | sha256sum`
            return Map.of(
                    "meridian.admin.tokens",
                    "nadia:a7937b64b8caa58f03721bb6bacf5c78cb235febe0e70b1b84cd99541461a08e",
                    "meridian.http.trusted-proxies",
                    "127.0.0.0/8,::1,10.1.0.0/16");
        }
    }

    private static final String TOKEN = "Bearer first";

    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord line) {
            lines.add(new PatternFormatter("%s").format(line));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    private final Logger audit = Logger.getLogger("meridian.audit");
    private final Level before = audit.getLevel();

    @BeforeEach
    void listen() {
        audit.addHandler(handler);
        audit.setLevel(Level.INFO);
    }

    @AfterEach
    void stop() {
        audit.removeHandler(handler);
        audit.setLevel(before);
    }

    private static HttpResponse<String> call(String method, String path, String json) throws Exception {
        return Http.send(
                method,
                path,
                json,
                "Authorization",
                TOKEN,
                // The first is what a client claims, the last two are a proxy of ours and whom it saw.
                "X-Forwarded-For",
                "192.0.2.66, 203.0.113.5, 10.1.2.3");
    }

    @Test
    void aLineSaysWhoDidWhatToWhatFromWhereAndHowItEnded() throws Exception {
        var product = Http.anId("guarded");
        var body = "{\"name\":\"Grete's lamp\",\"description\":\"\",\"price\":3,\"tags\":[],\"stock\":3}";
        assertEquals(201, call("PUT", "/catalog/products/" + product, body).statusCode());
        assertEquals(
                400,
                call("PATCH", "/catalog/products/" + product + "/stock?secret=1", "{\"add\":")
                        .statusCode());
        assertEquals(
                404,
                call("PUT", "/admin/regions/" + product, "{\"state\":\"DRAINED\"}")
                        .statusCode());
        assertEquals(200, call("GET", "/admin/regions", null).statusCode());
        assertEquals(
                List.of(
                        "admin=nadia method=PUT operation=/catalog/products/{id} on=" + product
                                + " from=203.0.113.5 status=201",
                        "admin=nadia method=PATCH operation=/catalog/products/{id}/stock on=" + product
                                + " from=203.0.113.5 status=400",
                        "admin=nadia method=PUT operation=/admin/regions/{region} on=" + product
                                + " from=203.0.113.5 status=404",
                        "admin=nadia method=GET operation=/admin/regions on=- from=203.0.113.5 status=200"),
                lines);
    }

    @Test
    void noPersonalValueIsInIt() throws Exception {
        for (var id : List.of("grete@example.com", "grete%40example.com")) {
            assertEquals(
                    204,
                    call("DELETE", "/admin/customers/" + id + "/data", null).statusCode());
        }
        var line = "admin=nadia method=DELETE operation=/admin/customers/{id}/data on=sha256:"
                + Ids.hash("grete@example.com").substring(0, 16) + " from=203.0.113.5 status=204";
        assertEquals(List.of(line, line), lines);
    }

    @Test
    void nobodyWritesASecondLine() throws Exception {
        assertEquals(
                400,
                call("PUT", "/admin/regions/a%0Aadmin=omar%20status=200", "{\"state\":\"ACTIVE\"}")
                        .statusCode());
        assertEquals(
                List.of("admin=nadia method=PUT operation=/admin/regions/{region} on=a%0Aadmin%3Domar+status%3D200"
                        + " from=203.0.113.5 status=400"),
                lines);
    }

    @Test
    void strangersAreNotInIt() throws Exception {
        assertEquals(
                401,
                Http.send("PUT", "/admin/regions/eu-west-1", "{\"state\":\"DRAINED\"}")
                        .statusCode());
        assertEquals(
                401,
                Http.send("GET", "/admin/regions", null, "Authorization", "Bearer second")
                        .statusCode());
        assertEquals(200, Http.send("GET", "/catalog/tags", null).statusCode());
        assertEquals(List.of(), lines);
    }

    @ParameterizedTest
    @CsvSource({"https, true", "HTTPS, true", "http, false", "'http, https', true", "'https, http', false", "'', false"
    })
    void aProxySaysThatTheClientCameByTls(String proto, boolean isTls) throws Exception {
        for (var path : List.of("/mysfits", "/health", "/no-such", "/carts/ada", "/q/openapi")) {
            var answer = Http.send("GET", path, null, "X-Forwarded-Proto", proto);
            assertEquals(
                    isTls ? List.of("max-age=31536000") : List.of(),
                    answer.headers().allValues("Strict-Transport-Security"),
                    path);
        }
    }

    private static String get(String path, String... headers) throws Exception {
        return Http.send("GET", path, null, headers).body();
    }

    /// An unknown token is a stranger's, not a failure: who asks for the health needs an answer.
    @ParameterizedTest
    @ValueSource(strings = {"", "Bearer second", "Basic first", "AWS4-HMAC-SHA256 Credential=x"})
    void strangersSeeNothingOfTheInside(String authorization) throws Exception {
        var headers = authorization.isEmpty() ? new String[0] : new String[] {"Authorization", authorization};
        assertEquals("{\"region\":\"eu-west-1\"}", get("/topology", headers));
        var health = get("/health", headers);
        assertTrue(health.contains("\"region\":\"eu-west-1\"") && health.contains("\"sql-writer\""), health);
        assertFalse(health.contains("detail"), health);
        var page = Http.send("GET", "/status", null, "Accept", "text/html").body();
        assertTrue(page.contains("id=\"region-eu-west-1\""), page);
        for (var inside : List.of("Open orders", "orders are open", "SQL", "localhost", " ms<")) {
            assertFalse(page.contains(inside), inside + " in " + page);
        }
    }

    @Test
    void administratorsSeeAll() throws Exception {
        var topology = get("/topology", "Authorization", TOKEN);
        assertTrue(topology.contains("\"sqlWriter\":\"postgresql://localhost:"), topology);
        assertTrue(topology.contains("\"version\":"), topology);
        var page = get("/status", "Accept", "text/html", "Authorization", TOKEN);
        assertTrue(page.contains("SQL writer") && page.contains("open-orders"), page);
    }
}
