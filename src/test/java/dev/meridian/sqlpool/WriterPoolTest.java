package dev.meridian.sqlpool;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.mutiny.sqlclient.Tuple;
import java.time.Duration;
import java.util.ArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Against a real primary and a real streaming standby.
class WriterPoolTest {
    /// More with -Dsqlpool.failovers=20: prints the median and the worst time to the first write.
    private static final int FAILOVERS = Integer.getInteger("sqlpool.failovers", 2);

    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final int SLACK_MILLIS = 300;
    private static final int GRACE_MILLIS = 30;

    private PostgresPair pair;

    @BeforeEach
    void startPair() throws Exception {
        pair = new PostgresPair();
        Pools.prepare(pair.primary());
    }

    @AfterEach
    void stopPair() throws Exception {
        pair.close();
    }

    @Test
    void findsTheWriterWhereverItIsInTheList() {
        try (var pools = new Pools(pair.standby().url(), pair.primary().url())) {
            pools.write(1_000_001).await().atMost(LIMIT);
            assertEquals(1, pools.changes.size());
            assertTrue(pools.changes.getFirst().isFirst());
            assertEquals(pair.primary().name(), pools.changes.getFirst().to());
            assertEquals(1, pools.changes.getFirst().timeline());
            assertEquals(1, pools.writer.knownTimeline());
        }
    }

    @Test
    void writesGoOnWithinASecondOfThePromotion() throws Exception {
        var times = new ArrayList<Long>();
        try (var pools = new Pools(pair.primary().url(), pair.standby().url());
                var load = new Load(pools, 50)) {
            for (int i = 0; i < FAILOVERS; i++) {
                long start = System.nanoTime();
                await().atMost(LIMIT).until(() -> load.firstAcknowledged(start) < Long.MAX_VALUE);
                pair.primary().kill();
                // Answers that were on their way are in by then.
                Thread.sleep(GRACE_MILLIS);
                long dead = System.nanoTime();
                pair.standby().promote();
                long visible = System.nanoTime();
                pair.swap();
                await().atMost(LIMIT)
                        .pollInterval(Duration.ofMillis(5))
                        .until(() -> load.firstAcknowledged(dead) < Long.MAX_VALUE);
                times.add((load.firstAcknowledged(dead) - visible) / 1_000_000);
                pair.rebuildStandby();
            }
            assertEquals(FAILOVERS + 1, pools.changes.size(), pools.changes::toString);
            assertTrue(
                    load.slowestMillis() <= Pools.TIMEOUT.toMillis() + SLACK_MILLIS, "slowest " + load.slowestMillis());
            System.out.printf(
                    "failovers=%d failed=%d of %d slowest=%dms%n",
                    FAILOVERS, load.failures(), load.outcomes().size(), load.slowestMillis());
        }
        times.sort(null);
        System.out.printf(
                "first write after promotion: median=%dms worst=%dms %s%n",
                times.get(times.size() / 2), times.getLast(), times);
        assertTrue(times.getLast() <= 1000, times::toString);
    }

    @Test
    void aServerOnAnOlderTimelineIsNeverWrittenToAgain() throws Exception {
        try (var pools = new Pools(pair.primary().url(), pair.standby().url())) {
            pools.write(2_000_001).await().atMost(LIMIT);
            pair.failOver();
            pools.write(2_000_002).await().atMost(LIMIT);
            var old = pair.standby();
            old.start();
            assertEquals("f", old.ask("SELECT pg_is_in_recovery()"), "the old primary takes writes again");
            // Nowhere else to go: the new primary is gone too.
            pair.primary().kill();
            var failure = assertThrows(
                    SqlPoolException.class, () -> pools.write(2_000_003).await().atMost(LIMIT));
            assertEquals(SqlPoolException.Reason.NO_SERVER, failure.reason());
            assertEquals("0", old.ask("SELECT count(*) FROM writes WHERE id > 2000001"));
            assertFalse(failure.outcomeUnknown());
        }
    }

    @Test
    void aSecondWriterIsNoticedWhileTheFirstStillWorks() throws Exception {
        try (var pools = new Pools(pair.primary().url(), pair.standby().url())) {
            pools.write(3_000_001).await().atMost(LIMIT);
            pair.standby().promote();
            await().atMost(LIMIT).until(() -> pools.changes.size() == 2);
            pools.write(3_000_002).await().atMost(LIMIT);
            assertEquals("1", pair.standby().ask("SELECT count(*) FROM writes WHERE id = 3000002"));
            assertEquals("0", pair.primary().ask("SELECT count(*) FROM writes WHERE id = 3000002"));
        }
    }

    @Test
    void statementsThatHangEndInTimeAndThePoolRecoversWithTheServer() throws Exception {
        try (var proxy = new TcpProxy(pair.primary().port());
                var pools = new Pools(proxy.url())) {
            for (int i = 0; i < 50; i++) pools.write(4_000_000 + i).await().atMost(LIMIT);
            proxy.hang();
            var load = new Load(pools, 200);
            await().atMost(LIMIT).until(() -> load.outcomes().size() > 200);
            assertTrue(
                    load.slowestMillis() <= Pools.TIMEOUT.toMillis() + SLACK_MILLIS, "slowest " + load.slowestMillis());
            proxy.resume();
            long resumed = System.nanoTime();
            await().atMost(LIMIT)
                    .pollInterval(Duration.ofMillis(5))
                    .until(() -> load.firstAcknowledged(resumed) < Long.MAX_VALUE);
            System.out.printf(
                    "first write after a hang: %dms%n", (load.firstAcknowledged(resumed) - resumed) / 1_000_000);
            load.close();
            await().atMost(LIMIT).until(() -> Pools.connections(pair.primary()) <= 8);
        }
        await().atMost(LIMIT).until(() -> Pools.connections(pair.primary()) == 0);
    }

    @Test
    void aSlowStatementIsCutAndDisturbsNoOther() throws Exception {
        try (var pools = new Pools(pair.primary().url())) {
            pools.write(5_000_001).await().atMost(LIMIT);
            var failure = assertThrows(
                    SqlPoolException.class,
                    () -> pools.writer
                            .execute("SELECT pg_sleep($1)", Tuple.of(60.0), Duration.ofMillis(700), true)
                            .await()
                            .atMost(LIMIT));
            assertEquals(SqlPoolException.Reason.TIMEOUT, failure.reason());
            assertEquals(0.0, pools.metric("lost", "pool", "writer"), "a slow statement is no lost server");
            pools.write(5_000_002).await().atMost(LIMIT);
            // The server ends it by itself, within the statement timeout the pool gave it.
            await().atMost(LIMIT)
                    .until(() -> pair.primary()
                            .ask(
                                    "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep%' AND state = 'active' AND usename = 'app'")
                            .equals("0"));
        }
    }
}
