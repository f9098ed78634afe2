package dev.meridian.http;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.meridian.ComponentTest;
import dev.meridian.shared.Problem;
import io.quarkus.test.junit.QuarkusTest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jboss.logmanager.ExtLogRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A bug gives 500 without details; the log has the details once, with the trace id of the response.
@QuarkusTest
@ComponentTest
class FaultsTest {
    private final List<ExtLogRecord> records = new CopyOnWriteArrayList<>();
    private final Logger root = Logger.getLogger("");
    private final Logger problems = Logger.getLogger(ProblemMapper.class.getName());
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord entry) {
            var extended = ExtLogRecord.wrap(entry);
            extended.copyMdc();
            records.add(extended);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    @BeforeEach
    void listen() {
        handler.setLevel(Level.ALL);
        root.addHandler(handler);
        problems.setLevel(Level.FINE);
    }

    @AfterEach
    void stop() {
        root.removeHandler(handler);
        problems.setLevel(null);
    }

    @ParameterizedTest
    @ValueSource(strings = {"throw", "error", "uni", "sql", "unwritable", "null"})
    void aBugIsA500ThatTellsNothing(String kind) {
        var traceId = given().get("/test-faults/" + kind)
                .then()
                .statusCode(500)
                .contentType(Problem.MEDIA_TYPE)
                .header("X-Region", "eu-west-1")
                .body("type", equalTo("urn:meridian:problem:internal-error"))
                .body("status", equalTo(500))
                .body("code", equalTo(500))
                .body("traceId", matchesPattern("(?!0{32})[0-9a-f]{32}"))
                .body(not(containsString("SELECT")))
                .body(not(containsString("Exception")))
                .body(not(containsString("dev.meridian")))
                .extract()
                .<String>path("traceId");
        var errors = records.stream()
                .filter(r -> r.getLevel().intValue() >= Level.SEVERE.intValue())
                .toList();
        assertEquals(
                1,
                errors.size(),
                () -> "logged: " + errors.stream().map(LogRecord::getMessage).toList());
        assertEquals(traceId, errors.getFirst().getMdc("traceId"));
        assertNotNull(errors.getFirst().getThrown());
    }

    /// The first of a kind is logged, those that follow are only counted ([WarningsTest]).
    @Test
    void aStoreThatIsAwayIsA503WithRetryAfterAndOneWarning() {
        var traceIds = new ArrayList<String>();
        for (int i = 0; i < 5; i++) {
            traceIds.add(given().get("/test-faults/store")
                    .then()
                    .statusCode(503)
                    .contentType(Problem.MEDIA_TYPE)
                    .header("Retry-After", matchesPattern("[1-9]\\d*"))
                    .body("detail", equalTo("A store is away."))
                    .body(not(containsString("SELECT")))
                    .extract()
                    .path("traceId"));
        }
        var entries = records.stream()
                .filter(r -> r.getLevel().intValue() >= Level.WARNING.intValue())
                .toList();
        assertEquals(
                1,
                entries.size(),
                () -> entries.stream().map(LogRecord::getMessage).toList().toString());
        var warning = entries.getFirst();
        assertEquals(Level.WARNING.intValue(), warning.getLevel().intValue());
        assertNull(warning.getThrown());
        var first = traceIds.getFirst();
        assertEquals(first, warning.getMdc("traceId"));
        assertEquals("1-" + first.substring(0, 8) + "-" + first.substring(8), warning.getMdc("xrayTraceId"));
    }

    @Test
    void whatAClientDidWrongIsLoggedAsDebug() {
        var traceId = given().get("/ticket/no-such-ticket")
                .then()
                .statusCode(404)
                .extract()
                .<String>path("traceId");
        var entries = records.stream()
                .filter(r -> r.getLoggerName().equals(ProblemMapper.class.getName()))
                .toList();
        assertEquals(1, entries.size());
        assertEquals("DEBUG", entries.getFirst().getLevel().getName());
        assertEquals(traceId, entries.getFirst().getMdc("traceId"));
        assertNull(entries.getFirst().getThrown());
    }
}
