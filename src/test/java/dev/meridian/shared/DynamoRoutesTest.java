package dev.meridian.shared;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.meridian.shared.DynamoReplicas.Route;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;

/// When calls go to the fallback, and when they come back.
class DynamoRoutesTest {
    private static final Duration AFTER = Duration.ofMillis(300);
    private static final Duration SOON = Duration.ofSeconds(10);

    private final Vertx vertx = Vertx.vertx();
    private final Replica here = new Replica();
    private final Replica there = new Replica();
    private final Route local = new Route("eu-west-1", here);
    private final DynamoRoutes routes = routes(Optional.of(new Route("us-east-1", there)));

    /// Answers probes as the test wants.
    private static final class Replica implements DynamoDbAsyncClient {
        final AtomicInteger probes = new AtomicInteger();
        volatile IntPredicate answers = _ -> true;

        @Override
        public CompletableFuture<GetItemResponse> getItem(Consumer<GetItemRequest.Builder> request) {
            return answers.test(probes.incrementAndGet())
                    ? CompletableFuture.completedFuture(
                            GetItemResponse.builder().build())
                    : CompletableFuture.failedFuture(SdkClientException.create("no connection"));
        }

        @Override
        public String serviceName() {
            return "dynamodb";
        }

        @Override
        public void close() {}
    }

    private DynamoRoutes routes(Optional<Route> fallback) {
        var config = new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .withMapping(StoreConfig.class)
                .withDefaultValue("meridian.dynamo.fallback.after", AFTER.toMillis() + "ms")
                .withDefaultValue("meridian.dynamo.fallback.probe-interval", "20ms")
                .withDefaultValue("meridian.dynamo.fallback.return-after", "3")
                .build()
                .getConfigMapping(StoreConfig.class);
        return new DynamoRoutes(new DynamoReplicas(local, fallback), config, new SimpleMeterRegistry(), vertx);
    }

    @AfterEach
    void end() {
        routes.close();
        vertx.close();
    }

    /// A failure now and then until calls go elsewhere.
    private void failUntilAway() {
        await().atMost(SOON).pollInterval(Duration.ofMillis(20)).until(() -> {
            routes.failed(local);
            return routes.via().isPresent();
        });
    }

    @Test
    void onlyFailuresForLongEnoughLeadToTheFallback() {
        here.answers = _ -> false;
        long start = System.nanoTime();
        failUntilAway();
        assertTrue(System.nanoTime() - start >= AFTER.toNanos(), "too early");
        assertEquals(Optional.of("us-east-1"), routes.via());
        assertEquals("us-east-1", routes.current().region());
        assertEquals(local, routes.route(Optional.empty()));
    }

    @Test
    void anAnswerInBetweenBeginsAnew() {
        long end = System.nanoTime() + AFTER.multipliedBy(3).toNanos();
        for (int i = 0; System.nanoTime() < end; i++) {
            routes.failed(local);
            if (i % 10 == 0) routes.answered(local);
            Thread.onSpinWait();
        }
        assertEquals(Optional.empty(), routes.via());
        assertEquals(0, there.probes.get());
    }

    @Test
    void aFallbackThatDoesNotAnswerIsNotUsed() {
        there.answers = probe -> probe > 3;
        here.answers = _ -> false;
        failUntilAway();
        assertEquals(4, there.probes.get());
    }

    @Test
    void whoeverNoticesFirstAsksTheFallbackAndNobodyElse() throws InterruptedException {
        here.answers = _ -> false;
        routes.failed(local);
        await().pollDelay(AFTER).until(() -> true);
        Race.run(50, 5000, _ -> () -> {
            routes.failed(local);
            return null;
        });
        await().atMost(SOON).until(() -> routes.via().isPresent());
        assertEquals(1, there.probes.get());
    }

    @Test
    void onlyAnswersInARowLeadBack() {
        var answering = new AtomicInteger();
        here.answers = probe -> answering.get() == 1 ? probe % 3 != 0 : answering.get() == 2;
        failUntilAway();
        answering.set(1);
        int before = here.probes.get();
        await().atMost(SOON).until(() -> here.probes.get() > before + 12);
        assertEquals(Optional.of("us-east-1"), routes.via());
        answering.set(2);
        await().atMost(SOON).until(() -> routes.via().isEmpty());
        assertEquals(local, routes.current());
        // What was on its way to the fallback while it failed, and late failures of before, change nothing.
        routes.failed(local);
        assertEquals(Optional.empty(), routes.via());
        int probes = here.probes.get();
        await().pollDelay(Duration.ofMillis(200)).until(() -> true);
        assertEquals(probes, here.probes.get());
    }

    @Test
    void theNextOutageIsNoticedToo() {
        here.answers = _ -> false;
        failUntilAway();
        here.answers = _ -> true;
        await().atMost(SOON).until(() -> routes.via().isEmpty());
        here.answers = _ -> false;
        failUntilAway();
        assertEquals(2, there.probes.get());
    }

    @Test
    void withoutAFallbackNothingHappens() {
        var alone = routes(Optional.empty());
        for (int i = 0; i < 3; i++) {
            alone.failed(local);
            await().pollDelay(AFTER).until(() -> true);
        }
        assertEquals(Optional.empty(), alone.via());
        assertFalse(alone.hasFallback());
    }
}
