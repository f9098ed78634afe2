package dev.meridian.startup;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.impl.VertxInternal;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A client of Vert.x asks for names, as the exporter of the spans does.
class NameResolutionTest {
    private static final int LOOPS = 3;
    private static final int LIMIT_SECONDS = 10;

    private final CountDownLatch end = new CountDownLatch(1);
    private final AtomicInteger asked = new AtomicInteger();
    private volatile boolean silent;
    private Vertx vertx;
    private int port;

    @BeforeEach
    void start() throws Exception {
        // As Quarkus sets it.
        System.setProperty("vertx.disableDnsResolver", "true");
        vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(LOOPS));
        var server = vertx.createHttpServer()
                .requestHandler(
                        request -> request.response().end(request.authority().host()));
        port = done(server.listen(0, "127.0.0.1")).actualPort();
        NameResolution.install(((VertxInternal) vertx).getEventLoopGroup(), new NameLookups(this::look));
    }

    @AfterEach
    void stop() throws Exception {
        end.countDown();
        done(vertx.close());
    }

    private InetAddress[] look(String host) throws UnknownHostException {
        asked.incrementAndGet();
        if (silent) {
            try {
                end.await();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
            throw new UnknownHostException(host);
        }
        return new InetAddress[] {InetAddress.ofLiteral("127.0.0.1")};
    }

    private static <T> T done(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(LIMIT_SECONDS, TimeUnit.SECONDS);
    }

    /// On a connection of its own.
    private Future<String> get(String host) {
        var client = vertx.createHttpClient(new HttpClientOptions().setKeepAlive(false));
        return client.request(HttpMethod.GET, port, host, "/")
                .compose(request -> request.send())
                .compose(response -> response.body())
                .map(Object::toString);
    }

    @Test
    void aNameServerThatIsSilentStopsNoEventLoop() throws Exception {
        silent = true;
        Future<String> first = get("collector.test");
        await().until(() -> asked.get() > 0);
        for (int i = 0; i < 2 * LOOPS; i++) get("collector.test");
        for (var loop : ((VertxInternal) vertx).getEventLoopGroup()) {
            assertTrue(loop.submit(() -> {}).await(LIMIT_SECONDS, TimeUnit.SECONDS), "a loop stands");
        }
        var failure = assertThrows(ExecutionException.class, () -> done(first));
        assertTrue(failure.getCause().getMessage().contains("no answer from a name server"), failure::toString);
        assertEquals(1, asked.get(), "one look-up at a time");
    }

    @Test
    void theAddressFoundLastServesWhileNoNameServerAnswers() throws Exception {
        assertEquals("collector.test", done(get("collector.test")));
        assertEquals("collector.test", done(get("collector.test")));
        assertEquals(2, asked.get(), "the JDK remembers names, not this class");
        silent = true;
        for (int i = 0; i < 3; i++) assertEquals("collector.test", done(get("collector.test")));
        assertEquals(3, asked.get(), "one look-up at a time");
    }
}
