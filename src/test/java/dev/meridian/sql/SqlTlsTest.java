package dev.meridian.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.meridian.reconcile.ReconcileRequest;
import dev.meridian.reconcile.ReconcileService;
import dev.meridian.sql.TlsSettings.Mode;
import dev.meridian.sqlpool.WriterPool;
import dev.meridian.testing.IamPostgres;
import dev.meridian.testing.PostgresServer;
import dev.meridian.testing.TestCertificates;
import io.vertx.core.Vertx;
import io.vertx.mutiny.sqlclient.Tuple;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/// The pools, the migration and the comparison on a PostgreSQL that takes nothing but TLS, and on one with IAM
/// authentication.
class SqlTlsTest {
    private static final String PASSWORD = "only for this test";
    private static final Duration LIMIT = Duration.ofSeconds(10);

    @TempDir
    static Path folder;

    private static Vertx vertx;
    private static TestCertificates certificates;
    private static Path otherCa;
    private static PostgresServer server;
    private static IamPostgres iam;

    /// The server's certificate is for `localhost`, not for its address.
    @BeforeAll
    static void start() throws Exception {
        vertx = Vertx.vertx();
        certificates = TestCertificates.create(folder.resolve("right"), "localhost");
        otherCa = TestCertificates.create(folder.resolve("other")).ca();
        var base = Files.createDirectories(Path.of("target/local-stores").toAbsolutePath());
        server = PostgresServer.primary(Files.createTempDirectory(base, "tls-").resolve("data"), certificates);
        server.execute("CREATE ROLE app LOGIN PASSWORD '" + PASSWORD + "'; CREATE ROLE token LOGIN");
        server.execute("GRANT app TO token");
        server.execute("CREATE DATABASE store OWNER app");
        server.admit("hostssl all app 127.0.0.1/32 scram-sha-256", "hostnossl all token 127.0.0.1/32 trust");
        iam = new IamPostgres(server, certificates);
        System.setProperty("aws.accessKeyId", IamPostgres.ACCESS_KEY);
        System.setProperty("aws.secretAccessKey", IamPostgres.SECRET_KEY);
        assertEquals("", migrate(settings("localhost", "").with("tls.ca", ca())));
    }

    @AfterAll
    static void stop() throws Exception {
        System.clearProperty("aws.accessKeyId");
        System.clearProperty("aws.secretAccessKey");
        if (iam != null) iam.close();
        if (server != null) server.close();
        if (vertx != null)
            vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    private static String ca() {
        return certificates.ca().toString();
    }

    private static String url(String host, String mode) {
        return "postgresql://" + host + ":" + server.port() + "/store" + (mode.isEmpty() ? "" : "?sslmode=" + mode);
    }

    private static SqlSettings settings(String host, String mode) {
        return new SqlSettings(url(host, mode))
                .with("username", "app")
                .with("password", PASSWORD)
                .with("connect-timeout", "5s")
                .with("write-timeout", "5s")
                .with("timelines", "false");
    }

    /// The failure of one statement with all its causes; empty when there is none.
    private static String pool(SqlSettings settings) {
        WriterPool writer = null;
        try {
            writer = settings.pools(vertx).writer(_ -> {});
            writer.execute("SELECT 1", Tuple.tuple(), settings.config().writeTimeout(), true)
                    .await()
                    .atMost(LIMIT);
            return "";
        } catch (RuntimeException e) {
            return causes(e);
        } finally {
            if (writer != null) writer.close().await().atMost(LIMIT);
        }
    }

    private static String migrate(SqlSettings settings) {
        var flyway = Flyway.configure().locations("filesystem:src/main/resources/db/migration");
        try {
            new MigrationDataSource(settings.config()).customize(flyway);
            flyway.load().migrate();
            return "";
        } catch (RuntimeException e) {
            return causes(e);
        }
    }

    private static String causes(Throwable failure) {
        return Stream.iterate(failure, each -> each != null, Throwable::getCause)
                .map(Throwable::toString)
                .reduce("", (all, one) -> all + " <- " + one);
    }

    /// The database with itself.
    private static String reconcile(String url, boolean iam, UnaryOperator<String> environment) {
        var err = new StringWriter();
        var code = ReconcileService.run(
                new ReconcileRequest(url, url, Optional.empty(), ReconcileRequest.Format.JSON, iam),
                environment,
                new PrintWriter(new StringWriter()),
                new PrintWriter(err));
        return code == ReconcileService.SAME ? "" : code + " " + err;
    }

    private static String reconcile(String url, String ca) {
        var environment = new HashMap<>(Map.of("PGUSER", "app", "PGPASSWORD", PASSWORD));
        if (!ca.isEmpty()) environment.put("PGSSLROOTCERT", ca);
        return reconcile(url, false, environment::get);
    }

    /// @param expected a part of the failure; empty: there is none
    private record Case(String name, String host, String mode, String ca, String expected) {
        Stream<DynamicTest> tests() {
            var settings = settings(host, mode);
            if (!ca.isEmpty()) settings.with("tls.ca", ca);
            // The pool looks for a server until the time is over.
            if (!expected.isEmpty()) settings.with("write-timeout", "700ms");
            return Stream.of(
                    DynamicTest.dynamicTest("pool: " + name, () -> assertFailure(pool(settings))),
                    DynamicTest.dynamicTest("migrate: " + name, () -> assertFailure(migrate(settings))),
                    DynamicTest.dynamicTest("reconcile: " + name, () -> assertFailure(reconcile(url(host, mode), ca))));
        }

        private void assertFailure(String failure) {
            assertTrue(expected.isEmpty() ? failure.isEmpty() : failure.matches("(?s).*(" + expected + ").*"), failure);
            assertFalse(failure.contains(PASSWORD), failure);
        }
    }

    @TestFactory
    Stream<DynamicTest> eachConnectionChecksTheCertificate() {
        var wrongName = "handshake failed|could not be verified";
        return Stream.of(
                        new Case("the right authority", "localhost", "", ca(), ""),
                        new Case("another authority", "localhost", "", otherCa.toString(), "PKIX|handshake failed"),
                        new Case("another name", "127.0.0.1", "", ca(), wrongName),
                        new Case("another name, verify-full", "127.0.0.1", "verify-full", ca(), wrongName),
                        new Case("another name, require", "127.0.0.1", "require", ca(), ""),
                        new Case("another name, verify-ca", "127.0.0.1", "verify-ca", ca(), ""),
                        new Case(
                                "another authority, require",
                                "localhost",
                                "require",
                                otherCa.toString(),
                                "PKIX|handshake failed"),
                        new Case("plain text", "localhost", "", "", "no encryption"),
                        new Case("plain text in spite of an authority", "localhost", "disable", ca(), "no encryption"),
                        new Case("prefer", "localhost", "prefer", ca(), "sslmode=prefer is refused"),
                        new Case("require without an authority", "localhost", "require", "", "needs a PEM file"))
                .flatMap(Case::tests);
    }

    @Test
    void theModeOfAnAddressIsKeptOrRefused() {
        assertEquals(Mode.NOTHING_SET, mode("", ""));
        assertEquals(Mode.DISABLE, mode("?sslmode=disable", ""));
        assertEquals(Mode.DISABLE, mode("?sslmode=disable", "ca.pem"));
        assertEquals(Mode.VERIFY_FULL, mode("", "ca.pem"));
        assertEquals(Mode.VERIFY_FULL, mode("?application_name=a&sslmode=verify-full#x", "ca.pem"));
        assertEquals(Mode.VERIFY_CA, mode("?sslmode=require&application_name=a", "ca.pem"));
        for (var refused : List.of("prefer", "allow", "", "no-such-mode", "verify-full", "verify-ca", "require")) {
            var failure = assertThrows(IllegalArgumentException.class, () -> mode("?sslmode=" + refused, ""), refused);
            assertTrue(failure.getMessage().contains("sslmode=" + refused), failure.getMessage());
            assertFalse(failure.getMessage().contains("tiger"), failure.getMessage());
        }
    }

    private static Mode mode(String query, String ca) {
        return TlsSettings.of(
                        "postgresql://scott:tiger@db.example.com/store" + query,
                        Optional.of(ca).filter(file -> !file.isEmpty()))
                .mode();
    }

    @Test
    void aBundleThatIsNoneIsASentence() throws Exception {
        var nothing = Files.writeString(folder.resolve("nothing.pem"), "nothing");
        for (var file : List.of(nothing, folder.resolve("no-such-file.pem"))) {
            var failure = assertThrows(IllegalArgumentException.class, () -> Authorities.read(file));
            assertTrue(failure.getMessage().contains("meridian.sql.tls.ca=" + file), failure.getMessage());
        }
    }

    private static SqlSettings withTokens() {
        return new SqlSettings(iam.url().replace("/postgres", "/store"))
                .with("username", "token")
                .with("tls.ca", ca())
                .with("iam", "true")
                .with("iam-region", IamPostgres.REGION)
                .with("connect-timeout", "5s")
                .with("write-timeout", "5s")
                .with("timelines", "false");
    }

    @Test
    void aTokenIsThePassword() {
        assertEquals("", pool(withTokens()), iam::reason);
        assertEquals("", migrate(withTokens().with("username", "nobody").with("owner-username", "token")), iam::reason);
        var environment =
                Map.of("PGUSER", "token", "PGSSLROOTCERT", ca(), "MERIDIAN_SQL_IAM_REGION", IamPostgres.REGION);
        var url = iam.url().replace("/postgres", "/store");
        assertEquals("", reconcile(url, true, environment::get), iam::reason);
    }
}
