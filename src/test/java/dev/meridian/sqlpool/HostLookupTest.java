package dev.meridian.sqlpool;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.meridian.testing.PostgresServer;
import dev.meridian.testing.TestCertificates;
import io.vertx.core.Vertx;
import io.vertx.core.impl.VertxInternal;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.pgclient.SslMode;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class HostLookupTest {
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final byte[] HERE = {127, 0, 0, 1};

    private static TestCertificates certificates;
    private static PostgresServer server;

    @BeforeAll
    static void startServer() throws Exception {
        var folder = Path.of("target/local-stores/names-" + System.nanoTime()).toAbsolutePath();
        certificates = TestCertificates.create(folder.resolve("tls"), "writer.here.test");
        server = PostgresServer.primary(folder.resolve("data"), certificates);
        Pools.prepare(server);
    }

    @AfterAll
    static void stopServer() throws Exception {
        TestNames.answer();
        server.close();
    }

    @Test
    void aNameServerThatIsSilentStopsNoEventLoopAndNoOtherCandidate() throws Exception {
        try (var pools = new Pools("postgresql://writer.silent.test:5432/postgres", server.url())) {
            pools.write(1).await().atMost(LIMIT);
            await().atMost(LIMIT).until(() -> TestNames.asking() > 0);
            for (int i = 2; i < 52; i++) pools.write(i).await().atMost(LIMIT);
            for (var each : ((VertxInternal) pools.vertx).getEventLoopGroup()) {
                assertTrue(each.submit(() -> {}).await(LIMIT.toSeconds(), TimeUnit.SECONDS), "a loop stands");
            }
            assertEquals(1, TestNames.asking(), "asked once at a time");
            assertEquals(1, TestNames.asked());
        }
    }

    @Test
    void tlsChecksTheNameAndNotTheAddress() {
        try (var pools = verifying("writer.here.test")) {
            pools.write(100).await().atMost(LIMIT);
        }
        try (var pools = verifying("another.here.test")) {
            var failure = assertThrows(
                    SqlPoolException.class, () -> pools.write(101).await().atMost(LIMIT));
            assertEquals(SqlPoolException.Reason.NO_SERVER, failure.reason());
            assertEquals("SSL handshake failed", failure.getCause().getMessage());
        }
    }

    @Test
    void theLastAddressServesWhileNoNameServerAnswers() throws Exception {
        var asked = new AtomicInteger();
        var silent = new AtomicBoolean();
        var end = new CountDownLatch(1);
        var host = new HostLookup("db.test", name -> {
            asked.incrementAndGet();
            if (silent.get()) pause(end);
            return InetAddress.getByAddress(HERE);
        });
        var vertx = Vertx.vertx();
        try {
            var loop = EventLoop.create(vertx);
            var first = found(host, loop);
            assertEquals("db.test", first.getHostName(), "for the certificate");
            silent.set(true);
            for (int i = 0; i < 5; i++) assertEquals(first, found(host, loop));
            assertEquals(2, asked.get(), "one look-up at a time");
        } finally {
            end.countDown();
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }

    @Test
    void aHostThatWasNeverFoundFailsInTime() throws Exception {
        var end = new CountDownLatch(1);
        var host = new HostLookup("db.test", _ -> {
            pause(end);
            throw new UnknownHostException("no such name");
        });
        var vertx = Vertx.vertx();
        try {
            var loop = EventLoop.create(vertx);
            for (int i = 0; i < 2; i++) {
                var failure = assertThrows(ExecutionException.class, () -> found(host, loop));
                assertTrue(failure.getCause().getMessage().contains("no answer from a name server"));
            }
        } finally {
            end.countDown();
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }

    @Test
    void manyConnectionsNeedOneThread() throws Exception {
        var threads = ConcurrentHashMap.<Thread>newKeySet();
        var host = new HostLookup("db.test", _ -> {
            threads.add(Thread.currentThread());
            return InetAddress.getByAddress(HERE);
        });
        var vertx = Vertx.vertx();
        try {
            var loop = EventLoop.create(vertx);
            for (int i = 0; i < 50; i++) found(host, loop);
            assertEquals(1, threads.size());
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }

    private static InetAddress found(HostLookup host, EventLoop loop) throws Exception {
        return host.address(loop).toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private static void pause(CountDownLatch end) {
        try {
            end.await();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private static Pools verifying(String host) {
        return new Pools(
                Pools.limits(),
                Duration.ZERO,
                options -> options.setSslMode(SslMode.VERIFY_FULL)
                        .setHostnameVerificationAlgorithm("HTTPS")
                        .setPemTrustOptions(new PemTrustOptions()
                                .addCertPath(certificates.ca().toString())),
                server.url().replace("127.0.0.1", host));
    }
}
