package dev.meridian.lab.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class FaketimeTest {
    @Test
    void aRightClockNeedsNoLibrary() {
        assertEquals(java.util.Map.of(), Faketime.variables(Duration.ZERO));
    }

    @Test
    void aProcessSeesAnotherTime() throws IOException, InterruptedException {
        assumeTrue(Faketime.isInstalled(), "libfaketime is not installed");
        for (var ahead : new Duration[] {Duration.ofSeconds(5), Duration.ofSeconds(-5), Duration.ofMinutes(5)}) {
            var builder = new ProcessBuilder("date", "+%s");
            builder.environment().putAll(Faketime.variables(ahead));
            var process = builder.start();
            long told = Long.parseLong(
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip());
            assertEquals(0, process.waitFor());
            long off = told - System.currentTimeMillis() / 1000;
            assertTrue(Math.abs(off - ahead.toSeconds()) <= 2, () -> "off by " + off + " s, wanted " + ahead);
        }
    }
}
