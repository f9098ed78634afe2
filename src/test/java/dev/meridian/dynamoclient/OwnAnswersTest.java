package dev.meridian.dynamoclient;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.meridian.testing.RawHttpServer;
import io.opentelemetry.api.OpenTelemetry;
import io.vertx.core.AbstractVerticle;
import io.vertx.core.Context;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;

/// Calls on eight event loops that are cancelled at any time, before a server that cuts, delays and cuts up its
/// answers: no call gets the answer to another. A longer run: `-Dcalls=1000000`, some minutes.
class OwnAnswersTest {
    private static final int CALLS = Integer.getInteger("calls", 50_000);
    private static final long SEED = Long.getLong("calls.seed", System.nanoTime());
    private static final int LOOPS = 8;
    private static final int CONNECTIONS = 64;
    /// Calls under way on each event loop, more than it has connections.
    private static final int CONCURRENT = 12;

    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(LOOPS));
    private final Map<String, AtomicLong> outcomes = new ConcurrentSkipListMap<>();
    private final Queue<String> mixedUp = new ConcurrentLinkedQueue<>();
    private final Set<String> loops = ConcurrentHashMap.newKeySet();
    private final CountDownLatch ended = new CountDownLatch(LOOPS * CONCURRENT);

    @AfterEach
    void stop() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    /// One call after another on an event loop, which alone touches it.
    private final class Caller {
        final Context context;
        final DynamoClient client;
        final Random random;
        final String name;
        int left = CALLS / LOOPS / CONCURRENT;

        Caller(Context context, DynamoClient client, String name) {
            this.context = context;
            this.client = client;
            this.name = name;
            this.random = new Random(SEED ^ name.hashCode());
        }

        void next() {
            if (left-- == 0) {
                ended.countDown();
                return;
            }
            var key = name + "-" + left;
            var call = client.getItem(get -> get.tableName("t").key(Map.of("id", AttributeValue.fromS(key))));
            call.whenComplete((answer, failure) -> {
                count(key, answer, failure);
                context.runOnContext(_ -> next());
            });
            switch (random.nextInt(10)) {
                case 0 -> call.cancel(false);
                case 1 -> context.runOnContext(_ -> call.cancel(false));
                case 2 -> vertx.setTimer(1 + random.nextInt(4), _ -> call.cancel(false));
                case 3 -> Thread.ofVirtual().start(() -> call.cancel(false));
                default -> {
                    // It may end.
                }
            }
        }
    }

    /// Those of one event loop.
    private final class Callers extends AbstractVerticle {
        final DynamoClient client;

        Callers(DynamoClient client) {
            this.client = client;
        }

        @Override
        public void start() {
            loops.add(Thread.currentThread().getName());
            for (var i = 0; i < CONCURRENT; i++)
                new Caller(context, client, Thread.currentThread().getName() + "-" + i).next();
        }
    }

    private void count(String key, GetItemResponse answer, Throwable failure) {
        if (answer != null && !answer.item().get("id").s().equals(key)) mixedUp.add(key + " got " + answer.item());
        var outcome = switch (failure) {
            case null -> "answered";
            case CancellationException _ -> "cancelled";
            case NotSentException _ -> "not sent";
            default -> "failed";
        };
        outcomes.computeIfAbsent(outcome, _ -> new AtomicLong()).incrementAndGet();
    }

    private static void answer(RawHttpServer.Request request, Socket connection)
            throws IOException, InterruptedException {
        var key = request.text().replaceFirst(".*\"S\":\"([^\"]*)\".*", "$1");
        var item = "{\"Item\":{\"id\":{\"S\":\"" + key + "\"}}}";
        var answer = RawHttpServer.json(item);
        var out = connection.getOutputStream();
        var random = ThreadLocalRandom.current();
        var middle = random.nextInt(answer.length);
        switch (random.nextInt(24)) {
            case 0 -> {
                out.write(answer, 0, middle);
                throw new IOException("cut");
            }
            case 1, 2 -> {
                out.write(answer, 0, middle);
                Thread.sleep(random.nextInt(4));
                out.write(answer, middle, answer.length - middle);
            }
            case 3 -> {
                Thread.sleep(random.nextInt(8));
                out.write(answer);
            }
            case 4 -> {
                out.write(("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n"
                                .formatted(item.length(), item))
                        .getBytes(StandardCharsets.ISO_8859_1));
            }
            case 5 -> {
                out.write(answer);
                throw new IOException("closed without a word");
            }
            // To nobody: behind its own answer.
            case 6 ->
                out.write((new String(answer, StandardCharsets.ISO_8859_1).repeat(2))
                        .getBytes(StandardCharsets.ISO_8859_1));
            default -> out.write(answer);
        }
    }

    @Test
    void noCallGetsTheAnswerToAnother() throws Exception {
        var start = System.nanoTime();
        try (var server = new RawHttpServer(OwnAnswersTest::answer);
                var client = client(server.port())) {
            vertx.deployVerticle(() -> new Callers(client), new DeploymentOptions().setInstances(LOOPS));
            assertTrue(ended.await(1, TimeUnit.HOURS));
            System.out.printf(
                    "dynamo client: seed=%d calls=%s mixed up=%d connections=%d seconds=%d%n",
                    SEED, outcomes, mixedUp.size(), server.accepted(), (System.nanoTime() - start) / 1_000_000_000);
            assertEquals(LOOPS, loops.size());
            assertEquals(0, mixedUp.size(), mixedUp::toString);
            assertTrue(outcomes.get("answered").get() > CALLS / 3, outcomes::toString);
            // Nobody holds more than its own.
            await().atMost(Duration.ofSeconds(10)).until(() -> server.connections() <= CONNECTIONS);
        }
    }

    private DynamoClient client(int port) {
        var limit = Duration.ofSeconds(10);
        var endpoint = URI.create("http://127.0.0.1:" + port);
        return new DynamoClient(
                vertx,
                new ClientSettings(endpoint, "eu-west-1", CONNECTIONS, 1000, limit, limit, Duration.ofSeconds(60)),
                () -> AwsBasicCredentials.create("AKTEST", "secret"),
                OpenTelemetry.noop().getTracer("test"));
    }
}
