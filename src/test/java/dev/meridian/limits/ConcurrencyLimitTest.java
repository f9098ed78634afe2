package dev.meridian.limits;

import static dev.meridian.limits.SimulatedProcess.MS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.meridian.limits.ConcurrencyLimit.Bounds;
import dev.meridian.limits.SimulatedProcess.Costs;
import dev.meridian.limits.SimulatedProcess.Period;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The limit in a simulated process, with arrivals that do not wait for answers. The seeds are fixed.
class ConcurrencyLimitTest {
    private static final int MIN = 8;
    private static final int MAX = 1000;
    private static final Bounds BOUNDS = new Bounds(MIN, MAX, 165, Duration.ofMillis(25));
    /// The loop is what falls behind: a request is half a millisecond of work, and waits for a store that does not.
    private static final Costs BUSY_LOOP = new Costs(MS / 2, MS / 100, 2 * MS, 10_000);
    /// The store is: it serves four at once.
    private static final Costs BUSY_STORE = new Costs(MS / 10, MS / 200, 4 * MS, 4);
    /// The same, far away: forty are on their way at once.
    private static final Costs FAR_STORE = new Costs(MS / 10, MS / 200, 20 * MS, 40);

    private final AtomicLong clock = new AtomicLong();

    private static Costs costs(String name) {
        return switch (name) {
            case "loop" -> BUSY_LOOP;
            case "store" -> BUSY_STORE;
            case "far store" -> FAR_STORE;
            default -> throw new IllegalArgumentException(name);
        };
    }

    @ParameterizedTest
    @CsvSource({"loop, 3", "loop, 7", "store, 3", "store, 7", "far store, 3", "far store, 7"})
    void inOverloadTheProcessAnswersWhatItCanAndInTime(String behind, int times) {
        var costs = costs(behind);
        for (long seed = 1; seed <= 3; seed++) {
            var process = new SimulatedProcess(costs, BOUNDS, true, seed);
            var unloaded = process.run(20, 0.2 * costs.capacity());
            process.run(5, costs.capacity());
            process.run(2, times * costs.capacity());
            var overload = process.run(20, times * costs.capacity());
            var what = behind + ", seed " + seed + ": " + overload.goodput() + "/s, p99 " + overload.percentileMs(0.99)
                    + " ms, unloaded " + unloaded.percentileMs(0.99) + " ms";
            assertTrue(overload.goodput() >= 0.8 * costs.capacity(), what);
            assertTrue(overload.percentileMs(0.99) <= 2 * unloaded.percentileMs(0.99), what);
        }
    }

    /// What the limit is for.
    @Test
    void withoutALimitAnswersComeTooLate() {
        var process = new SimulatedProcess(BUSY_LOOP, BOUNDS, false, 1);
        var unloaded = process.run(20, 0.2 * BUSY_LOOP.capacity());
        process.run(2, 3 * BUSY_LOOP.capacity());
        var overload = process.run(20, 3 * BUSY_LOOP.capacity());
        assertTrue(
                overload.percentileMs(0.5) > 100 * unloaded.percentileMs(0.99),
                () -> overload.percentileMs(0.5) + " ms");
    }

    @ParameterizedTest
    @CsvSource({"loop", "store", "far store"})
    void listsAreRefusedFirstAndOrdersLast(String behind) {
        var costs = costs(behind);
        var process = new SimulatedProcess(costs, BOUNDS, true, 5);
        process.run(20, 0.2 * costs.capacity());
        process.run(2, 3 * costs.capacity());
        var three = process.run(20, 3 * costs.capacity());
        assertTrue(three.refusedShare(Priority.LIST) > 0.9, () -> shares(three));
        assertTrue(three.refusedShare(Priority.ITEM) > 0.4, () -> shares(three));
        assertTrue(three.refusedShare(Priority.ITEM) < 0.75, () -> shares(three));
        assertTrue(three.refusedShare(Priority.ORDER) < 0.15, () -> shares(three));
    }

    private static String shares(Period period) {
        return "refused: orders " + period.refusedShare(Priority.ORDER) + ", items "
                + period.refusedShare(Priority.ITEM) + ", lists " + period.refusedShare(Priority.LIST);
    }

    @ParameterizedTest
    @CsvSource({"loop", "store", "far store"})
    void belowCapacityHardlyAnythingIsRefused(String behind) {
        var costs = costs(behind);
        var process = new SimulatedProcess(costs, BOUNDS, true, 9);
        process.run(10, 0.1 * costs.capacity());
        var busy = process.run(30, 0.7 * costs.capacity());
        assertTrue(busy.refusedShare(Priority.LIST) < 0.02, () -> shares(busy));
        assertTrue(busy.refusedShare(Priority.ITEM) < 0.005, () -> shares(busy));
        assertEquals(0, busy.refusedShare(Priority.ORDER), 0.001);
    }

    @Test
    void afterTheOverloadNothingIsRefused() {
        var process = new SimulatedProcess(FAR_STORE, BOUNDS, true, 3);
        process.run(10, 0.2 * FAR_STORE.capacity());
        process.run(20, 5 * FAR_STORE.capacity());
        assertTrue(process.limit.limit() < MAX / 4, () -> "limit " + process.limit.limit());
        process.run(4, 0.6 * FAR_STORE.capacity());
        var after = process.run(10, 0.6 * FAR_STORE.capacity());
        assertEquals(0, after.refusedShare(Priority.LIST), () -> shares(after));
        assertEquals(MAX, process.limit.limit());
    }

    /// A neighbour takes the processor away for 20 ms ten times in a second: answers are late, and no queue stands.
    @Test
    void pausesBelowCapacityShedNothing() {
        var costs = new Costs(MS, MS / 25, 3 * MS, 10_000);
        var process = new SimulatedProcess(costs, BOUNDS, true, 7);
        process.stall(100 * MS, 20 * MS);
        double capacity = 0.8 * costs.capacity();
        process.run(20, 0.2 * capacity);
        var busy = process.run(20, 0.7 * capacity);
        assertTrue(busy.refusedShare(Priority.LIST) < 0.02, () -> shares(busy));
    }

    /// A process that starts in an overload learns from what it sees then, and must find out.
    @Test
    void unloadedTimesAreFoundInAnOverload() {
        var process = new SimulatedProcess(BUSY_STORE, BOUNDS, true, 4);
        process.run(60, 3 * BUSY_STORE.capacity());
        var overload = process.run(20, 3 * BUSY_STORE.capacity());
        var quiet = new SimulatedProcess(BUSY_STORE, BOUNDS, true, 4).run(20, 0.2 * BUSY_STORE.capacity());
        assertTrue(
                overload.percentileMs(0.99) <= 2 * quiet.percentileMs(0.99), () -> overload.percentileMs(0.99) + " ms");
        assertTrue(overload.goodput() >= 0.8 * BUSY_STORE.capacity(), () -> overload.goodput() + "/s");
    }

    /// A store that takes two seconds for each answer, however few it is asked for.
    @Test
    void aSlowStoreDoesNotShutTheDoor() {
        var slow = new Costs(MS / 10, MS / 200, 2000 * MS, 10_000);
        var process = new SimulatedProcess(BUSY_STORE, BOUNDS, true, 6);
        process.run(20, 100);
        process.costs(slow);
        var first = process.run(30, 100);
        assertTrue(first.accepted().length >= 50, () -> first.accepted().length + " accepted");
        assertTrue(process.limit.limit() >= 3, () -> "limit " + process.limit.limit());
        process.run(60, 100);
        var later = process.run(30, 100);
        // At the floor it would be four in a second.
        assertTrue(later.goodput() > 12, () -> later.goodput() + "/s of 100, " + shares(later));
        assertTrue(later.refusedShare(Priority.ORDER) < 0.3, () -> shares(later));
        process.costs(BUSY_STORE);
        process.run(10, 100);
        var after = process.run(10, 100);
        assertEquals(0, after.refusedShare(Priority.LIST), () -> shares(after));
    }

    private ConcurrencyLimit quiet(Bounds bounds) {
        return new ConcurrencyLimit(bounds, clock::get);
    }

    @Test
    void eachClassLeavesRoomForThoseBeforeIt() {
        var limit = quiet(new Bounds(4, 4, 175, Duration.ofMillis(25)));
        limit.begin();
        assertTrue(limit.admits(Priority.LIST));
        limit.begin();
        assertFalse(limit.admits(Priority.LIST));
        assertTrue(limit.admits(Priority.ITEM));
        limit.begin();
        assertFalse(limit.admits(Priority.ITEM));
        assertTrue(limit.admits(Priority.ORDER));
        limit.begin();
        assertFalse(limit.admits(Priority.ORDER));
        limit.leave();
        assertTrue(limit.admits(Priority.ORDER));
        assertFalse(limit.admits(Priority.ITEM));
        assertEquals(3, limit.underWay());
    }

    @Test
    void aBurstInAQuietProcessIsTaken() {
        var limit = quiet(BOUNDS);
        for (int i = 0; i < MAX / 2; i++) {
            assertTrue(limit.admits(Priority.LIST), "request " + i);
            limit.begin();
        }
        assertFalse(limit.admits(Priority.LIST));
    }

    /// Answers of 4 ms, 10 at once, for a time.
    private void answer(ConcurrencyLimit limit, Duration time, long nanos, long loopDelay) {
        long end = clock.get() + time.toNanos();
        while (clock.get() < end) {
            for (int i = 0; i < 10; i++) limit.begin();
            clock.addAndGet(4 * MS);
            for (int i = 0; i < 10; i++) {
                limit.answered(1, nanos, false);
                limit.leave();
            }
            limit.loopDelayed(loopDelay);
        }
    }

    /// As the garbage collector makes them, or a neighbour on the machine.
    @Test
    void pausesAreNoOverload() {
        var limit = quiet(BOUNDS);
        answer(limit, Duration.ofSeconds(2), 4 * MS, 0);
        for (int i = 0; i < 10; i++) {
            answer(limit, Duration.ofMillis(600), 100 * MS, 100 * MS);
            answer(limit, Duration.ofMillis(200), 4 * MS, 0);
            assertEquals(MAX, limit.limit());
        }
        answer(limit, Duration.ofMillis(1100), 100 * MS, 0);
        assertTrue(limit.limit() < 20, () -> "limit " + limit.limit());
    }

    /// A request that never waits for a store is answered quickly once its turn comes.
    @Test
    void waitsForTheEventLoopAreEnoughOfASign() {
        var limit = quiet(BOUNDS);
        answer(limit, Duration.ofSeconds(2), 4 * MS, 20 * MS);
        assertEquals(MAX, limit.limit());
        answer(limit, Duration.ofSeconds(1), 4 * MS, 60 * MS);
        assertTrue(limit.limit() < 20, () -> "limit " + limit.limit());
        assertTrue(limit.limit() >= MIN, () -> "limit " + limit.limit());
    }

    @Test
    void theLowestLimitIsNotAboveTheHighest() {
        assertThrows(IllegalArgumentException.class, () -> new Bounds(7, 6, 175, Duration.ofMillis(25)));
    }
}
