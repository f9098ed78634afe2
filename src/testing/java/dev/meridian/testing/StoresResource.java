package dev.meridian.testing;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

/// A real PostgreSQL and a real DynamoDB Local for a test run, in a process of their own on free ports; they end
/// with this JVM. The same program serves dev mode: src/dev/java/LocalStores.java.
public class StoresResource implements QuarkusTestResourceLifecycleManager {
    private static final Path BASE = Path.of("target/local-stores").toAbsolutePath();

    private Process process;

    @Override
    public Map<String, String> start() {
        try {
            var dir = Files.createTempDirectory(BASE, "test-");
            var ready = dir.resolve("stores.properties");
            process = new ProcessBuilder(List.of(
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
            while (!Files.exists(ready)) {
                if (!process.isAlive() || System.nanoTime() > deadline) {
                    throw new IllegalStateException("The stores did not start, see " + dir.resolve("log"));
                }
                Thread.sleep(20);
            }
            var properties = new Properties();
            try (var in = Files.newBufferedReader(ready)) {
                properties.load(in);
            }
            var config = new HashMap<String, String>();
            properties.stringPropertyNames().forEach(name -> config.put(name, properties.getProperty(name)));
            config.put("meridian.mode", "test");
            // Any free port; quarkus.management.test-port does not reach the packaged artifact.
            config.put("quarkus.management.port", "0");
            // For tests that look into the stores themselves, in this JVM.
            config.forEach((name, value) -> System.setProperty("stores." + name, value));
            return config;
        } catch (IOException e) {
            throw new IllegalStateException("The stores could not be started", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /// A client of the DynamoDB that was started last in this JVM.
    public static DynamoDbAsyncClient dynamo() {
        return DynamoDbAsyncClient.builder()
                .endpointOverride(URI.create(System.getProperty("stores.quarkus.dynamodb.endpoint-override")))
                .region(Region.EU_WEST_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")))
                .build();
    }

    @Override
    public void stop() {
        if (process == null) return;
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) process.destroyForcibly();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
