package dev.meridian.sqlpool;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.meridian.sqlpool.SqlPoolException.Reason;
import dev.meridian.testing.PostgresServer;
import io.vertx.mutiny.sqlclient.Tuple;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// More statements than a writer can carry out in time.
class OverloadTest {
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final int PER_SECOND_MAX = 20;
    private static final int SECONDS = 3;

    /// Holds the row for 50 ms.
    private static final String HOT = """
            WITH sold AS (UPDATE hot SET sold = sold + 1 RETURNING sold)
            SELECT sold, pg_sleep(0.05) FROM sold""";

    private static PostgresServer server;

    @BeforeAll
    static void startServer() throws Exception {
        server = PostgresServer.primary(
                Path.of("target/local-stores/overload-" + System.nanoTime()).toAbsolutePath());
        Pools.prepare(server);
    }

    @AfterAll
    static void stopServer() throws Exception {
        server.close();
    }

    @BeforeEach
    void prepare() throws SQLException {
        server.execute("DROP TABLE IF EXISTS hot; CREATE TABLE hot (sold int); INSERT INTO hot VALUES (0);"
                + " GRANT SELECT, UPDATE ON hot TO app");
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 7})
    void oneHotRowCostsNeitherTheWriterNorItsConnections(int times) throws Exception {
        var outcomes = new Outcomes();
        try (var pools = new Pools(server.url())) {
            pools.write(1).await().atMost(LIMIT);
            int sent = 0;
            String backends = "";
            long start = System.nanoTime();
            for (int i = 0; i < PER_SECOND_MAX * times * SECONDS; i++) {
                pools.writer
                        .execute(HOT, Tuple.tuple(), Pools.TIMEOUT, true)
                        .subscribe()
                        .with(_ -> outcomes.ok.incrementAndGet(), outcomes::failed);
                sent++;
                if (i == PER_SECOND_MAX * times) backends = backends();
                long next = start + (i + 1) * 1_000_000_000L / (PER_SECOND_MAX * times);
                Thread.sleep(Duration.ofNanos(Math.max(0, next - System.nanoTime())));
            }
            int all = sent;
            await().atMost(LIMIT).until(() -> outcomes.count() == all);
            System.out.printf("one row at %d times its capacity for %d s: %s%n", times, SECONDS, outcomes);
            assertEquals(backends, backends(), "every connection lives");
            assertEquals(0.0, pools.metric("lost", "pool", "writer"), "the writer was never lost");
        }
        assertEquals(outcomes.ok.toString(), server.ask("SELECT sold FROM hot"), "what failed was not done");
        assertEquals(0, outcomes.of(Reason.TIMEOUT), "no outcome is unknown");
        assertEquals(0, outcomes.other.get());
        assertTrue(outcomes.of(Reason.BUSY) > 0, "some were not sent");
        assertTrue(outcomes.ok.get() > PER_SECOND_MAX * SECONDS / 2, outcomes::toString);
    }

    @Test
    void aStatementThatTakesTooLongEndsOnTheServerAndItsConnectionLives() throws Exception {
        try (var pools = new Pools(server.url())) {
            pools.write(1).await().atMost(LIMIT);
            var before = backends();
            var outcomes = new Outcomes();
            pools.writer
                    .execute("SELECT pg_sleep(60)", Tuple.tuple(), Duration.ofMillis(500), true)
                    .subscribe()
                    .with(_ -> outcomes.ok.incrementAndGet(), outcomes::failed);
            await().atMost(LIMIT).until(() -> outcomes.count() == 1);
            assertEquals(1, outcomes.of(Reason.CANCELLED), outcomes::toString);
            assertEquals(
                    "0",
                    server.ask("SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(60)' AND"
                            + " state = 'active' AND usename = 'app'"));
            pools.write(2).await().atMost(LIMIT);
            assertEquals(before, backends());
        }
    }

    @Test
    void eachStatementHasTheLimitThatItsOwnTimeAllows() {
        var setting = "SELECT setting::int, $1::int AS n FROM pg_settings WHERE name = 'statement_timeout'";
        try (var pools = new Pools(server.url())) {
            for (int i = 0; i < 50; i++) {
                int millis = ThreadLocalRandom.current().nextInt(100, 3000);
                var answer = pools.writer
                        .execute(setting, Tuple.of(millis), Duration.ofMillis(millis), true)
                        .await()
                        .atMost(LIMIT)
                        .iterator()
                        .next();
                assertEquals(millis, answer.getInteger("n"));
                int limit = answer.getInteger("setting");
                assertTrue(limit < millis && limit > millis / 2, millis + " ms, limit " + limit + " ms");
            }
        }
    }

    private static String backends() throws SQLException {
        return server.ask("SELECT string_agg(pid::text, ' ' ORDER BY pid) FROM pg_stat_activity WHERE usename = 'app'");
    }

    private static final class Outcomes {
        private final AtomicInteger ok = new AtomicInteger();
        private final AtomicInteger other = new AtomicInteger();
        private final Map<Reason, Integer> failed = new EnumMap<>(Reason.class);

        private synchronized void failed(Throwable failure) {
            if (failure instanceof SqlPoolException e) {
                failed.merge(e.reason(), 1, Integer::sum);
            } else {
                other.incrementAndGet();
            }
        }

        private synchronized int of(Reason reason) {
            return failed.getOrDefault(reason, 0);
        }

        private synchronized int count() {
            return ok.get()
                    + other.get()
                    + failed.values().stream().mapToInt(each -> each).sum();
        }

        @Override
        public synchronized String toString() {
            return "ok=" + ok + " other=" + other + " " + failed;
        }
    }
}
