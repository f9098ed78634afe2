package dev.meridian.sql;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.meridian.testing.PostgresServer;
import dev.meridian.testing.Race;
import dev.meridian.testing.ServiceProcess;
import dev.meridian.testing.StoresResource;
import java.net.http.HttpResponse;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The packaged artifact on a server that asks for passwords: `migrate` as the owner, the service as its own
/// role in production mode, `reconcile` as the auditors' role. [MigrationTest] has the other cases of
/// `migrate`.
@Tag("process")
class MigrationIT {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final String TOKEN = "the administrator's token of this test";
    private static final StoresResource STORES = new StoresResource();
    private static PostgresServer server;
    private static String url;
    private static Map<String, String> config;

    @BeforeAll
    static void start() throws Exception {
        server = MigrationTest.serverWithPasswords();
        server.execute("CREATE ROLE store_owner LOGIN CREATEROLE PASSWORD 'of the owner'");
        server.execute("CREATE DATABASE store OWNER store_owner");
        url = "postgresql://127.0.0.1:" + server.port() + "/store";
        config = ServiceProcess.production(STORES.start(), "users-", url);
        config.putAll(Map.of(
                "meridian.sql.owner-username", "store_owner",
                "meridian.sql.owner-password", "of the owner",
                "meridian.sql.app-role", "store_app",
                "meridian.sql.audit-role", "store_audit",
                "meridian.sql.username", "store_app",
                "meridian.sql.password", "of the service"));
    }

    @AfterAll
    static void stop() throws Exception {
        if (server != null) server.close();
        STORES.stop();
    }

    private static void asSuperuser(String sql) throws SQLException {
        try (var connection = DriverManager.getConnection("jdbc:" + url, "postgres", "any");
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static void migrate() throws Exception {
        try (var migrate = ServiceProcess.run(config, "migrate")) {
            assertEquals(0, migrate.exitCode(SOON), migrate::log);
            assertTrue(migrate.log().contains("schema is up to date"), migrate::log);
        }
    }

    /// In production infrastructure code makes the tables of DynamoDB; here the test mode of the same artifact
    /// does.
    private static void makeDynamoTables() throws Exception {
        var test = new HashMap<>(config);
        test.put("meridian.mode", "test");
        test.put("quarkus.flyway.migrate-at-start", "false");
        test.put("meridian.sample-data.enabled", "false");
        try (var service = ServiceProcess.serve(test)) {
            assertEquals(200, service.send("GET", "/ticket", null).statusCode());
        }
    }

    private static HttpResponse<String> health(ServiceProcess service, int status) {
        return await().atMost(SOON)
                .until(
                        () -> service.send("GET", "/health", null, "Authorization", "Bearer " + TOKEN),
                        answer -> answer.statusCode() == status);
    }

    @Test
    void theServiceRunsWithWhatTheOwnerGrantedAndSaysWhatItLacks() throws Exception {
        Race.run(2, 2, _ -> () -> {
            migrate();
            return true;
        });
        makeDynamoTables();
        var production = new HashMap<>(config);
        production.put("meridian.admin.token", TOKEN);
        List.of("meridian.sql.owner-username", "meridian.sql.owner-password").forEach(production::remove);
        try (var service = ServiceProcess.serve(production)) {
            health(service, 200);
            var product = service.send("PUT", "/catalog/products/p-users", """
                    {"name":"Lamp","description":"A lamp.","price":1950,"stock":5,"tags":[]}""", "Authorization", "Bearer " + TOKEN);
            assertEquals(2, product.statusCode() / 100, product::body);

            asSuperuser("REVOKE INSERT ON order_lines FROM store_app");
            var lacking = health(service, 503).body();
            assertTrue(lacking.contains("no privilege to INSERT on order_lines"), lacking);

            asSuperuser("REVOKE SELECT ON products FROM store_app");
            var refused = service.send("GET", "/catalog/products", null);
            assertEquals(503, refused.statusCode(), refused::body);
            assertTrue(refused.headers().firstValue("Retry-After").isPresent());
            assertFalse(refused.body().contains("permission denied"), refused::body);
            await().atMost(SOON).until(() -> service.log().contains("permission denied for table products"));

            migrate();
            var fine = health(service, 200).body();
            assertFalse(fine.contains("order_lines"), fine);
        }
        asSuperuser("ALTER ROLE store_audit PASSWORD 'of-the-auditors'");
        var audited = url.replace("//", "//store_audit:of-the-auditors@");
        try (var reconcile = ServiceProcess.run(Map.of(), "reconcile", "--old", audited, "--new", audited)) {
            assertEquals(0, reconcile.exitCode(SOON), reconcile::log);
        }
    }

    @Test
    void aWrongPasswordOfTheOwnerIsASentence() throws Exception {
        var wrong = new HashMap<>(config);
        wrong.put("meridian.sql.owner-password", "not this one");
        try (var migrate = ServiceProcess.run(wrong, "migrate")) {
            assertEquals(1, migrate.exitCode(SOON), migrate::log);
            assertTrue(migrate.log().contains("password authentication failed"), migrate::log);
            assertFalse(migrate.log().contains("\tat ") || migrate.log().contains("\\tat "), migrate::log);
        }
    }
}
