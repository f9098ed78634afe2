package dev.meridian.sqlpool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.meridian.testing.PostgresServer;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Servers that refuse or lack a function of the long question about their identity, as Aurora may.
class ServerQuestionTest {
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private static PostgresServer server;

    @BeforeAll
    static void startServer() throws Exception {
        server = PostgresServer.primary(
                Path.of("target/local-stores/question-" + System.nanoTime()).toAbsolutePath());
        Pools.prepare(server);
    }

    @AfterAll
    static void stopServer() throws Exception {
        server.close();
    }

    @AfterEach
    void answerAgain() throws SQLException {
        server.execute("GRANT EXECUTE ON FUNCTION pg_current_wal_lsn() TO PUBLIC");
        server.execute("ALTER ROLE app RESET search_path");
        server.execute("DROP SCHEMA IF EXISTS fake CASCADE");
    }

    @Test
    void aFunctionThatTheRoleMayNotCallCostsTheTimelineAndNotTheWriter() throws SQLException {
        server.execute("REVOKE EXECUTE ON FUNCTION pg_current_wal_lsn() FROM PUBLIC");
        try (var pools = new Pools(server.url())) {
            pools.write(1).await().atMost(LIMIT);
            assertEquals(0, pools.changes.getFirst().timeline());
            assertEquals(0, pools.writer.knownTimeline().number());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"55000", "42883", "0A000", "42501"})
    void aFunctionThatFailsIsAskedOnce(String sqlState) throws SQLException {
        fake(sqlState);
        try (var pools = new Pools(server.url())) {
            pools.write(1).await().atMost(LIMIT);
            var all = IntStream.range(0, 50)
                    .mapToObj(id -> pools.write(id).subscribeAsCompletionStage())
                    .toList();
            all.forEach(write -> assertEquals(0, write.join().size()));
            assertEquals(0, pools.writer.knownTimeline().number());
            assertFalse(Pools.connections(server) < 2, "more connections were opened, each asked who the server is");
        }
        assertEquals("1", server.ask("SELECT last_value FROM fake.asked"), "the short question from then on");
    }

    @Test
    void anotherFailureIsNoReasonToDoWithoutTheTimeline() throws SQLException {
        fake("57014");
        try (var pools = new Pools(server.url())) {
            var write = pools.write(1).subscribeAsCompletionStage();
            org.awaitility.Awaitility.await()
                    .atMost(LIMIT)
                    .until(() -> Integer.parseInt(server.ask("SELECT last_value FROM fake.asked")) > 1);
            assertFalse(write.isDone() && !write.isCompletedExceptionally());
        }
    }

    /// The role finds a function of that name that counts its calls and fails.
    private static void fake(String sqlState) throws SQLException {
        server.execute("CREATE SCHEMA fake; CREATE SEQUENCE fake.asked; GRANT ALL ON SCHEMA fake TO app;"
                + " GRANT ALL ON SEQUENCE fake.asked TO app;"
                + " CREATE FUNCTION fake.pg_current_wal_lsn() RETURNS pg_lsn LANGUAGE plpgsql AS $$ BEGIN"
                + " PERFORM nextval('fake.asked');"
                + " RAISE 'WAL control functions cannot be executed' USING ERRCODE = '" + sqlState + "'; END $$;"
                + " ALTER ROLE app SET search_path = fake, pg_catalog, public");
    }
}
