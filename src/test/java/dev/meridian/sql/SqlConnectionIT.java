package dev.meridian.sql;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.meridian.testing.IamPostgres;
import dev.meridian.testing.PostgresServer;
import dev.meridian.testing.ServiceProcess;
import dev.meridian.testing.StoresResource;
import dev.meridian.testing.TestCertificates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/// The packaged artifact in production mode on a PostgreSQL as Aurora has it: TLS only, an authority of its own, a
/// password that changes, IAM tokens. [SqlTlsTest] and [SqlLoginTest] have all combinations.
@Tag("process")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SqlConnectionIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String TOKEN = "the administrator's token of this test";
    private static final StoresResource STORES = new StoresResource();
    private static final String PASSWORD = "one-that-must-not-appear";

    @TempDir
    static Path folder;

    private static TestCertificates certificates;
    private static String otherCa;
    private static PostgresServer server;
    private static IamPostgres iam;

    /// The server's certificate is for `localhost`, not for its address.
    @BeforeAll
    static void start() throws Exception {
        certificates = TestCertificates.create(folder.resolve("right"), "localhost");
        otherCa = TestCertificates.create(folder.resolve("other")).ca().toString();
        var base = Files.createDirectories(Path.of("target/local-stores").toAbsolutePath());
        server = PostgresServer.primary(
                Files.createTempDirectory(base, "connection-").resolve("data"), certificates);
        server.execute(
                "CREATE ROLE app LOGIN PASSWORD '" + PASSWORD + "'; CREATE ROLE token LOGIN; GRANT app TO token");
        server.execute("CREATE DATABASE store OWNER app");
        server.admit("hostssl all app 127.0.0.1/32 scram-sha-256", "hostnossl all token 127.0.0.1/32 trust");
        iam = new IamPostgres(server, certificates);
    }

    @AfterAll
    static void stop() throws Exception {
        if (iam != null) iam.close();
        if (server != null) server.close();
        STORES.stop();
    }

    private static Map<String, String> production(String url, String ca) {
        var config = new HashMap<>(ServiceProcess.production(
                Map.of("quarkus.dynamodb.endpoint-override", "http://127.0.0.1:9"), "none-", url));
        config.keySet().removeAll(ServiceProcess.users().keySet());
        config.put("meridian.sql.username", "app");
        config.put("meridian.sql.password", PASSWORD);
        if (!ca.isEmpty()) config.put("meridian.sql.tls.ca", ca);
        return config;
    }

    private static Map<String, String> withTokens() {
        var config = production(iam.url().replace("/postgres", "/store"), ca());
        config.putAll(Map.of(
                "meridian.sql.username", "token",
                "meridian.sql.iam", "true",
                "meridian.sql.iam-region", IamPostgres.REGION));
        config.putAll(credentials());
        config.remove("meridian.sql.password");
        return config;
    }

    private static Map<String, String> credentials() {
        return Map.of("aws.accessKeyId", IamPostgres.ACCESS_KEY, "aws.secretAccessKey", IamPostgres.SECRET_KEY);
    }

    private static String ca() {
        return certificates.ca().toString();
    }

    private static String url(String host) {
        return "postgresql://" + host + ":" + server.port() + "/store";
    }

    /// @param parts of what it says, each
    private static void assertEnds(int code, ServiceProcess command, String... parts) throws InterruptedException {
        try (command) {
            assertEquals(code, command.exitCode(LIMIT), command::log);
            for (var part : parts) assertTrue(command.log().contains(part), command::log);
            assertFalse(command.log().contains("\tat ") || command.log().contains("\\tat "), command::log);
            assertFalse(command.log().contains(PASSWORD), command::log);
        }
    }

    private static String writer(ServiceProcess service) throws IOException, InterruptedException {
        return JSON.readTree(service.send("GET", "/health", null).body())
                .at("/checks/sql-writer/state")
                .asText();
    }

    @Test
    @Order(1)
    void migrateChecksTheServer() throws Exception {
        assertEnds(1, ServiceProcess.run(production(url("localhost"), otherCa), "migrate"), "could not be migrated");
        assertEnds(1, ServiceProcess.run(production(url("127.0.0.1"), ca()), "migrate"), "could not be verified");
        assertEnds(1, ServiceProcess.run(production(url("localhost"), ""), "migrate"), "no encryption");
        assertEnds(0, ServiceProcess.run(production(url("localhost"), ca()), "migrate"), "schema is up to date");
    }

    @Test
    @Order(2)
    void reconcileChecksTheServers() throws Exception {
        var right = Map.of("PGUSER", "app", "PGPASSWORD", PASSWORD, "PGSSLROOTCERT", ca());
        var wrong = Map.of("PGUSER", "app", "PGPASSWORD", PASSWORD, "PGSSLROOTCERT", otherCa);
        var plain = Map.of("PGUSER", "app", "PGPASSWORD", PASSWORD);
        assertEnds(0, reconcile(url("localhost"), right), "orders: old=0 new=0");
        assertEnds(3, reconcile(url("localhost"), wrong), "Cannot read old");
        assertEnds(3, reconcile(url("127.0.0.1"), right), "could not be verified");
        assertEnds(3, reconcile(url("localhost"), plain), "no encryption");
        assertEnds(2, reconcile(url("localhost") + "?sslmode=prefer", right), "sslmode=prefer is refused");
    }

    private static ServiceProcess reconcile(String url, Map<String, String> environment, String... more)
            throws IOException {
        return ServiceProcess.run(
                credentials(),
                environment,
                Stream.concat(Stream.of("reconcile", "--old", url, "--new", url), Stream.of(more))
                        .toArray(String[]::new));
    }

    @Test
    @Order(2)
    void aServerOfAnotherAuthorityOrNameIsNotTrusted() throws Exception {
        var configs =
                Map.of("PKIX", production(url("localhost"), otherCa), "localhost", production(url("127.0.0.1"), ca()));
        for (var config : configs.entrySet()) {
            try (var service = ServiceProcess.serve(config.getValue())) {
                assertEquals("DOWN", writer(service));
                await().atMost(LIMIT).until(() -> service.log().contains("PostgreSQL is not trusted"));
                assertTrue(service.log().contains(config.getKey()), service::log);
                assertFalse(service.log().contains(PASSWORD), service::log);
            }
        }
    }

    @Test
    @Order(2)
    void plainTextIsRefusedByTheServerAndWarnedOfOnce() throws Exception {
        try (var service = ServiceProcess.serve(production(url("localhost"), ""))) {
            assertEquals("DOWN", writer(service));
            assertEquals(2, service.log().split("connections to PostgreSQL are plain text", -1).length, service::log);
        }
        try (var service = ServiceProcess.serve(production(url("localhost") + "?sslmode=disable", ca()))) {
            assertEquals("DOWN", writer(service));
            assertFalse(service.log().contains("connections to PostgreSQL are plain text"), service::log);
        }
    }

    @Test
    @Order(2)
    void whatCannotBeKeptIsRefusedAtStart() throws Exception {
        var url = url("localhost");
        assertEnds(1, ServiceProcess.run(production(url + "?sslmode=prefer", ca())), "sslmode=prefer is refused");
        assertEnds(1, ServiceProcess.run(production(url + "?sslmode=allow", "")), "sslmode=allow is refused");
        assertEnds(1, ServiceProcess.run(production(url + "?sslmode=require", "")), "needs a PEM file");
        assertEnds(1, ServiceProcess.run(production(url, "/no-such-file.pem")), "/no-such-file.pem");
        var tokens = withTokens();
        tokens.remove("meridian.sql.tls.ca");
        assertEnds(1, ServiceProcess.run(tokens), "An IAM token is sent as clear text and needs TLS");
        tokens = withTokens();
        tokens.remove("meridian.sql.iam-region");
        assertEnds(1, ServiceProcess.run(tokens), "set meridian.sql.iam-region");
    }

    @Test
    @Order(3)
    void thePasswordChangesWhileItServes() throws Exception {
        var file = Files.writeString(folder.resolve("secret"), secret(PASSWORD));
        var config = production(url("localhost"), ca());
        config.put("meridian.sql.username", "somebody-else");
        config.remove("meridian.sql.password");
        config.put("meridian.sql.password-file", file.toString());
        config.put("meridian.admin.token", TOKEN);
        // A change of a product is in DynamoDB first.
        var stores = STORES.start();
        ServiceProcess.makeTables(stores, "none-");
        config.put("quarkus.dynamodb.endpoint-override", stores.get("quarkus.dynamodb.endpoint-override"));
        // What counts is that no request fails, not how fast a busy machine is.
        config.put("meridian.sql.read-timeout", "5s");
        config.put("meridian.sql.write-timeout", "5s");
        try (var service = ServiceProcess.serve(config)) {
            await().atMost(LIMIT)
                    .until(() -> put(service, 0) < 300 && writer(service).equals("UP"));
            try (var load = new Load(service)) {
                load.serves();
                server.execute("ALTER ROLE app PASSWORD 'another'");
                load.serves();
                var next = Files.writeString(folder.resolve("next"), secret("another"));
                Files.move(next, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
                for (int i = 0; i < 3; i++) {
                    server.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'app'");
                    load.serves();
                }
                assertEquals(List.of(), load.failed(), service::log);
            }
            assertEquals("UP", writer(service));
        } finally {
            server.execute("ALTER ROLE app PASSWORD '" + PASSWORD + "'");
        }
    }

    private static int put(ServiceProcess service, int number) throws IOException, InterruptedException {
        return service.send("PUT", "/catalog/products/p-" + number, """
                        {"name":"Lamp","description":"A lamp.","price":1950,"stock":5,"tags":[]}""", "Authorization", "Bearer " + TOKEN)
                .statusCode();
    }

    /// Clients that read and write all the time.
    private static final class Load implements AutoCloseable {
        private static final int CLIENTS = 6;

        private final ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor();
        private final AtomicInteger answered = new AtomicInteger();
        private final Queue<Object> failed = new ConcurrentLinkedQueue<>();
        private volatile boolean ended;

        private Load(ServiceProcess service) {
            for (int i = 0; i < CLIENTS; i++) {
                int number = i;
                clients.submit(() -> {
                    while (!ended) request(service, number);
                });
            }
        }

        private void request(ServiceProcess service, int number) {
            try {
                int status = number % 2 == 0
                        ? put(service, number)
                        : service.send("GET", "/catalog/size", null).statusCode();
                if (status >= 300) failed.add(status);
            } catch (IOException | InterruptedException e) {
                failed.add(e);
            }
            answered.incrementAndGet();
        }

        /// Waits for a hundred more answers.
        private void serves() {
            int before = answered.get();
            await().atMost(LIMIT).until(() -> answered.get() > before + 100);
        }

        private List<Object> failed() {
            return List.copyOf(failed);
        }

        @Override
        public void close() {
            ended = true;
            clients.close();
        }
    }

    private static String secret(String password) {
        return "{\"engine\":\"postgres\",\"username\":\"app\",\"password\":\"" + password + "\"}";
    }

    @Test
    @Order(3)
    void aTokenIsThePassword() throws Exception {
        assertEnds(0, ServiceProcess.run(withTokens(), "migrate"), "schema is up to date");
        var environment =
                Map.of("PGUSER", "token", "PGSSLROOTCERT", ca(), "MERIDIAN_SQL_IAM_REGION", IamPostgres.REGION);
        assertEnds(
                0, reconcile(withTokens().get("meridian.sql.writer-url"), environment, "--iam"), "orders: old=0 new=0");
        try (var service = ServiceProcess.serve(withTokens())) {
            await().atMost(LIMIT).until(() -> writer(service).equals("UP"));
            assertEquals(0, iam.refused(), iam::reason);
            int tokens = iam.tokens();
            iam.endTokens();
            await().atMost(LIMIT).until(() -> {
                iam.resetConnections();
                return iam.tokens() > tokens && iam.refused() > 0;
            });
            assertEquals("time", iam.reason());
            await().atMost(LIMIT).until(() -> writer(service).equals("UP"));
        }
    }
}
