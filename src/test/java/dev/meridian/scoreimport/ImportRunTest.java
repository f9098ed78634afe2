package dev.meridian.scoreimport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.meridian.shared.ProblemException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ImportRunTest {
    private static final Duration TOLERANCE = Duration.ofMinutes(5);

    @Test
    void timesHaveAZoneAndAreNotInTheFuture() {
        var expected = Instant.parse("2026-01-02T03:04:05.678Z");
        assertEquals(expected, ImportRun.playedAt("2026-01-02T05:04:05.678999+02:00", TOLERANCE));
        assertEquals(Instant.EPOCH, ImportRun.playedAt("1970-01-01T00:00:00Z", TOLERANCE));
        ImportRun.playedAt(Instant.now().plusSeconds(60).toString(), TOLERANCE);
        var late = Instant.now().plusSeconds(360).toString();
        for (var text : List.of("2026-01-02", "2026-01-02T03:04:05", "1969-12-31T23:59:59Z", "soon", late)) {
            assertThrows(ProblemException.class, () -> ImportRun.playedAt(text, TOLERANCE), text);
        }
    }
}
