package dev.meridian;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class MeridianTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private OptionalInt before(String... arguments) {
        var console = new CommandLine(Meridian.commands())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true));
        return Meridian.beforeTheApplication(console, Map.of("QUARKUS_MANAGEMENT_PORT", "1"), arguments);
    }

    @Test
    void helpAndVersionNeedNoApplication() {
        assertEquals(OptionalInt.of(0), before("--help"));
        assertTrue(out.toString().contains("Usage: meridian"), out::toString);
        assertEquals(OptionalInt.of(0), before("settle", "--help"));
        assertEquals(OptionalInt.of(0), before("prune", "--help"));
        assertTrue(out.toString().contains("--dry-run"), out::toString);
        assertEquals(OptionalInt.of(0), before("--version"));
        assertTrue(err.toString().isEmpty(), err::toString);
    }

    @Test
    void wrongUsageIsExplained() {
        assertEquals(OptionalInt.of(2), before("sell"));
        assertTrue(err.toString().contains("Usage: meridian"), err::toString);
        assertEquals(OptionalInt.of(2), before("settle"));
        assertTrue(err.toString().contains("--once"), err::toString);
        assertEquals(OptionalInt.of(2), before("reconcile", "--old", "postgresql://localhost:1/a"));
        assertEquals(OptionalInt.of(2), before("prune", "--before", "yesterday"));
        // The journal of the last day may be needed after a failover.
        assertEquals(
                OptionalInt.of(2), before("prune", "--before", Instant.now().toString()));
        assertTrue(err.toString().contains("at least a day ago"), err::toString);
    }

    @Test
    void healthAndReconcileEndByThemselves() {
        assertEquals(OptionalInt.of(1), before("health"));
        assertEquals(
                OptionalInt.of(3),
                before("reconcile", "--old", "postgresql://localhost:1/a", "--new", "postgresql://localhost:1/b"));
    }

    @Test
    void theApplicationStartsForAllElse() {
        // Mode test, which surefire sets, requires no settings.
        assertEquals(OptionalInt.empty(), before());
        assertEquals(OptionalInt.empty(), before("serve"));
        assertEquals(OptionalInt.empty(), before("migrate"));
        assertEquals(OptionalInt.empty(), before("settle", "--once"));
        assertEquals(OptionalInt.empty(), before("prune"));
        assertEquals(OptionalInt.empty(), before("prune", "--before", "2026-01-01T00:00:00Z", "--dry-run"));
    }

    @Test
    void aCommandAddsItsProfilesToThoseThatWereChosen() {
        assertEquals("prod,migrate", Meridian.profiles("migrate", "prod"));
        assertEquals("staging,eu,settle", Meridian.profiles("settle", "staging,eu"));
    }
}
