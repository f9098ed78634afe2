package dev.meridian.recovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Which partitions are compared with a new writer, and when.
class CheckPlanTest {
    private static final Instant NOW = Instant.parse("2026-11-29T12:00:00Z");

    @Test
    void eachPartitionIsComparedTwiceAlsoOneThatBecomesThisTasksLater() {
        var plan = new CheckPlan(NOW.minusSeconds(900), NOW);
        assertEquals(List.of(1, 2), plan.due(List.of(1, 2), NOW));
        plan.done(List.of(1, 2), NOW.plusSeconds(60));
        assertEquals(List.of(), plan.due(List.of(1, 2), NOW.plusSeconds(59)));
        // Its task has died.
        assertEquals(List.of(3), plan.due(List.of(1, 2, 3), NOW.plusSeconds(59)));
        assertEquals(List.of(1, 2), plan.due(List.of(1, 2), NOW.plusSeconds(60)));
        plan.done(List.of(1, 2), NOW.plusSeconds(120));
        assertEquals(List.of(3), plan.due(List.of(1, 2, 3), NOW.plusSeconds(999)));
        assertFalse(plan.isOver(NOW.plusSeconds(1800)));
        assertTrue(plan.isOver(NOW.plusSeconds(1801)));
    }
}
