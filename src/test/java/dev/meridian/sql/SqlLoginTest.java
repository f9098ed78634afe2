package dev.meridian.sql;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.meridian.aws.CredentialSource;
import dev.meridian.sqlpool.Credentials;
import dev.meridian.sqlpool.WriterPool;
import dev.meridian.testing.IamPostgres;
import dev.meridian.testing.PostgresServer;
import dev.meridian.testing.TestCertificates;
import io.vertx.core.Vertx;
import io.vertx.mutiny.sqlclient.Tuple;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Passwords that change and tokens that expire, while statements run.
class SqlLoginTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final Duration LIFETIME = Duration.ofMillis(800);

    @TempDir
    static Path folder;

    private static Vertx vertx;
    private static TestCertificates certificates;
    private static PostgresServer server;
    private static IamPostgres iam;

    @BeforeAll
    static void start() throws Exception {
        vertx = Vertx.vertx();
        certificates = TestCertificates.create(folder.resolve("tls"));
        var base = Files.createDirectories(Path.of("target/local-stores").toAbsolutePath());
        server =
                PostgresServer.primary(Files.createTempDirectory(base, "login-").resolve("data"), certificates);
        server.execute("CREATE ROLE app LOGIN PASSWORD 'one'; CREATE ROLE token LOGIN");
        server.admit("host all app 127.0.0.1/32 scram-sha-256", "hostnossl all token 127.0.0.1/32 trust");
        iam = new IamPostgres(server, certificates);
        System.setProperty("aws.accessKeyId", IamPostgres.ACCESS_KEY);
        System.setProperty("aws.secretAccessKey", IamPostgres.SECRET_KEY);
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

    /// Clients that run one statement after the other.
    private static final class Load implements AutoCloseable {
        private final AtomicInteger answered = new AtomicInteger();
        private final ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
        private final List<Thread> clients = new ArrayList<>();
        private volatile boolean ended;

        Load(WriterPool writer) {
            for (int i = 0; i < 4; i++) {
                clients.add(Thread.ofVirtual().start(() -> {
                    while (!ended) {
                        try {
                            writer.execute("SELECT pg_sleep(0.01)", Tuple.tuple(), LIMIT, true)
                                    .await()
                                    .atMost(LIMIT.multipliedBy(2));
                            answered.incrementAndGet();
                        } catch (RuntimeException e) {
                            failures.add(e);
                        }
                    }
                }));
            }
        }

        /// Waits until this many more have been answered.
        void goesOn(int more) {
            int before = answered.get();
            await().atMost(LIMIT).until(() -> answered.get() >= before + more);
        }

        @Override
        public void close() {
            ended = true;
            for (var client : clients) join(client);
            assertEquals(List.of(), List.copyOf(failures));
        }
    }

    private static void join(Thread client) {
        try {
            client.join();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private static SqlSettings settings(String url) {
        return new SqlSettings(url)
                .with("connect-timeout", "5s")
                .with("timelines", "false")
                .with("connection-lifetime", LIFETIME.toMillis() + "ms");
    }

    /// When the oldest (`min`) or newest (`max`) connection was opened, in seconds.
    private static double opened(String which) throws SQLException {
        return Double.parseDouble(server.ask("SELECT extract(epoch FROM " + which + "(backend_start))"
                + " FROM pg_stat_activity WHERE usename = 'app' AND state IS NOT NULL"));
    }

    private static double now() throws SQLException {
        return Double.parseDouble(server.ask("SELECT extract(epoch FROM clock_timestamp())"));
    }

    private static Path replaced(Path file, String content) throws IOException {
        var next = Files.writeString(folder.resolve("next"), content);
        return Files.move(next, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    @Test
    void aPasswordChangesUnderLoad() throws Exception {
        var file = replaced(folder.resolve("secret"), "{\"username\": \"app\", \"password\": \"one\"}");
        var pools = settings(server.url())
                .with("username", "somebody-else")
                .with("password-file", file.toString())
                .pools(vertx);
        var writer = pools.writer(_ -> {});
        try (var load = new Load(writer)) {
            load.goesOn(20);
            server.execute("ALTER ROLE app PASSWORD 'two'");
            double changed = now();
            // The file is late: several lifetimes of a connection pass.
            await().atMost(LIMIT).until(() -> now() > changed + 4 * LIFETIME.toMillis() / 1e3);
            load.goesOn(20);
            assertTrue(opened("max") < changed, "the old connections are kept");
            replaced(file, "{\"username\": \"app\", \"password\": \"two\"}");
            await().atMost(LIMIT).until(() -> opened("max") > changed);
            load.goesOn(20);
            server.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'app'");
            load.goesOn(20);
            assertTrue(opened("min") > changed, "all are new");
        } finally {
            writer.close().await().atMost(LIMIT);
        }
    }

    @Test
    void aRefusedTokenIsMadeAnewAtOnce() throws Exception {
        var pools = settings(iam.url())
                .with("username", "token")
                .with("tls.ca", certificates.ca().toString())
                .with("iam", "true")
                .with("iam-region", IamPostgres.REGION)
                .pools(vertx);
        var writer = pools.writer(_ -> {});
        try (var load = new Load(writer)) {
            load.goesOn(20);
            assertEquals(0, iam.refused(), iam::reason);
            int before = iam.tokens();
            iam.endTokens();
            await().atMost(LIMIT).until(() -> iam.refused() > 0 && iam.tokens() > before);
            assertEquals("time", iam.reason());
            load.goesOn(20);
        } finally {
            writer.close().await().atMost(LIMIT);
        }
    }

    @Test
    void aFileHasThePasswordAloneOrAsSecretsManagerWritesIt() throws Exception {
        var file = folder.resolve("password");
        var source = new PasswordFile(file);
        var failure = assertThrows(UncheckedIOException.class, source::read);
        assertTrue(failure.getMessage().contains("meridian.sql.password-file=" + file), failure.getMessage());
        assertEquals(new Credentials(null, "a b"), read(source, file, "a b\n"));
        assertEquals(
                new Credentials("app", "p\"w"),
                read(
                        source,
                        file,
                        "{\"engine\":\"postgres\",\"port\":5432,\"more\":{\"password\":\"no\"},\"username\":\"app\",\"password\":\"p\\\"w\"}"));
        assertEquals(new Credentials(null, "x"), read(source, file, "{\"password\":\"x\"}"));
        assertEquals(new Credentials(null, "{not json"), read(source, file, "{not json"));
        // What cannot be a password changes nothing.
        assertEquals(new Credentials(null, "{not json"), read(source, file, ""));
        assertEquals(new Credentials(null, "{not json"), read(source, file, "{\"username\":\"app\"}"));
        Files.delete(file);
        assertEquals(new Credentials(null, "{not json"), source.read());
    }

    private static Credentials read(PasswordFile source, Path file, String content) throws IOException {
        Files.writeString(file, content);
        return source.read();
    }

    @Test
    void aTokenIsKeptForTenMinutesAndForOneUserOfOneServer() {
        var time = new SetClock();
        var tokens = new IamTokens(Optional.of(IamPostgres.REGION), new CredentialSource(), time);
        var first = token(tokens, "a", "app", null);
        assertTrue(first.startsWith("a:5432/?"), first);
        time.now = time.now.plusSeconds(599);
        assertEquals(first, token(tokens, "a", "app", null));
        assertNotEquals(first, token(tokens, "b", "app", null));
        assertNotEquals(first, token(tokens, "a", "other", null));
        var second = token(tokens, "a", "app", first);
        assertNotEquals(first, second, "refused");
        assertEquals(second, token(tokens, "a", "app", first));
        time.now = time.now.plusSeconds(600);
        assertNotEquals(second, token(tokens, "a", "app", null));
    }

    private static String token(IamTokens tokens, String host, String user, String refused) {
        return tokens.token(host, 5432, user, refused).await().atMost(LIMIT);
    }

    @Test
    void theRegionIsInTheNameOfAnAuroraEndpoint() {
        var tokens = new IamTokens(Optional.of("eu-west-1"), new CredentialSource());
        var names = List.of(
                "store.cluster-c1.ap-southeast-2.rds.amazonaws.com",
                "store.cluster-ro-c1.us-gov-west-1.rds.amazonaws.com",
                "store.c1.cn-north-1.rds.amazonaws.com.cn",
                "store.example.com");
        var regions = List.of("ap-southeast-2", "us-gov-west-1", "cn-north-1", "eu-west-1");
        for (int i = 0; i < names.size(); i++) {
            var token = tokens.make(names.get(i), 5432, "app");
            assertTrue(token.contains("%2F" + regions.get(i) + "%2Frds-db%2Faws4_request"), token);
        }
    }

    @Test
    void whatATokenNeedsIsASentence() {
        var tls = TlsSettings.of("postgresql://a/b", Optional.of("ca.pem"));
        var plain = TlsSettings.of("postgresql://a/b", Optional.empty());
        var user = Optional.of("app");
        var region = Optional.of("eu-west-1");
        assertRefused("TLS", () -> IamTokens.check(plain, "a", user, region));
        assertRefused("meridian.sql.username", () -> IamTokens.check(tls, "a", Optional.empty(), region));
        assertRefused("meridian.sql.iam-region", () -> IamTokens.check(tls, "a", user, Optional.empty()));
        IamTokens.check(tls, "a", user, region);
        IamTokens.check(tls, "s.cluster-c1.eu-west-1.rds.amazonaws.com", user, Optional.empty());
    }

    private static void assertRefused(String part, org.junit.jupiter.api.function.Executable check) {
        var failure = assertThrows(IllegalArgumentException.class, check);
        assertTrue(failure.getMessage().contains(part), failure.getMessage());
    }

    private static final class SetClock extends Clock {
        private Instant now = Instant.parse("2026-11-28T12:00:00Z");

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
