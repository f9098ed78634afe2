package dev.meridian.sql;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.meridian.testing.PostgresServer;
import dev.meridian.testing.ServiceProcess;
import dev.meridian.testing.StoresResource;
import dev.meridian.testing.TcpProxy;
import dev.meridian.testing.TestCertificates;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The packaged artifact in production mode with its default limits. The writer is 170 ms away, takes TLS only, and
/// does not tell its timeline, as on Aurora.
@Tag("process")
class FarWriterIT {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final Duration ROUND_TRIP = Duration.ofMillis(170);
    private static final String TOKEN = "the administrator's token of this test";
    private static final String NEVER_LOST = "(?m)^meridian_sql_lost_total\\{[^}]*pool=\"writer\"[^}]*} 0\\.0";
    private static final StoresResource STORES = new StoresResource();

    private static PostgresServer server;
    private static String database;
    private static TcpProxy line;
    private static ServiceProcess service;

    @BeforeAll
    static void start() throws Exception {
        var stores = STORES.start();
        var folder =
                Path.of("target/local-stores/far-writer-" + System.nanoTime()).toAbsolutePath();
        var certificates = TestCertificates.create(folder.resolve("tls"), "localhost");
        server = PostgresServer.primary(folder.resolve("data"), certificates);
        database = server.url().replace("/postgres", "/far").replace("127.0.0.1", "localhost");
        server.execute("CREATE DATABASE far");
        server.admit("hostssl far far_app 127.0.0.1/32 scram-sha-256");
        ServiceProcess.makeTables(stores, "far-");
        var config = ServiceProcess.production(stores, "far-", database);
        config.put("meridian.sql.tls.ca", certificates.ca().toString());
        try (var migrate = ServiceProcess.run(config, "migrate")) {
            assertEquals(0, migrate.exitCode(Duration.ofSeconds(60)), migrate::log);
        }
        execute(
                database,
                "CREATE ROLE far_app LOGIN PASSWORD 'far'; GRANT ALL ON ALL TABLES IN SCHEMA public TO far_app;"
                        + " REVOKE EXECUTE ON FUNCTION pg_current_wal_lsn() FROM PUBLIC");
        line = new TcpProxy("127.0.0.1", server.port(), ROUND_TRIP);
        config.put("meridian.sql.writer-url", "postgresql://localhost:" + line.port() + "/far");
        config.put("meridian.sql.username", "far_app");
        config.put("meridian.sql.password", "far");
        config.put("meridian.sql.tasks-max", "40");
        config.put("meridian.admin.token", TOKEN);
        service = ServiceProcess.serve(config);
        await().atMost(LIMIT).until(() -> put("p-far").statusCode() < 300);
    }

    @AfterAll
    static void stop() throws Exception {
        if (service != null) service.close();
        if (line != null) line.close();
        if (server != null) server.close();
        STORES.stop();
    }

    @Test
    void aStatementThatWaitsForALockIsNoReasonToLeaveTheWriter() throws Exception {
        for (int i = 0; i < 3; i++) {
            try (var locked = lock("p-far")) {
                var write = putLater("p-far");
                waiting();
                TimeUnit.MILLISECONDS.sleep(600);
                locked.commit();
                assertEquals(200, write.get(20, TimeUnit.SECONDS).statusCode());
            }
        }
        assertNeverLost();
    }

    @Test
    void aStatementThatIsLateEndsOnTheServerAndItsConnectionLives() throws Exception {
        String backend;
        try (var locked = lock("p-far")) {
            var write = putLater("p-far");
            backend = waiting();
            var answer = write.get(20, TimeUnit.SECONDS);
            assertEquals(503, answer.statusCode(), answer::body);
            assertTrue(answer.body().contains("does not answer in time"), answer::body);
            assertEquals("0", ask("SELECT count(*) FROM pg_locks WHERE NOT granted"), "nothing waits there any more");
            locked.rollback();
        }
        assertEquals(200, put("p-far").statusCode());
        assertEquals("1", ask("SELECT count(*) FROM pg_stat_activity WHERE pid = " + backend), "its connection lives");
        assertNeverLost();
    }

    @Test
    void everyConnectionIsEncrypted() throws Exception {
        assertEquals(200, put("p-far").statusCode());
        assertEquals(
                "t",
                ask("SELECT bool_and(ssl)::text = 'true' FROM pg_stat_ssl JOIN pg_stat_activity USING (pid)"
                        + " WHERE usename = 'far_app'"));
    }

    @Test
    void tooManyConnectionsAreAWarningWithNumbers() {
        await().atMost(LIMIT)
                .until(() ->
                        service.log().contains("40 tasks may open 17 connections each to the SQL writer, 680 in all"));
    }

    private static void assertNeverLost() throws Exception {
        var metrics = service.manage("/q/metrics").body();
        assertTrue(Pattern.compile(NEVER_LOST).matcher(metrics).find(), metrics);
    }

    private static HttpResponse<String> put(String product) throws Exception {
        return service.send("PUT", "/catalog/products/" + product, """
                {"name":"Lamp","description":"A lamp.","price":1950,"stock":5,"tags":[]}""", "Authorization", "Bearer " + TOKEN);
    }

    private static CompletableFuture<HttpResponse<String>> putLater(String product) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return put(product);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private static Connection lock(String product) throws SQLException {
        var connection = connect(database);
        connection.setAutoCommit(false);
        try (var statement = connection.prepareStatement("SELECT 1 FROM products WHERE id = ? FOR UPDATE")) {
            statement.setString(1, product);
            statement.execute();
        }
        return connection;
    }

    /// The process of the server that waits for the lock.
    private static String waiting() {
        return await().atMost(LIMIT)
                .until(() -> ask("SELECT min(pid) FROM pg_locks WHERE NOT granted"), Objects::nonNull);
    }

    private static String ask(String sql) throws SQLException {
        try (var connection = connect(database);
                var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }

    private static void execute(String url, String sql) throws SQLException {
        try (var connection = connect(url);
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static Connection connect(String url) throws SQLException {
        return DriverManager.getConnection("jdbc:" + url, "postgres", "postgres");
    }
}
