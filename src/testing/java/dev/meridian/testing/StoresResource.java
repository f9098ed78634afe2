package dev.meridian.testing;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

/// A real PostgreSQL and a local DynamoDB for a test run, in a separate process on free ports. They serve one
/// test after the other and end with this JVM. Dev mode uses the same program: src/dev/java/LocalStores.java.
public class StoresResource implements QuarkusTestResourceLifecycleManager {
    private static final Path BASE = Path.of("target/local-stores").toAbsolutePath();
    private static final String READY = "stores.properties";

    /// Folders of running stores that are not in use. A system property, since Quarkus loads this class again
    /// for each application under test.
    private static final String FREE = "stores.free";

    private Path dir;

    @Override
    public Map<String, String> start() {
        try {
            dir = takeFree();
            var stores = dir == null ? launch() : emptied(dir);
            var config = new HashMap<String, String>();
            stores.stringPropertyNames().forEach(name -> config.put(name, stores.getProperty(name)));
            config.put("meridian.mode", "test");
            config.put("meridian.dynamo.client", System.getProperty("meridian.dynamo.client", "own"));
            // Any free port; quarkus.management.test-port does not reach the packaged artifact.
            config.put("quarkus.management.port", "0");
            // For tests in this JVM that read the stores directly.
            config.forEach((name, value) -> System.setProperty("stores." + name, value));
            return config;
        } catch (IOException | SQLException e) {
            throw new IllegalStateException("The stores could not be started", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private Properties launch() throws IOException, InterruptedException {
        dir = Files.createTempDirectory(BASE, "test-");
        var process = new ProcessBuilder(List.of(
                        System.getProperty("java.home") + "/bin/java",
                        "@" + BASE.resolve("java.args"),
                        "run",
                        dir.toString(),
                        Long.toString(ProcessHandle.current().pid()),
                        "0",
                        "0"))
                .redirectErrorStream(true)
                .redirectOutput(dir.resolve("log").toFile())
                .redirectInput(new File("/dev/null"))
                .start();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(90);
        while (!Files.exists(dir.resolve(READY))) {
            if (!process.isAlive() || System.nanoTime() > deadline) {
                throw new IllegalStateException("The stores did not start, see " + dir.resolve("log"));
            }
            Thread.sleep(20);
        }
        return properties(dir);
    }

    private static Properties properties(Path dir) throws IOException {
        var properties = new Properties();
        try (var in = Files.newBufferedReader(dir.resolve(READY))) {
            properties.load(in);
        }
        return properties;
    }

    private static Path takeFree() {
        synchronized (System.getProperties()) {
            var free = new ArrayList<>(free());
            if (free.isEmpty()) return null;
            var taken = free.removeLast();
            System.setProperty(FREE, String.join(File.pathSeparator, free));
            return Path.of(taken);
        }
    }

    private static List<String> free() {
        var text = System.getProperty(FREE, "");
        return text.isEmpty() ? List.of() : List.of(text.split(File.pathSeparator));
    }

    /// Resets them to the state after a start: no tables, and a database without connections.
    private static Properties emptied(Path dir) throws IOException, SQLException {
        var stores = properties(dir);
        var sql = URI.create(stores.getProperty("meridian.sql.writer-url"));
        var admin = "jdbc:" + sql.resolve("/template1");
        var login = new Properties();
        login.setProperty("user", "postgres");
        login.setProperty("password", "postgres");
        try (var connection = new org.postgresql.Driver().connect(admin, login);
                var statement = connection.createStatement()) {
            statement.execute("DROP DATABASE postgres WITH (FORCE)");
            statement.execute("CREATE DATABASE postgres TEMPLATE template0");
        }
        try (var dynamo = dynamo(stores.getProperty("quarkus.dynamodb.endpoint-override"))) {
            for (var tables = dynamo.listTables().join().tableNames();
                    !tables.isEmpty();
                    tables = dynamo.listTables().join().tableNames()) {
                tables.forEach(
                        name -> dynamo.deleteTable(r -> r.tableName(name)).join());
            }
        }
        return stores;
    }

    /// A client of the last DynamoDB that was started in this JVM.
    public static DynamoDbAsyncClient dynamo() {
        return dynamo(System.getProperty("stores.quarkus.dynamodb.endpoint-override"));
    }

    private static DynamoDbAsyncClient dynamo(String endpoint) {
        return DynamoDbAsyncClient.builder()
                .endpointOverride(URI.create(endpoint))
                .region(Region.EU_WEST_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")))
                .httpClient(DynamoLocal.CONNECTIONS)
                .build();
    }

    /// Leaves them running for the next test of this JVM; they end with the JVM.
    @Override
    public void stop() {
        if (dir == null) return;
        synchronized (System.getProperties()) {
            var free = new ArrayList<>(free());
            free.add(dir.toString());
            System.setProperty(FREE, String.join(File.pathSeparator, free));
        }
        dir = null;
    }
}
