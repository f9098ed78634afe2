package dev.meridian.sql;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.meridian.testing.PostgresServer;
import dev.meridian.testing.Race;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The schema's owner, the service's role and the auditors' role on a server that asks for passwords. Each
/// test has a database and roles of its own.
class MigrationTest {
    private static final String SUPERUSER = "postgres";
    private static final String PASSWORD = "a password, with \"quotes\" and a 'tick'";
    private static PostgresServer server;

    @BeforeAll
    static void start() throws Exception {
        server = serverWithPasswords();
    }

    /// A server that asks all users but the superuser for their password.
    static PostgresServer serverWithPasswords() throws IOException, SQLException, InterruptedException {
        var base = Files.createDirectories(Path.of("target/local-stores").toAbsolutePath());
        var server =
                PostgresServer.primary(Files.createTempDirectory(base, "users-").resolve("data"));
        server.admit("host all all 127.0.0.1/32 scram-sha-256");
        // Before it has read the rule, it tells a stranger that there is no such role.
        await().atMost(Duration.ofSeconds(30)).until(() -> {
            var refusal = assertThrows(
                    SQLException.class, () -> DriverManager.getConnection("jdbc:" + server.url(), "nobody", "none"));
            return refusal.getSQLState().equals("28P01");
        });
        return server;
    }

    @AfterAll
    static void stop() throws IOException {
        if (server != null) server.close();
    }

    /// A database whose owner may create roles.
    private static Map<String, String> database(String name) throws SQLException {
        return database(name, "CREATEROLE");
    }

    private static Map<String, String> database(String name, String owners) throws SQLException {
        server.execute(
                "CREATE ROLE %s_owner LOGIN %s PASSWORD '%s'".formatted(name, owners, PASSWORD.replace("'", "''")));
        server.execute("CREATE DATABASE %s OWNER %s_owner TEMPLATE template0".formatted(name, name));
        var config = new HashMap<String, String>();
        config.put("writer-url", "postgresql://127.0.0.1:" + server.port() + "/" + name);
        config.put("owner-username", name + "_owner");
        config.put("owner-password", PASSWORD);
        return config;
    }

    private static Map<String, String> with(Map<String, String> config, String... more) {
        var all = new HashMap<>(config);
        for (int i = 0; i < more.length; i += 2) all.put(more[i], more[i + 1]);
        return all;
    }

    private static int migrate(Map<String, String> config) {
        var settings = new SqlSettings(config.get("writer-url"));
        config.forEach(settings::with);
        var mapped = settings.config();
        var flyway = Flyway.configure().locations("filesystem:src/main/resources/db/migration");
        new MigrationDataSource(mapped).customize(flyway);
        new Grants(mapped).customize(flyway);
        return flyway.load().migrate().migrationsExecuted;
    }

    private static String refusal(Map<String, String> config) {
        return assertThrows(FlywayException.class, () -> migrate(config)).getMessage();
    }

    private static Connection connect(Map<String, String> config, String user) throws SQLException {
        return DriverManager.getConnection("jdbc:" + config.get("writer-url"), user, PASSWORD);
    }

    private static void execute(Map<String, String> config, String user, String... statements) throws SQLException {
        try (var connection = connect(config, user);
                var statement = connection.createStatement()) {
            for (var sql : statements) statement.execute(sql);
        }
    }

    private static void assertRefused(Map<String, String> config, String user, String... statements) {
        for (var sql : statements) {
            var refusal = assertThrows(SQLException.class, () -> execute(config, user, sql), sql);
            assertEquals("42501", refusal.getSQLState(), sql);
        }
    }

    /// The first column.
    private static List<String> ask(Map<String, String> config, String query) throws SQLException {
        try (var connection = connect(config, SUPERUSER);
                var statement = connection.createStatement();
                var rows = statement.executeQuery(query)) {
            var values = new ArrayList<String>();
            while (rows.next()) values.add(rows.getString(1));
            return values;
        }
    }

    private static List<String> privileges(Map<String, String> config, String role) throws SQLException {
        return ask(config, """
                SELECT privilege_type || ' on ' || table_name FROM information_schema.role_table_grants
                WHERE grantee = '%s' ORDER BY 1""".formatted(role));
    }

    /// How many privileges the service's role has.
    private static int needed() {
        return SqlTable.NEEDED.split("', '").length - 1;
    }

    private static int migrations() throws IOException {
        try (var files = Files.list(Path.of("src/main/resources/db/migration"))) {
            return (int) files.count();
        }
    }

    @Test
    void theServiceMayDoWhatItDoesAndNoMore() throws Exception {
        var config = with(database("least"), "username", "least_app", "password", PASSWORD, "app-role", "least_app");
        assertEquals(migrations(), migrate(config));
        execute(
                config,
                "least_app",
                "INSERT INTO products (id, name, price_minor) VALUES ('p-1', 'Lamp', 1950)",
                "UPDATE products SET price_minor = 2050 WHERE id = 'p-1'",
                "SELECT id FROM products WHERE name %> 'lamp' FOR UPDATE",
                "INSERT INTO stock_changes VALUES ('p-1', 'key', 3)",
                "DELETE FROM stock_changes WHERE changed_at < now()");
        assertRefused(
                config,
                "least_app",
                "DELETE FROM products",
                "TRUNCATE orders",
                "UPDATE order_lines SET quantity = 1",
                "UPDATE stock_changes SET added = 4",
                "DROP TABLE tags",
                "CREATE TABLE mine (id int)",
                "SELECT * FROM flyway_schema_history",
                "CREATE ROLE mine");
    }

    @Test
    void auditorsMayOnlyRead() throws Exception {
        var config = with(database("audit"), "audit-role", "audit_reader");
        migrate(config);
        assertEquals(
                Stream.of(SqlTable.values())
                        .map(table -> "SELECT on " + table.name().toLowerCase())
                        .sorted()
                        .toList(),
                privileges(config, "audit_reader"));
    }

    @Test
    void everyTableHasItsPrivileges() throws Exception {
        var config = database("tables");
        migrate(config);
        assertEquals(
                Stream.concat(
                                Stream.of(SqlTable.values())
                                        .map(table -> table.name().toLowerCase()),
                                Stream.of("flyway_schema_history"))
                        .collect(Collectors.toSet()),
                Set.copyOf(ask(config, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'")));
    }

    @Test
    void tablesOfTomorrowHaveTheirPrivilegesAtOnce() throws Exception {
        var config = with(database("later"), "app-role", "later_app", "audit-role", "later_reader");
        migrate(config);
        execute(config, "later_owner", "CREATE TABLE later (id serial PRIMARY KEY)");
        execute(config, SUPERUSER, "SET ROLE later_app", "INSERT INTO later DEFAULT VALUES", "UPDATE later SET id = 2");
        execute(config, SUPERUSER, "SET ROLE later_reader", "SELECT * FROM later");
        assertEquals(
                List.of("SELECT on later"),
                privileges(config, "later_reader").stream()
                        .filter(p -> p.endsWith("on later"))
                        .toList());
    }

    @Test
    void migrationsAtOnceAndAgainEndAlike() throws Exception {
        var config = with(database("again"), "app-role", "again_app", "audit-role", "again_reader");
        var applied = Race.run(2, 2, _ -> () -> migrate(config));
        assertEquals(migrations(), applied.stream().mapToInt(n -> n).sum(), applied::toString);
        var before = privileges(config, "again_app");
        assertEquals(needed(), before.size(), before::toString);
        assertEquals(0, migrate(config));
        assertEquals(before, privileges(config, "again_app"));
    }

    @Test
    void databasesOfOneServerShareARole() throws Exception {
        var configs = List.of(
                with(database("shared_a"), "app-role", "shared_app"),
                with(database("shared_b"), "app-role", "shared_app"));
        Race.run(2, 2, i -> () -> migrate(configs.get(i)));
        for (var config : configs)
            assertEquals(needed(), privileges(config, "shared_app").size());
    }

    @Test
    void aRevokedPrivilegeComesBack() throws Exception {
        var config = with(database("revoked"), "app-role", "revoked_app");
        migrate(config);
        var before = privileges(config, "revoked_app");
        execute(config, SUPERUSER, "REVOKE ALL ON orders, products FROM revoked_app");
        migrate(config);
        assertEquals(before, privileges(config, "revoked_app"));
    }

    @Test
    void anOwnerWhoMayNotCreateRolesUsesWhatIsThere() throws Exception {
        var config = with(database("poor", ""), "app-role", "poor_app");
        var refusal = refusal(config);
        assertTrue(refusal.contains("The role poor_app does not exist"), refusal);
        server.execute("CREATE ROLE poor_app LOGIN");
        migrate(config);
        assertEquals(needed(), privileges(config, "poor_app").size());
    }

    @Test
    void theOwnerMayBeTheServiceToo() throws Exception {
        var config = with(database("alone"), "app-role", "alone_owner");
        migrate(config);
        migrate(config);
        execute(config, "alone_owner", "DELETE FROM orders");
    }

    @Test
    void withoutAnOwnerTheServicesUserMigratesAndNobodyGetsPrivileges() throws Exception {
        var config = database("plain");
        config.put("username", config.remove("owner-username"));
        config.put("password", config.remove("owner-password"));
        migrate(config);
        assertEquals(
                Set.of("plain_owner"),
                Set.copyOf(ask(
                        config,
                        "SELECT grantee FROM information_schema.role_table_grants WHERE table_schema = 'public'")));
    }

    @Test
    void tablesOfSomebodyElseAreRefusedWithTheirName() throws Exception {
        var config = with(database("strange"), "app-role", "strange_app");
        migrate(with(config, "app-role", "strange_owner"));
        execute(config, SUPERUSER, "CREATE ROLE stranger", "ALTER TABLE orders OWNER TO stranger");
        var refusal = refusal(config);
        assertTrue(refusal.contains("orders"), refusal);
        assertTrue(refusal.contains("Run migrate as the owner of the tables"), refusal);
    }

    @Test
    void aWrongPasswordOfTheOwnerIsNamed() throws Exception {
        var refusal = refusal(with(database("wrong"), "owner-password", "not this one"));
        assertTrue(refusal.contains("password authentication failed"), refusal);
    }

    @Test
    void theWriterAmongTheCandidatesIsMigrated() throws Exception {
        var writer = database("found");
        var url = writer.get("writer-url");
        var data = Path.of("target/local-stores/standby-" + System.nanoTime()).toAbsolutePath();
        try (var standby = PostgresServer.standby(data, server)) {
            var replica = url.replace(":" + server.port() + "/", ":" + standby.port() + "/");
            var alone = refusal(with(writer, "writer-url", replica));
            assertTrue(alone.contains(standby.port() + "/found is read-only: migrate needs the writer."), alone);

            var gone = "postgresql://127.0.0.1:1/found";
            var none = refusal(with(writer, "writer-url", replica, "writer-candidates", gone));
            assertTrue(none.contains("No candidate is the writer. ") && none.contains("127.0.0.1:1 refused"), none);

            assertEquals(
                    migrations(), migrate(with(writer, "writer-url", gone, "writer-candidates", replica + "," + url)));
        }
    }

    @Test
    void rolesThatUseTokensAreAdmittedByAurora() throws Exception {
        var config = with(database("tokens"), "app-role", "tokens_app");
        migrate(config);
        server.execute("CREATE ROLE rds_iam");
        server.execute("GRANT rds_iam TO tokens_owner WITH ADMIN OPTION");
        // The command itself needs a password here: this server takes no tokens.
        var mapped = new SqlSettings(config.get("writer-url"))
                .with("iam", "true")
                .with("app-role", "tokens_app")
                .config();
        var flyway = Flyway.configure()
                .locations("filesystem:src/main/resources/db/migration")
                .dataSource("jdbc:" + config.get("writer-url"), "tokens_owner", PASSWORD);
        new Grants(mapped).customize(flyway);
        for (int i = 0; i < 2; i++) flyway.load().migrate();
        assertEquals(List.of("t"), ask(config, "SELECT pg_has_role('tokens_app', 'rds_iam', 'MEMBER')"));
    }

    @Test
    void namesAreQuoted() throws Exception {
        var config = with(database("odd"), "app-role", "Odd-app.1@x");
        migrate(config);
        assertEquals(needed(), privileges(config, "Odd-app.1@x").size());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x\"; DROP TABLE orders; --",
                "a234567890123456789012345678901234567890123456789012345678901234",
                "1a",
                "a b",
                "public"
            })
    void otherNamesAreRefused(String name) throws Exception {
        var database = "named_" + Integer.toHexString(name.hashCode());
        var refusal = refusal(with(database(database), "app-role", name));
        assertTrue(refusal.contains("meridian.sql.app-role must be") || refusal.contains("reserved"), refusal);
    }
}
