package dev.meridian.limits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.meridian.limits.UnloadedTimes.Learning;
import org.junit.jupiter.api.Test;

class UnloadedTimesTest {
    private static final long MS = 1_000_000;
    private static final int FAST = 3;
    private static final int SLOW = 4;

    private final UnloadedTimes times = new UnloadedTimes();

    private int window(Learning how, int count, long fast, long slow) {
        for (int i = 0; i < count; i++) {
            if (fast > 0) times.add(FAST, fast, false);
            if (slow > 0) times.add(SLOW, slow, false);
        }
        int slowdown = times.slowdown();
        times.learn(how);
        return slowdown;
    }

    @Test
    void kindsAreComparedWithThemselves() {
        assertEquals(100, window(Learning.QUIET, 20, 2 * MS, 50 * MS), "nothing is known yet");
        assertEquals(100, window(Learning.QUIET, 20, 2 * MS, 0));
        assertEquals(100, window(Learning.QUIET, 20, 0, 50 * MS));
        // With a millisecond of noise: (5 + 1) of (2 + 1).
        assertEquals(200, window(Learning.LOADED, 20, 5 * MS, 0));
    }

    @Test
    void oneStoreThatIsVerySlowDoesNotStandForAll() {
        window(Learning.QUIET, 20, 2 * MS, 2 * MS);
        for (int i = 0; i < 80; i++) times.add(FAST, 2 * MS, false);
        for (int i = 0; i < 20; i++) times.add(SLOW, 2000 * MS, false);
        assertEquals(160, times.slowdown());
    }

    @Test
    void failuresTellOnlyWhenTheyAreSlow() {
        window(Learning.QUIET, 20, 8 * MS, 0);
        for (int i = 0; i < 20; i++) times.add(FAST, MS / 10, true);
        assertEquals(100, times.slowdown());
        times.add(FAST, 17 * MS, true);
        assertEquals(200, times.slowdown());
        times.learn(Learning.LOADED);
        assertEquals(200, window(Learning.LOADED, 1, 17 * MS, 0), "a fast failure is not learned from");
    }

    @Test
    void underLoadNothingSlowerIsLearned() {
        window(Learning.QUIET, 20, 9 * MS, 0);
        for (int i = 0; i < 50; i++) assertEquals(200, window(Learning.LOADED, 20, 19 * MS, 0));
        window(Learning.LOOK, 20, 13 * MS, 0);
        // A quarter of the way: 9 + 4 / 4.
        assertEquals(20 * 100 / 11, window(Learning.LOADED, 20, 19 * MS, 0));
        window(Learning.SLOW_BY_NATURE, 1, 14 * MS, 0);
        assertEquals(20 * 100 / 12, window(Learning.LOADED, 20, 19 * MS, 0));
    }

    @Test
    void whatIsFasterIsLearnedAtOnce() {
        window(Learning.QUIET, 20, 40 * MS, 0);
        for (int i = 0; i < 20; i++) window(Learning.LOOK, 20, 4 * MS, 0);
        int slowdown = window(Learning.LOADED, 20, 9 * MS, 0);
        assertTrue(slowdown > 180 && slowdown <= 200, () -> slowdown + " %");
    }
}
