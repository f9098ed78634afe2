package dev.meridian.sqlpool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.meridian.sqlpool.Endpoint.Server;
import dev.meridian.sqlpool.SqlPoolException.Reason;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Random sequences of events for the state of a pool alone; [SimulatedPool] carries out its actions and checks
/// the invariants after each event. To repeat a sequence: `-Dsqlpool.seed=N -Dsqlpool.sequences=1`.
class PoolStateTest {
    private static final long SEED = Long.getLong("sqlpool.seed", System.nanoTime());
    private static final int SEQUENCES = Integer.getInteger("sqlpool.sequences", 2_000);
    private static final int EVENTS = 250;
    private static final Duration TIMEOUT = Duration.ofSeconds(1);

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

    /// Statements are numbers, connections texts.
    private static PoolState<Integer, String> pool(long[] now) {
        return new PoolState<>(Pools.limits(), new PoolState.Role(true, _ -> true), (_, _) -> true, () -> now[0]);
    }

    private static void find(PoolState<Integer, String> pool, String connection, Duration roundTrip) {
        var identity = new ServerIdentity(true, "system", 1, connection);
        pool.found(new Server(null, identity), connection, roundTrip);
        pool.ready(connection, true);
    }

    @Test
    void theShortestAnswerCountsAndNoFailure() {
        var now = new long[1];
        var pool = pool(now);
        assertEquals(Duration.ZERO, pool.shortestAnswer());
        find(pool, "a", Duration.ofNanos(70));
        assertEquals(Duration.ofNanos(70), pool.shortestAnswer());
        answer(pool, now, 1, 90, null);
        assertEquals(Duration.ofNanos(70), pool.shortestAnswer());
        answer(pool, now, 2, 5, FailureKind.REFUSED);
        assertEquals(Duration.ofNanos(70), pool.shortestAnswer());
        answer(pool, now, 3, 50, null);
        assertEquals(Duration.ofNanos(50), pool.shortestAnswer());
    }

    @Test
    void whatBeganBeforeAnotherServerWasFoundDoesNotCount() {
        var now = new long[1];
        var pool = pool(now);
        find(pool, "a", Duration.ofNanos(70));
        pool.submit(1, true, TIMEOUT);
        find(pool, "b", Duration.ofNanos(80));
        now[0] += 10;
        pool.answered(1, "a", null, true);
        assertEquals(Duration.ofNanos(80), pool.shortestAnswer());
    }

    @Test
    void oneFailedProbeLosesNothingAndASecondInARowDoes() {
        var now = new long[1];
        var pool = pool(now);
        find(pool, "a", Duration.ofNanos(70));
        var first = silent(pool, now, 1);
        var second = only(PoolAction.Verify.class, pool.verified(first.epoch(), null, FailureKind.CONNECTION_LOST));
        assertTrue(pool.hasServer(), "one dropped probe loses nothing");
        assertEquals(first, second, "the same server is probed at once");
        now[0] += Pools.limits().probe().toNanos();
        only(PoolAction.Search.class, pool.verified(second.epoch(), null, FailureKind.CONNECTION_LOST));
        assertFalse(pool.hasServer());
    }

    @Test
    void aProbeThatIsAnsweredBeginsTheCountAnew() {
        var now = new long[1];
        var pool = pool(now);
        find(pool, "a", Duration.ofNanos(70));
        for (int i = 0; i < 3; i++) {
            var probe = silent(pool, now, i);
            probe = only(PoolAction.Verify.class, pool.verified(probe.epoch(), null, FailureKind.CONNECTION_LOST));
            assertEquals(List.of(), pool.verified(probe.epoch(), new ServerIdentity(true, "system", 1, "a"), null));
            pool.answered(i, "a", null, true);
        }
        assertTrue(pool.hasServer());
    }

    @Test
    void anAnswerOnAnotherConnectionBeginsTheCountAnew() {
        var now = new long[1];
        var pool = pool(now);
        find(pool, "a", Duration.ofNanos(70));
        for (int i = 0; i < 3; i++) {
            var probe = silent(pool, now, i);
            now[0]++;
            pool.answered(i, "a", null, true);
            assertEquals(List.of(), pool.verified(probe.epoch(), null, FailureKind.CONNECTION_LOST));
        }
        assertTrue(pool.hasServer());
    }

    @Test
    void aServerThatMayNotBeUsedIsLostAtTheFirstProbe() {
        var now = new long[1];
        var pool = pool(now);
        find(pool, "a", Duration.ofNanos(70));
        var probe = silent(pool, now, 1);
        pool.verified(probe.epoch(), new ServerIdentity(true, "system", 2, "b"), null);
        assertFalse(pool.hasServer());
    }

    /// Sends a statement that is not answered, until the server is probed.
    private static PoolAction.Verify<?, ?> silent(PoolState<Integer, String> pool, long[] now, int id) {
        pool.submit(id, true, TIMEOUT);
        now[0] += Pools.limits().silence().toNanos();
        return only(PoolAction.Verify.class, pool.checkTime(id));
    }

    private static <T> T only(Class<T> kind, List<? extends PoolAction<?, ?>> actions) {
        var found = actions.stream().filter(kind::isInstance).map(kind::cast).toList();
        assertEquals(1, found.size(), actions::toString);
        return found.getFirst();
    }

    private static void answer(PoolState<Integer, String> pool, long[] now, int id, long nanos, FailureKind failure) {
        pool.submit(id, true, TIMEOUT);
        now[0] += nanos;
        pool.answered(id, "a", failure, true);
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
