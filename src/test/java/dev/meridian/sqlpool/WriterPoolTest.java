package dev.meridian.sqlpool;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.meridian.testing.PostgresPair;
import dev.meridian.testing.PostgresServer;
import dev.meridian.testing.TcpProxy;
import io.vertx.core.Vertx;
import io.vertx.mutiny.sqlclient.Tuple;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Uses a real primary and a real streaming standby.
class WriterPoolTest {
    /// `-Dsqlpool.failovers=20` runs more; prints the median and the worst time to the first write.
    private static final int FAILOVERS = Integer.getInteger("sqlpool.failovers", 2);

    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final int SLACK_MILLIS = 300;
    private static final int GRACE_MILLIS = 30;
    private static final int HEX = 16;

    private static PostgresPair pair;

    @BeforeAll
    static void startPair() throws Exception {
        pair = new PostgresPair();
    }

    @AfterAll
    static void stopPair() throws Exception {
        pair.close();
    }

    private long timeline;

    @BeforeEach
    void healPair() throws Exception {
        pair.heal();
        Pools.prepare(pair.primary());
        timeline =
                Long.parseLong(pair.primary().ask("SELECT substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8)"), HEX);
    }

    private Timeline timeline(int later) throws SQLException {
        return new Timeline(
                pair.primary().ask("SELECT system_identifier::text FROM pg_control_system()"), timeline + later);
    }

    @Test
    void findsTheWriterWhereverItIsInTheList() {
        try (var pools = new Pools(pair.standby().url(), pair.primary().url())) {
            pools.write(1_000_001).await().atMost(LIMIT);
            assertEquals(1, pools.changes.size());
            assertTrue(pools.changes.getFirst().isFirst());
            assertEquals(pair.primary().name(), pools.changes.getFirst().to());
            assertEquals(timeline, pools.changes.getFirst().timeline());
            assertEquals(timeline, pools.writer.knownTimeline().number());
        }
    }

    @Test
    void writesGoOnWithinASecondOfThePromotion() throws Exception {
        var times = new ArrayList<Long>();
        try (var pools = new Pools(pair.primary().url(), pair.standby().url());
                var load = new SteadyWrites(pools, 50)) {
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
                times.get((times.size() - 1) / 2), times.getLast(), times);
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
            // Nowhere else to go: the new primary is gone too. What the pool still sends to it before it has seen the
            // end is lost.
            pair.primary().kill();
            var ids = new AtomicInteger(2_000_003);
            await().atMost(LIMIT)
                    .until(() -> failure(pools, ids.getAndIncrement()).reason() == SqlPoolException.Reason.NO_SERVER);
            assertFalse(failure(pools, ids.get()).reason().isOutcomeUnknown());
            assertEquals("0", old.ask("SELECT count(*) FROM writes WHERE id > 2000001"));
        }
    }

    private static SqlPoolException failure(Pools pools, int id) {
        return assertThrows(
                SqlPoolException.class, () -> pools.write(id).await().atMost(LIMIT));
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
        pair.swap();
    }

    @Test
    void statementsThatHangEndInTimeAndThePoolRecoversWithTheServer() throws Exception {
        try (var proxy = new TcpProxy("127.0.0.1", pair.primary().port());
                var pools = new Pools(PostgresServer.url(proxy.port()))) {
            for (int i = 0; i < 50; i++) pools.write(4_000_000 + i).await().atMost(LIMIT);
            proxy.hang();
            var load = new SteadyWrites(pools, 200);
            await().atMost(LIMIT).until(() -> load.outcomes().size() > 200);
            assertTrue(
                    load.slowestMillis() <= Pools.TIMEOUT.toMillis() + SLACK_MILLIS, "slowest " + load.slowestMillis());
            proxy.pass();
            long resumed = System.nanoTime();
            await().atMost(LIMIT)
                    .pollInterval(Duration.ofMillis(5))
                    .until(() -> load.firstAcknowledged(resumed) < Long.MAX_VALUE);
            System.out.printf(
                    "first write after a hang: %dms%n", (load.firstAcknowledged(resumed) - resumed) / 1_000_000);
            load.stop();
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
            assertEquals(SqlPoolException.Reason.CANCELLED, failure.reason());
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

    @Test
    void aSwitchoverThatMakesTheOldWriterReadOnlyLosesNoWrite() throws Exception {
        try (var pools = new Pools(pair.primary().url(), pair.standby().url());
                var load = new SteadyWrites(pools, 50)) {
            await().atMost(LIMIT).until(() -> load.outcomes().size() > 20);
            pair.primary().execute("ALTER SYSTEM SET default_transaction_read_only = on");
            pair.primary().execute("SELECT pg_reload_conf()");
            await().atMost(LIMIT).until(() -> pools.metric("lost", "pool", "writer") > 0);
            await().atMost(LIMIT)
                    .until(() -> pair.primary()
                            .ask("SELECT pg_current_wal_lsn()")
                            .equals(pair.standby().ask("SELECT pg_last_wal_replay_lsn()")));
            pair.standby().promote();
            long promoted = System.nanoTime();
            await().atMost(LIMIT).until(() -> load.firstAcknowledged(promoted) < Long.MAX_VALUE);
            load.stop();
            assertEquals(0, load.failures(), () -> load.outcomes().toString());
            assertEquals(
                    Integer.toString(load.outcomes().size()), pair.standby().ask("SELECT count(*) FROM writes"));
        }
    }

    @Test
    void theOldWriterMayComeBackAsAStandby() throws Exception {
        try (var pools = new Pools(pair.primary().url(), pair.standby().url())) {
            pools.write(6_000_001).await().atMost(LIMIT);
            pair.failOver();
            pools.write(6_000_002).await().atMost(LIMIT);
            pair.rebuildStandby();
            pools.write(6_000_003).await().atMost(LIMIT);
            pair.failOver();
            pools.write(6_000_004).await().atMost(LIMIT);
            assertEquals(3, pools.changes.size());
            assertEquals(timeline + 2, pools.writer.knownTimeline().number());
            assertEquals("1", pair.primary().ask("SELECT count(*) FROM writes WHERE id = 6000004"));
        }
    }

    @Test
    void aFastShutdownIsHeardAndTheServerFoundAgain() throws Exception {
        try (var pools = new Pools(pair.primary().url());
                var load = new SteadyWrites(pools, 100)) {
            await().atMost(LIMIT).until(() -> load.outcomes().size() > 50);
            pair.primary().stop();
            pair.primary().start();
            long up = System.nanoTime();
            await().atMost(LIMIT)
                    .pollInterval(Duration.ofMillis(5))
                    .until(() -> load.firstAcknowledged(up) < Long.MAX_VALUE);
            assertTrue(load.slowestMillis() <= Pools.TIMEOUT.toMillis() + SLACK_MILLIS);
            assertEquals(1, pools.changes.size(), "the same writer as before is no news");
        }
    }

    @Test
    void aTimelineThatAnotherProcessHasSeenFencesToo() throws Exception {
        try (var pools = new Pools(pair.primary().url(), pair.standby().url())) {
            pools.writer.raiseTimelineTo(timeline(1));
            assertThrows(
                    SqlPoolException.class, () -> pools.write(7_000_001).await().atMost(LIMIT));
            pair.standby().promote();
            pools.write(7_000_002).await().atMost(LIMIT);
            pools.writer.raiseTimelineTo(timeline(2));
            assertThrows(
                    SqlPoolException.class, () -> pools.write(7_000_003).await().atMost(LIMIT));
            assertEquals("0", pair.primary().ask("SELECT count(*) FROM writes"));
        }
        pair.swap();
    }

    @Test
    void theTimelineOfAnotherDatabaseClusterFencesNothing() {
        try (var pools = new Pools(pair.primary().url())) {
            pools.writer.raiseTimelineTo(new Timeline("another", timeline + 7));
            pools.write(7_100_001).await().atMost(LIMIT);
            pools.writer.raiseTimelineTo(new Timeline("another", timeline + 8));
            pools.write(7_100_002).await().atMost(LIMIT);
            assertEquals(timeline, pools.writer.knownTimeline().number());
            assertEquals(1, pools.changes.size());
        }
    }

    @Test
    void whatAProcessWithoutAWriterHasLearnedItTellsOthers() throws Exception {
        try (var pools = new Pools(pair.standby().url())) {
            assertEquals(Timeline.NONE, pools.writer.knownTimeline());
            pools.writer.raiseTimelineTo(timeline(1));
            assertEquals(timeline(1), pools.writer.knownTimeline());
        }
    }

    @Test
    void theEpochNamesTheOnlyWriterWhateverTheServersSay() throws Exception {
        var old = pair.primary();
        var next = pair.standby();
        try (var pools = new Pools(old.url(), next.url())) {
            pools.write(7_200_001).await().atMost(LIMIT);
            var cut = pools.writer
                    .execute("SELECT pg_sleep(20)", Tuple.tuple(), Duration.ofSeconds(20), false)
                    .subscribeAsCompletionStage();
            await().atMost(LIMIT)
                    .until(() -> old.ask("SELECT count(*) FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(20)'"
                                    + " AND state = 'active'")
                            .equals("1"));
            assertTrue(pools.writer.raiseEpochTo(3, next.name()));
            // A connection in use is closed at once.
            assertThrows(
                    CompletionException.class,
                    () -> cut.orTimeout(5, TimeUnit.SECONDS).join());
            assertThrows(
                    SqlPoolException.class, () -> pools.write(7_200_002).await().atMost(LIMIT));
            next.promote();
            pools.write(7_200_003).await().atMost(LIMIT);
            assertFalse(pools.writer.raiseEpochTo(2, old.name()), "an older epoch changes nothing");
            assertFalse(pools.writer.raiseEpochTo(0, ""), "nor does none at all");
            pools.write(7_200_004).await().atMost(LIMIT);
            assertEquals(3, pools.metric("writer.epoch"));
            assertEquals("1", old.ask("SELECT count(*) FROM writes"));
            assertEquals("3", next.ask("SELECT count(*) FROM writes"));
            assertEquals(next.name(), pools.changes.getLast().to());

            // The older timeline is kept out as well, so now nobody is left.
            assertTrue(pools.writer.raiseEpochTo(4, old.name()));
            assertThrows(
                    SqlPoolException.class, () -> pools.write(7_200_005).await().atMost(LIMIT));
            assertEquals("3", next.ask("SELECT count(*) FROM writes"));
        }
        pair.swap();
    }

    @Test
    void nothingIsWrittenBeforeTheEpochIsKnown() throws Exception {
        try (var pools = new Pools(pair.primary().url())) {
            pools.writer.hold();
            assertEquals(Optional.of("The writer epoch has not been read yet."), pools.writer.refusal());
            assertThrows(
                    SqlPoolException.class, () -> pools.write(7_300_001).await().atMost(LIMIT));
            var waits = pools.write(7_300_002).subscribeAsCompletionStage();
            pools.writer.raiseEpochTo(0, "");
            waits.get(5, TimeUnit.SECONDS);
            assertFalse(pools.writer.release(), "it is known already");

            pools.writer.hold();
            assertTrue(pools.writer.release());
            pools.write(7_300_003).await().atMost(LIMIT);
            assertEquals(Optional.empty(), pools.writer.refusal());
            assertEquals(Optional.empty(), pools.writer.epoch());
        }
        assertEquals("2", pair.primary().ask("SELECT count(*) FROM writes"));
    }

    @Test
    void anEpochThatNamesNoCandidateLeavesNobody() throws Exception {
        try (var pools = new Pools(pair.primary().url())) {
            pools.write(7_400_001).await().atMost(LIMIT);
            pools.writer.raiseEpochTo(1, "db.example.com:5432");
            assertThrows(
                    SqlPoolException.class, () -> pools.write(7_400_002).await().atMost(LIMIT));
            assertEquals(
                    Optional.of("The writer epoch names a server that is not among the candidates of this process."),
                    pools.writer.refusal());
            assertEquals(Optional.empty(), pools.writer.epoch(), "a name that is not configured here is not shown");
            pools.writer.raiseEpochTo(2, pair.primary().name().toUpperCase(Locale.ROOT));
            pools.write(7_400_003).await().atMost(LIMIT);
            assertEquals(Optional.empty(), pools.writer.refusal());
        }
        assertEquals("2", pair.primary().ask("SELECT count(*) FROM writes"));
    }

    @Test
    void anotherDatabaseClusterIsNeverTheWriter() throws Exception {
        try (var other = PostgresServer.primary(Path.of("target/local-stores/other-" + System.nanoTime())
                        .toAbsolutePath());
                var proxy = new TcpProxy("127.0.0.1", pair.primary().port());
                var pools = new Pools(PostgresServer.url(proxy.port()))) {
            Pools.prepare(other);
            pools.write(8_000_001).await().atMost(LIMIT);
            proxy.retarget(other.port());
            proxy.resetConnections();
            assertThrows(
                    SqlPoolException.class, () -> pools.write(8_000_002).await().atMost(LIMIT));
            proxy.retarget(pair.primary().port());
            pools.write(8_000_003).await().atMost(LIMIT);
            assertEquals("0", other.ask("SELECT count(*) FROM writes"));
        }
    }

    @Test
    void aNameThatLeadsElsewhereIsFollowed() throws Exception {
        try (var proxy = new TcpProxy("127.0.0.1", pair.primary().port());
                var pools = new Pools(PostgresServer.url(proxy.port()))) {
            pools.write(9_000_001).await().atMost(LIMIT);
            pair.failOver();
            proxy.retarget(pair.primary().port());
            proxy.resetConnections();
            pools.write(9_000_002).await().atMost(LIMIT);
            assertEquals(2, pools.changes.size());
            assertEquals(pools.changes.getFirst().to(), pools.changes.getLast().to(), "the same name");
            assertEquals(timeline + 1, pools.changes.getLast().timeline());
        }
    }

    @Test
    void whatMayNotRunTwiceIsNotRepeatedWhenTheConnectionBreaks() throws Exception {
        try (var proxy = new TcpProxy("127.0.0.1", pair.primary().port());
                var pools = new Pools(PostgresServer.url(proxy.port()))) {
            pools.write(10_000_001).await().atMost(LIMIT);
            var slow = "SELECT pg_sleep(0.4)";
            var once = pools.writer
                    .execute(slow, Tuple.tuple(), Pools.TIMEOUT, false)
                    .subscribeAsCompletionStage();
            var twice = pools.writer
                    .execute(slow, Tuple.tuple(), Pools.TIMEOUT, true)
                    .subscribeAsCompletionStage();
            await().atMost(LIMIT)
                    .until(() -> pair.primary()
                            .ask("SELECT count(*) FROM pg_stat_activity WHERE query = '" + slow
                                    + "' AND state = 'active'")
                            .equals("2"));
            proxy.resetConnections();
            var failure = assertThrows(CompletionException.class, once::join);
            assertEquals(SqlPoolException.Reason.LOST, ((SqlPoolException) failure.getCause()).reason());
            twice.join();
        }
    }

    @Test
    void theQueueIsBounded() {
        try (var pools = new Pools(Duration.ZERO, "postgresql://127.0.0.1:1/postgres")) {
            var reasons = new ConcurrentLinkedQueue<SqlPoolException.Reason>();
            for (int i = 0; i < 510; i++) {
                pools.write(i).subscribe().with(_ -> {}, e -> reasons.add(((SqlPoolException) e).reason()));
            }
            await().atMost(LIMIT).until(() -> reasons.size() == 10);
            assertEquals(10, Collections.frequency(List.copyOf(reasons), SqlPoolException.Reason.QUEUE_FULL));
            assertEquals(500.0, pools.metric("pending", "pool", "writer"));
            await().atMost(LIMIT).until(() -> reasons.size() == 510);
            assertEquals(500, Collections.frequency(List.copyOf(reasons), SqlPoolException.Reason.NO_SERVER));
            assertEquals(0.0, pools.metric("pending", "pool", "writer"));
        }
    }

    @Test
    void mistakesOfTheCallerDisturbNobody() {
        try (var pools = new Pools(pair.primary().url())) {
            var wrongType = Tuple.of("no number");
            var calls = List.of(
                    pools.writer.execute("SELEC", Tuple.tuple(), Pools.TIMEOUT, true),
                    pools.writer.execute(Pools.INSERT, wrongType, Pools.TIMEOUT, true),
                    pools.writer.execute(Pools.INSERT, Tuple.tuple(), Pools.TIMEOUT, true),
                    pools.writer.execute("INSERT INTO writes VALUES (NULL)", Tuple.tuple(), Pools.TIMEOUT, true));
            for (var call : calls) {
                var failure = assertThrows(Exception.class, () -> call.await().atMost(LIMIT));
                assertFalse(failure instanceof SqlPoolException, failure.toString());
            }
            assertEquals(0.0, pools.metric("lost", "pool", "writer"));
            pools.write(11_000_001).await().atMost(LIMIT);
        }
    }

    @Test
    void answersArriveInTheContextOfTheCall() throws Exception {
        try (var pools = new Pools(pair.primary().url())) {
            for (int i = 0; i < 20; i++) {
                long id = 12_000_000 + i;
                var context = pools.vertx.getOrCreateContext();
                var same = new CompletableFuture<Boolean>();
                context.runOnContext(_ -> pools.write(id)
                        .subscribe()
                        .with(_ -> same.complete(Vertx.currentContext() == context), same::completeExceptionally));
                assertTrue(same.get(10, TimeUnit.SECONDS));
            }
        }
    }

    @Test
    void closingEndsTheConnectionsThatAreBeingOpened() throws Exception {
        var limits = new PoolLimits(8, 500, Duration.ofMinutes(1), Duration.ofMinutes(1), Duration.ofMinutes(1));
        try (var silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var pools = new Pools(
                        limits, Duration.ZERO, options -> options, PostgresServer.url(silent.getLocalPort()))) {
            pools.writer.start();
            try (var accepted = silent.accept()) {
                accepted.setSoTimeout((int) LIMIT.toMillis());
                assertTrue(accepted.getInputStream().read() >= 0, "the log-in begins");
                pools.writer.close().await().atMost(LIMIT);
                while (accepted.getInputStream().read() >= 0) {
                    // What it had sent before.
                }
            }
        }
    }

    @Test
    void noConnectionLeaks() throws Exception {
        try (var proxy = new TcpProxy("127.0.0.1", pair.primary().port());
                var pools = new Pools(
                        PostgresServer.url(proxy.port()), pair.standby().url());
                var load = new SteadyWrites(pools, 100)) {
            for (int i = 0; i < 5; i++) {
                int seen = load.outcomes().size();
                await().atMost(LIMIT).until(() -> load.outcomes().size() > seen + 20);
                proxy.resetConnections();
            }
            proxy.hang();
            int seen = load.outcomes().size();
            await().atMost(LIMIT).until(() -> load.outcomes().size() > seen + 100);
            proxy.pass();
            load.stop();
            await().atMost(LIMIT).until(() -> Pools.connections(pair.primary()) <= 8);
            assertTrue(Pools.connections(pair.standby()) <= 1, "one connection to watch the standby");
        }
        await().atMost(LIMIT).until(() -> Pools.connections(pair.primary()) == 0);
        await().atMost(LIMIT).until(() -> Pools.connections(pair.standby()) == 0);
    }
}
