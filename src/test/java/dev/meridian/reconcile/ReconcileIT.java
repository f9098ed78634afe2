package dev.meridian.reconcile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.meridian.testing.PostgresServer;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The command of the packaged artifact as an operator runs it, without the service's configuration.
class ReconcileIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SECRET = "a-secret-that-must-not-appear";
    private static final int MANY = 1_000_000;
    private static final String ORDERS = """
            INSERT INTO orders (id, customer_id, idempotency_key, payload_hash, status, region, created_at, confirmed_at,
                                subtotal_minor)
            SELECT upper(substr(md5(n::text), 1, 26)), 'c-' || n %% 1000, 'k' || n, md5(n::text), 'CONFIRMED', 'eu-west-1',
                   timestamptz '2026-01-01' + n * interval '1 second', timestamptz '2026-01-01' + n * interval '1 second',
                   1950
            FROM generate_series(1, %d) AS n ORDER BY 1""";
    private static final String LINES = """
            INSERT INTO order_lines (order_id, line, product_id, taken_from, quantity, unit_minor)
            SELECT id, 1, 'p-1', 'p-1', 1, 1950 FROM orders ORDER BY id""";

    private static PostgresServer server;

    private record Run(int code, String out, String err) {
        Set<String> differences() throws IOException {
            return StreamSupport.stream(JSON.readTree(out).spliterator(), false)
                    .map(Run::text)
                    .collect(Collectors.toSet());
        }

        private static String text(JsonNode node) {
            var columns = new ArrayList<String>();
            node.path("columns").forEach(column -> columns.add(column.asText()));
            return "%s %s %s %s"
                    .formatted(
                            node.path("table").asText(),
                            node.path("key").asText(),
                            node.path("difference").asText(),
                            columns);
        }
    }

    @BeforeAll
    static void start() throws Exception {
        var base = Files.createDirectories(Path.of("target/local-stores").toAbsolutePath());
        server = PostgresServer.primary(
                Files.createTempDirectory(base, "reconcile-").resolve("data"));
        server.execute(Files.readString(
                Path.of("src/main/resources/db/migration").toAbsolutePath().resolve(migration())));
        server.execute("INSERT INTO products (id, name, price_minor, stock) VALUES ('p-1', 'Lamp', 1950, 5)");
        server.execute("CREATE DATABASE empty_store TEMPLATE template0");
    }

    private static String migration() {
        return new File("src/main/resources/db/migration").list((_, name) -> name.startsWith("V001"))[0];
    }

    @AfterAll
    static void stop() throws IOException {
        if (server != null) server.close();
    }

    private static String url(String database) {
        return "postgresql://postgres:" + SECRET + "@127.0.0.1:" + server.port() + "/" + database;
    }

    private static void in(String database, String... statements) throws SQLException {
        try (var connection = DriverManager.getConnection(
                        "jdbc:postgresql://127.0.0.1:" + server.port() + "/" + database, "postgres", "any");
                var statement = connection.createStatement()) {
            for (var sql : statements) statement.execute(sql);
        }
    }

    /// Two databases with the same content.
    private static void aPair(String name, int orders) throws SQLException {
        server.execute("CREATE DATABASE " + name + "_old TEMPLATE postgres");
        var indexes = indexes();
        var statements = new ArrayList<String>();
        // A million rows go in without triggers and with indexes that are made at the end, in a fifth of the time.
        statements.add("SET session_replication_role = replica");
        indexes.keySet().forEach(index -> statements.add("DROP INDEX " + index));
        statements.addAll(List.of(ORDERS.formatted(orders), LINES));
        statements.addAll(indexes.values());
        statements.add("VACUUM ANALYZE");
        in(name + "_old", statements.toArray(String[]::new));
        server.execute("CREATE DATABASE " + name + "_new TEMPLATE " + name + "_old STRATEGY FILE_COPY");
    }

    /// Name -> definition, of all but primary keys.
    private static Map<String, String> indexes() throws SQLException {
        var found = new HashMap<String, String>();
        try (var connection = server.connect();
                var statement = connection.createStatement();
                var rows = statement.executeQuery("""
                    SELECT indexname, indexdef FROM pg_indexes
                    WHERE tablename IN ('orders', 'order_lines') AND indexdef NOT LIKE 'CREATE UNIQUE%'""")) {
            while (rows.next()) found.put(rows.getString(1), rows.getString(2));
        }
        assertFalse(found.isEmpty());
        return found;
    }

    private static Run run(Map<String, String> environment, String... arguments)
            throws IOException, InterruptedException {
        var command = new ArrayList<String>();
        var binary = new File(System.getProperty("native.image.path", "no-such-file"));
        if (binary.canExecute()) {
            command.add(binary.getPath());
            command.add("-Xmx64m");
        } else {
            command.addAll(List.of(
                    System.getProperty("java.home") + "/bin/java",
                    "-Xmx64m",
                    "-Xlog:gc:file=target/reconcile-gc.log",
                    "-jar",
                    "target/quarkus-app/quarkus-run.jar"));
        }
        command.add("reconcile");
        command.addAll(List.of(arguments));
        var out = Files.createTempFile("reconcile", ".out");
        var err = Files.createTempFile("reconcile", ".err");
        var builder = new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.environment().keySet().removeIf(key -> key.startsWith("PG") || key.startsWith("MERIDIAN_"));
        builder.environment().putAll(environment);
        var process = builder.start();
        assertTrue(process.waitFor(180, TimeUnit.SECONDS), "it does not end");
        var run = new Run(process.exitValue(), Files.readString(out), Files.readString(err));
        assertFalse((run.out + run.err).contains(SECRET), "a password was printed");
        return run;
    }

    @Test
    void everyDifferenceIsFoundAndNothingElse() throws Exception {
        aPair("few", 5);
        var same = run(Map.of(), "--old", url("few_old"), "--new", url("few_new"));
        assertEquals(0, same.code, same.err);
        assertEquals("[]", same.out.strip());
        var id = new ArrayList<String>();
        try (var connection = DriverManager.getConnection(
                        "jdbc:postgresql://127.0.0.1:" + server.port() + "/few_old", "postgres", "any");
                var rows = connection.createStatement().executeQuery("SELECT id FROM orders ORDER BY created_at")) {
            while (rows.next()) id.add(rows.getString(1));
        }
        in(
                "few_new",
                "DELETE FROM orders WHERE id = '" + id.get(1) + "'",
                "UPDATE orders SET status = 'CANCELLED', reason = 'x', shipping = '{\"a\":1}' WHERE id = '" + id.get(2)
                        + "'",
                "UPDATE order_lines SET quantity = 7 WHERE order_id = '" + id.get(3) + "'",
                "UPDATE products SET stock = NULL WHERE id = 'p-1'",
                "INSERT INTO products (id, name, price_minor) VALUES ('-new', 'Rope', 1), ('Z', 'Net', 1)");
        var expected = Set.of(
                "orders " + id.get(1) + " missing-in-new []",
                "order_lines " + id.get(1) + "/1 missing-in-new []",
                "orders " + id.get(2) + " different [status, reason, shipping]",
                "order_lines " + id.get(3) + "/1 different [quantity]",
                "products p-1 different [stock]",
                "products -new only-in-new []",
                "products Z only-in-new []");
        var password = Map.of("PGUSER_OLD", "postgres", "PGPASSWORD_OLD", SECRET, "PGUSER", "postgres");
        var bare = "postgresql://127.0.0.1:" + server.port() + "/";
        var found = run(password, "--old", bare + "few_old", "--new", bare + "few_new", "--format", "json");
        assertEquals(1, found.code, found.err);
        assertEquals(expected, found.differences());
        assertTrue(found.err.contains("orders: old=5 new=4 differences=2 done"), found.err);

        var late = run(Map.of(), "--old", url("few_old"), "--new", url("few_new"), "--since", "2026-01-01T00:00:04Z");
        assertEquals(
                expected.stream()
                        .filter(text -> !text.contains(id.get(1)) && !text.contains(id.get(2)))
                        .collect(Collectors.toSet()),
                late.differences());

        var csv = run(Map.of(), "--old", url("few_old"), "--new", url("few_new"), "--format", "csv");
        assertEquals(1, csv.code);
        var lines = csv.out.split("\r\n");
        assertEquals(8, lines.length, csv.out);
        assertEquals("table,key,difference,columns", lines[0]);
        assertTrue(csv.out.contains("products,'-new,only-in-new,"), csv.out);
        assertTrue(csv.out.contains("orders," + id.get(2) + ",different,status reason shipping"), csv.out);
    }

    @Test
    void whatCannotBeAskedOrReadHasExitCodesOfItsOwn() throws Exception {
        assertEquals(2, run(Map.of(), "--old", url("postgres")).code);
        assertEquals(2, run(Map.of(), "--old", "mysql://" + SECRET + "@h/d", "--new", url("postgres")).code);
        assertEquals(2, run(Map.of(), "--old", url("postgres"), "--new", url("postgres"), "--since", "yesterday").code);
        assertEquals(2, run(Map.of(), "--old", url("postgres"), "--new", url("postgres"), "--format", "xml").code);
        assertEquals(3, run(Map.of(), "--old", url("postgres"), "--new", url("no_such_database")).code);
        var empty = run(Map.of(), "--old", url("postgres"), "--new", url("empty_store"));
        assertEquals(3, empty.code, empty.err);
        assertTrue(empty.err.contains("Not finished. Cannot read new (127.0.0.1:"), empty.err);
    }

    @Test
    @Tag("process")
    void aMillionOrdersNeedLittleMemory() throws Exception {
        aPair("many", MANY);
        in("many_new", "DELETE FROM orders WHERE idempotency_key IN ('k1', 'k500000', 'k1000000')");
        in("many_new", "UPDATE orders SET region = 'eu-north-1' WHERE idempotency_key = 'k777777'");
        var usage = new HashMap<String, String>();
        long start = System.nanoTime();
        var run = run(usage, "--old", url("many_old"), "--new", url("many_new"));
        var peak = Files.exists(Path.of("target/reconcile-gc.log"))
                ? Files.readAllLines(Path.of("target/reconcile-gc.log")).stream()
                        .map(line -> line.replaceAll(".*?(\\d+)M->.*", "$1"))
                        .filter(number -> number.matches("\\d+"))
                        .mapToInt(Integer::parseInt)
                        .max()
                        .orElse(0)
                : 0;
        System.out.printf(
                "reconcile: orders=%d lines=%d ms=%d peakHeapMB=%d%n",
                MANY, MANY, (System.nanoTime() - start) / 1_000_000, peak);
        assertEquals(1, run.code, run.err);
        assertEquals(7, run.differences().size(), run.out);
        assertTrue(run.err.contains("orders: old=1000000 new=999997 differences=4 done"), run.err);
    }
}
