package dev.meridian.testing;

import java.io.File;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.retries.api.RetryStrategy;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsAsyncClient;

/// The local DynamoDB of one Region, in memory, in a separate process that ends with this JVM. The clients of
/// this class use no proxy.
public final class DynamoLocal implements AutoCloseable {
    /// The connections of all DynamoDB clients in this JVM. Each test opens a client, and a client that owns
    /// its connections takes two seconds to close.
    public static final SdkAsyncHttpClient CONNECTIONS = NettyNioAsyncHttpClient.create();

    /// Repeats calls whose connection was closed before they were sent, and nothing else: after an error the SDK
    /// closes its connection, and sometimes gives it to the next call before that.
    public static final RetryStrategy ONLY_CLOSED_CONNECTIONS = DefaultRetryStrategy.standardStrategyBuilder()
            .useClientDefaults(false)
            .circuitBreakerEnabled(false)
            .retryOnExceptionOrCauseInstanceOf(IOException.class)
            .backoffStrategy(BackoffStrategy.retryImmediately())
            .build();

    private static final Path BASE = Path.of("target/local-stores").toAbsolutePath();
    private static final Duration START = Duration.ofSeconds(60);
    private static final Duration CALL = Duration.ofSeconds(30);
    private static final StaticCredentialsProvider ANY =
            StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local"));

    private final Process process;
    private final int port;
    private final DynamoDbAsyncClient client;
    private final DynamoDbStreamsAsyncClient streams;

    /// Starts it; [#await] waits until it answers.
    public DynamoLocal(String name) throws IOException {
        try (var free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        var log = Files.createTempFile(BASE, "dynamo-" + name + "-", ".log");
        process = new ProcessBuilder(List.of(
                        System.getProperty("java.home") + "/bin/java",
                        "@" + BASE.resolve("java.args"),
                        "dynamo",
                        BASE.toString(),
                        Long.toString(ProcessHandle.current().pid()),
                        Integer.toString(port),
                        System.getProperty("meridian.local.dynamodb", "auto")))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .redirectInput(new File("/dev/null"))
                .start();
        var endpoint = URI.create("http://127.0.0.1:" + port);
        client = DynamoDbAsyncClient.builder()
                .endpointOverride(endpoint)
                .region(Region.EU_WEST_1)
                .credentialsProvider(ANY)
                .overrideConfiguration(c -> c.apiCallTimeout(CALL))
                .httpClient(CONNECTIONS)
                .build();
        streams = DynamoDbStreamsAsyncClient.builder()
                .endpointOverride(endpoint)
                .region(Region.EU_WEST_1)
                .credentialsProvider(ANY)
                .overrideConfiguration(c -> c.apiCallTimeout(CALL))
                .httpClient(CONNECTIONS)
                .build();
    }

    /// Waits until it answers.
    public DynamoLocal await() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + START.toNanos();
        while (true) {
            try (var _ = new Socket("127.0.0.1", port)) {
                return this;
            } catch (IOException e) {
                if (!process.isAlive() || System.nanoTime() > deadline) throw e;
            }
            Thread.sleep(20);
        }
    }

    /// Its port on loopback.
    public int port() {
        return port;
    }

    /// A client of its tables.
    public DynamoDbAsyncClient client() {
        return client;
    }

    /// A client of its streams.
    public DynamoDbStreamsAsyncClient streams() {
        return streams;
    }

    @Override
    public void close() {
        client.close();
        streams.close();
        process.destroyForcibly();
    }
}
