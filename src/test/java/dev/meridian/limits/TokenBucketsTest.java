package dev.meridian.limits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/// The arithmetic of buckets, and how many of them there may be, by a clock of the test's own.
class TokenBucketsTest {
    /// A unit comes back every 3 s.
    private static final Rate RATE = new Rate(20, Duration.ofMinutes(1));

    /// As `System.nanoTime`, a clock may begin anywhere.
    private long now = Long.MAX_VALUE - 1_000_000;

    private final TokenBuckets<String> buckets = new TokenBuckets<>(3, 2, () -> now);

    private void pass(Duration time) {
        now += time.toNanos();
    }

    private Level take(String owner, int units) {
        return buckets.take(owner, 0, RATE, units);
    }

    @Test
    void aBucketIsFullAtFirstAndFillsWithTime() {
        assertEquals(new Level(3, 0, Duration.ofSeconds(51).toNanos()), take("ada", 17));
        assertEquals(0, take("ada", 3).left());
        var refused = take("ada", 1);
        assertFalse(refused.isTaken());
        assertEquals(3, refused.waitSeconds());
        pass(Duration.ofMillis(2999));
        assertFalse(take("ada", 1).isTaken());
        assertEquals(1, take("ada", 1).waitSeconds(), "rounded up");
        pass(Duration.ofMillis(1));
        assertTrue(take("ada", 1).isTaken());
        assertFalse(take("ada", 1).isTaken());
        pass(Duration.ofDays(30));
        assertEquals(19, take("ada", 1).left(), "it never holds more than it can");
    }

    @Test
    void aRefusalTakesNothing() {
        take("ada", 18);
        for (int i = 0; i < 50; i++) assertEquals(9, take("ada", 5).waitSeconds());
        assertEquals(2, take("ada", 5).left());
        assertEquals(0, take("ada", 2).left());
    }

    @Test
    void whoWaitsAsLongAsToldIsServed() {
        take("ada", 20);
        for (int i = 0; i < 10; i++) {
            now += take("ada", 7).waitNanos();
            assertTrue(take("ada", 7).isTaken());
        }
    }

    @Test
    void ownersAndTheirBucketsAreIndependent() {
        assertTrue(take("ada", 20).isTaken());
        assertTrue(take("bob", 20).isTaken());
        assertTrue(buckets.take("ada", 1, RATE, 20).isTaken());
        assertFalse(take("ada", 1).isTaken());
    }

    @Test
    void whatCostsMoreThanABucketHoldsNeedsAFullOne() {
        assertTrue(take("ada", 1000).isTaken());
        assertEquals(60, take("ada", 1000).waitSeconds());
        pass(Duration.ofSeconds(60));
        assertTrue(take("ada", 1000).isTaken());
    }

    @Test
    void whatIsGivenBackCanBeTakenAgain() {
        take("ada", 15);
        take("ada", 5);
        buckets.giveBack("ada", 0, RATE, 5);
        assertEquals(0, take("ada", 5).left());
        buckets.giveBack("nobody", 0, RATE, 5);
        assertEquals(1, buckets.owners());
    }

    @Test
    void theOneThatWasSilentForLongestIsForgotten() {
        take("ada", 20);
        take("bob", 20);
        take("cy", 20);
        take("ada", 1);
        take("dee", 20);
        assertEquals(3, buckets.owners());
        assertEquals(1, buckets.forgotten());
        assertFalse(take("ada", 1).isTaken(), "ada asked after bob did");
        assertTrue(take("bob", 20).isTaken(), "bob begins anew");
    }

    @Test
    void whoseBucketsAreFullLosesNothing() {
        for (var owner : new String[] {"ada", "bob", "cy"}) take(owner, 20);
        pass(Duration.ofMinutes(1));
        for (var owner : new String[] {"dee", "eve", "fay"}) take(owner, 1);
        assertEquals(3, buckets.owners());
        assertEquals(0, buckets.forgotten());
    }

    @Test
    void manyOwnersDoNotGrowIt() {
        var many = new TokenBuckets<Integer>(5000, 6, () -> now);
        for (int i = 0; i < 200_000; i++) many.take(i, i % 6, RATE, 1);
        assertTrue(many.owners() <= 5008 && many.owners() > 4000, () -> many.owners() + " owners");
        assertEquals(200_000 - many.owners(), many.forgotten());
    }

    @Test
    void callersAtOnceGetNoMoreThanThereIs() throws Exception {
        var rate = new Rate(1000, Duration.ofHours(1));
        var callers = new ArrayList<Callable<Integer>>();
        for (int i = 0; i < 8; i++) {
            callers.add(() -> {
                int taken = 0;
                for (int n = 0; n < 1000; n++) {
                    if (buckets.take("ada", 0, rate, 3).isTaken()) taken += 3;
                }
                return taken;
            });
        }
        int all = 0;
        try (var threads = Executors.newFixedThreadPool(8)) {
            for (var caller : threads.invokeAll(callers)) all += caller.get();
        }
        assertEquals(999, all);
    }

    @Test
    void ratesHaveBounds() {
        assertThrows(IllegalArgumentException.class, () -> new Rate(0, Duration.ofMinutes(1)));
        assertThrows(IllegalArgumentException.class, () -> new Rate(2, Duration.ofNanos(1)));
    }
}
