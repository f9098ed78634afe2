package dev.meridian.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.meridian.ComponentTest;
import dev.meridian.shared.Problem;
import dev.meridian.testing.RawHttp;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.StreamSupport;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The management port rejects paths that parsers interpret differently (CVE-2026-50559), like the public port
/// ([ErrorsResourceTest]), and no security rule depends on a path.
@QuarkusTest
@ComponentTest
class ManagementPathTest {
    @TestHTTPResource(value = "/q/metrics", management = true)
    URI metrics;

    private RawHttp.Answer get(String target) throws IOException {
        var request = "GET " + target + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
        return RawHttp.send(metrics.getPort(), request.getBytes(StandardCharsets.ISO_8859_1));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/q/health/live;a",
                "/q/health;/live",
                "/q/metrics%3B",
                "/q%3bmetrics",
                "/q%2Fmetrics",
                "/q/health%2flive",
                "/q%5Cmetrics",
                "/q/..%5cmetrics",
                "/no-such-path;a?b",
                "http://localhost/q/metrics;a",
                "/q/metrics%zz"
            })
    void anAmbiguousPathIsRefused(String target) throws IOException {
        var answer = get(target);
        assertEquals(400, answer.status(), answer::toString);
        assertEquals(Problem.MEDIA_TYPE, answer.header("Content-Type").orElse(""));
        assertEquals("eu-west-1", answer.header("X-Region").orElse(""));
        var problem = new ObjectMapper().readTree(answer.body());
        assertEquals(
                "urn:meridian:problem:invalid-request", problem.path("type").asText());
        assertEquals(400, problem.path("status").asInt());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/q/health/live", "/q/metrics", "/q/health/live?a=;%3B%3b%2F%2f%5C%5c"})
    void plainPathsWithAnyQueryAreAnswered(String target) throws IOException {
        var answer = get(target);
        assertEquals(200, answer.status(), answer::toString);
    }

    @Test
    void noRuleStandsOnAPath() {
        var rules = StreamSupport.stream(
                        ConfigProvider.getConfig().getPropertyNames().spliterator(), false)
                .filter(name ->
                        name.matches("quarkus\\.(http|management)\\.auth\\.(permission|policy|roles-mapping)\\..*"))
                .toList();
        assertEquals(List.of(), rules);
        assertTrue(ConfigProvider.getConfig()
                .getOptionalValue("meridian.region", String.class)
                .isPresent());
    }
}
