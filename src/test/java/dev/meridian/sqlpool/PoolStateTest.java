package dev.meridian.sqlpool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.meridian.sqlpool.SqlPoolException.Reason;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Random sequences of events for the state of a pool alone; [SimulatedPool] carries out its actions and checks
/// the invariants after each event. To repeat a sequence: `-Dsqlpool.seed=N -Dsqlpool.sequences=1`.
class PoolStateTest {
    private static final long SEED = Long.getLong("sqlpool.seed", System.nanoTime());
    private static final int SEQUENCES = Integer.getInteger("sqlpool.sequences", 2_000);
    private static final int EVENTS = 250;

    @Test
    void whatMustHoldOfAWritersPoolHoldsAfterEveryEvent() {
        run(true, EnumSet.allOf(Reason.class));
    }

    @Test
    void whatMustHoldOfAReadersPoolHoldsAfterEveryEvent() {
        run(false, EnumSet.allOf(Reason.class));
    }

    @Test
    void theSameSeedIsTheSameSequence() {
        assertEquals(sequence(SEED, true).toString(), sequence(SEED, true).toString());
    }

    /// @param reasons that must occur; all actions must occur too
    private static void run(boolean writes, Set<Reason> reasons) {
        var actions = new HashSet<Class<?>>();
        var seen = EnumSet.noneOf(Reason.class);
        for (long seed = SEED; seed < SEED + SEQUENCES; seed++) {
            var pool = sequence(seed, writes);
            actions.addAll(pool.actions());
            seen.addAll(pool.reasons());
        }
        System.out.printf("pool state writes=%s first seed=%d sequences=%d%n", writes, SEED, SEQUENCES);
        if (SEQUENCES < 1_000) return;
        assertEquals(Set.of(PoolAction.class.getPermittedSubclasses()), actions, "every action occurs");
        assertTrue(seen.containsAll(reasons), () -> "every reason occurs: " + seen);
    }

    private static SimulatedPool sequence(long seed, boolean writes) {
        var pool = new SimulatedPool(new Random(seed), writes);
        try {
            for (int i = 0; i < EVENTS; i++) {
                pool.randomEvent();
                pool.check();
            }
            pool.settle();
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError("seed " + seed + ", writes " + writes + ": " + e.getMessage() + pool, e);
        }
        return pool;
    }
}
