package dev.meridian.shared;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.meridian.shared.NewerFormat.Unlogged;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class NewerFormatTest {
    @Test
    void aListLeavesOutWhatCannotBeReadAndASingleReadSaysSo() {
        assertEquals(List.of(3, 5), NewerFormat.readable("numbers", List.of("3", "three", "5"), Integer::valueOf));
        assertEquals("7", NewerFormat.one("numbers", " 7", String::strip));
        var problem = assertThrows(
                ProblemException.class, () -> NewerFormat.one("numbers", "Nadia Okafor", Integer::valueOf));
        assertTrue(NewerFormat.is(problem));
        assertEquals(503, problem.code().status());
        assertFalse(problem.getMessage().contains("Nadia"), problem::getMessage);
        // The settler waits for a store that is unavailable; this is not one.
        assertFalse(problem.isUnavailable());
        assertTrue(problem.retryAfter().isPresent());
    }

    @Test
    void theLogHasTheFirstOneAndThenOneLineAMinuteWithTheirNumber() {
        var rows = new Unlogged();
        long start = -5;
        assertEquals(1, rows.add(start));
        for (int i = 1; i <= 3; i++) assertEquals(0, rows.add(start + TimeUnit.SECONDS.toNanos(i)));
        assertEquals(0, rows.add(start + TimeUnit.SECONDS.toNanos(60) - 1));
        assertEquals(5, rows.add(start + TimeUnit.SECONDS.toNanos(60)));
        assertEquals(0, rows.add(start + TimeUnit.SECONDS.toNanos(61)));
        assertEquals(2, rows.add(start + TimeUnit.SECONDS.toNanos(180)));
    }
}
