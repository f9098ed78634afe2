package dev.meridian.sqlpool;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.meridian.testing.PostgresPair;
import dev.meridian.testing.PostgresServer;
import dev.meridian.testing.TcpProxy;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import io.vertx.pgclient.PgException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Uses a real standby as the reader, and a real primary.
class ReaderPoolTest {
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final int FALLBACKS_MAX = 2;
    private static final String WHO = "SELECT pg_is_in_recovery() AS standby";

    private static PostgresPair pair;
    private TcpProxy proxy;
    private Pools pools;
    private ReaderPool reader;

    @BeforeAll
    static void startPair() throws Exception {
        pair = new PostgresPair();
    }

    @AfterAll
    static void stopPair() throws Exception {
        pair.close();
    }

    @BeforeEach
    void startPools() throws Exception {
        pair.heal();
        Pools.prepare(pair.primary());
        proxy = new TcpProxy("127.0.0.1", pair.standby().port());
        pools = new Pools(pair.primary().url(), pair.standby().url());
        reader = pools.reader(FALLBACKS_MAX, PostgresServer.url(proxy.port()));
    }

    @AfterEach
    void stopPools() throws Exception {
        reader.close().await().atMost(LIMIT);
        pools.close();
        proxy.close();
    }

    @Test
    void readsGoToTheReader() {
        assertTrue(isStandby(read(WHO)));
        assertEquals(0.0, pools.metric("fallbacks", "outcome", "taken"));
    }

    @Test
    void aDeadReaderIsReplacedByTheWriterAndTakenBackByItself() throws Exception {
        assertTrue(isStandby(read(WHO)));
        pair.standby().kill();
        // Its backends outlive the server that was killed, for moments.
        await("the writer answers").atMost(LIMIT).until(() -> !isStandby(read(WHO)));
        assertTrue(pools.metric("fallbacks", "outcome", "taken") >= 1);
        pair.standby().start();
        await().atMost(LIMIT).until(() -> isStandby(read(WHO)));
    }

    @Test
    void aReaderThatHangsIsLeft() {
        assertTrue(isStandby(read(WHO)));
        proxy.hang();
        long began = System.nanoTime();
        assertTrue(!isStandby(read(WHO)), "the first read that meets the hang is answered by the writer in time");
        assertTrue(System.nanoTime() - began < Pools.TIMEOUT.toNanos());
        proxy.pass();
        await().atMost(LIMIT).until(() -> isStandby(read(WHO)));
    }

    @Test
    void aReaderThatDiesCutsNoConnectionToAnotherBehindTheSameName() throws Exception {
        try (var other = another()) {
            occupy(other, pair.standby().port());
            var backends = backends(other);
            pair.standby().kill();
            for (int i = 0; i < 50; i++) assertTrue(isStandby(read(WHO)));
            assertTrue(backends(other).containsAll(backends), "the connections to the living reader live");
            assertEquals(0.0, pools.metric("fallbacks", "outcome", "taken"));
            assertEquals(0.0, pools.metric("lost", "pool", "reader"));
        }
    }

    @Test
    void aReaderThatHangsCutsNoConnectionToAnotherBehindTheSameName() throws Exception {
        try (var other = another();
                var hanging = new TcpProxy("127.0.0.1", pair.standby().port())) {
            occupy(other, hanging.port());
            var backends = backends(other);
            hanging.hang();
            int failed = 0;
            for (int i = 0; i < 50; i++) {
                try {
                    assertTrue(isStandby(read(WHO)));
                } catch (SqlPoolException e) {
                    assertEquals(SqlPoolException.Reason.TIMEOUT, e.reason());
                    failed++;
                }
            }
            assertTrue(failed <= 1, failed + " reads met the reader that hangs");
            assertTrue(backends(other).containsAll(backends), "the connections to the living reader live");
            assertEquals(0.0, pools.metric("lost", "pool", "reader"));
        }
    }

    private PostgresServer another() throws Exception {
        return PostgresServer.standby(
                Path.of("target/local-stores/reader-" + System.nanoTime()).toAbsolutePath(), pair.primary());
    }

    /// Half of the pool's connections lead to the reader on a port, half to another one; the name leads there from
    /// now on.
    private void occupy(PostgresServer other, int first) {
        proxy.retarget(first);
        together(Pools.CONNECTIONS / 2);
        proxy.retarget(other.port());
        together(Pools.CONNECTIONS);
    }

    private void together(int reads) {
        IntStream.range(0, reads)
                .mapToObj(_ -> reader.execute("SELECT pg_sleep(0.2)", Tuple.tuple(), Pools.TIMEOUT)
                        .subscribeAsCompletionStage())
                .toList()
                .forEach(answer -> assertEquals(1, answer.join().size()));
    }

    private static List<String> backends(PostgresServer server) throws SQLException {
        var all = server.ask("SELECT string_agg(pid::text, ' ') FROM pg_stat_activity WHERE usename = 'app'");
        return List.of(all.split(" "));
    }

    @Test
    void theWriterTakesABoundedShareOnly() throws Exception {
        read(WHO);
        pair.standby().kill();
        read(WHO);
        var answered = new AtomicInteger();
        var refused = new AtomicInteger();
        for (int i = 0; i < 20; i++) {
            reader.execute("SELECT pg_sleep(0.3)", Tuple.tuple(), Pools.TIMEOUT)
                    .subscribe()
                    .with(_ -> answered.incrementAndGet(), _ -> refused.incrementAndGet());
        }
        await().atMost(LIMIT).until(() -> answered.get() + refused.get() == 20);
        assertEquals(FALLBACKS_MAX, answered.get());
        assertEquals(18.0, pools.metric("fallbacks", "outcome", "refused"));
        // The permits are back.
        read(WHO);
    }

    @Test
    void aStatementThatWritesIsRefusedAndCostsNothingElse() {
        var failure = assertThrows(
                PgException.class,
                () -> reader.execute(Pools.INSERT, Tuple.of(1L), Pools.TIMEOUT)
                        .await()
                        .atMost(LIMIT));
        assertEquals("25006", failure.getSqlState());
        assertEquals(0.0, pools.metric("lost", "pool", "reader"));
    }

    private RowSet<Row> read(String sql) {
        return reader.execute(sql, Tuple.tuple(), Pools.TIMEOUT).await().atMost(LIMIT);
    }

    private static boolean isStandby(RowSet<Row> rows) {
        return rows.iterator().next().getBoolean("standby");
    }
}
