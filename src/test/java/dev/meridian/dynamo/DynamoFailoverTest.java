package dev.meridian.dynamo;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.meridian.aws.TestCredentials;
import dev.meridian.dynamo.DynamoReplicas.Replica;
import dev.meridian.dynamoclient.NotSent;
import dev.meridian.dynamoclient.NotSentException;
import dev.meridian.testing.Race;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.IntPredicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;

/// When calls switch to the fallback Region, and when they switch back.
class DynamoFailoverTest {
    private static final Duration AFTER = Duration.ofMillis(300);
    private static final Duration SOON = Duration.ofSeconds(10);

    private final Vertx vertx = Vertx.vertx();
    private final FakeClient here = new FakeClient();
    private final FakeClient there = new FakeClient();
    private final Replica local = new Replica("eu-west-1", here);
    private final DynamoFailover failover = failover(Optional.of(new Replica("us-east-1", there)));

    /// Answers probes with the outcome that the test sets.
    private static final class FakeClient implements DynamoDbAsyncClient {
        final AtomicInteger probes = new AtomicInteger();
        volatile IntPredicate answers = _ -> true;
        volatile Throwable failure = SdkClientException.create("no connection");

        @Override
        public CompletableFuture<GetItemResponse> getItem(Consumer<GetItemRequest.Builder> request) {
            return answers.test(probes.incrementAndGet())
                    ? CompletableFuture.completedFuture(
                            GetItemResponse.builder().build())
                    : CompletableFuture.failedFuture(failure);
        }

        @Override
        public String serviceName() {
            return "dynamodb";
        }

        @Override
        public void close() {}
    }

    private static SmallRyeConfig config() {
        return new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .withMapping(DynamoConfig.class)
                .withMapping(TablesConfig.class)
                .withDefaultValue("meridian.dynamo.fallback.after", AFTER.toMillis() + "ms")
                .withDefaultValue("meridian.dynamo.fallback.probe-interval", "20ms")
                .withDefaultValue("meridian.dynamo.fallback.return-after", "3")
                .build();
    }

    private DynamoFailover failover(Optional<Replica> fallback) {
        var config = config();
        return new DynamoFailover(
                new DynamoReplicas(local, fallback),
                config.getConfigMapping(DynamoConfig.class),
                config.getConfigMapping(TablesConfig.class),
                new SimpleMeterRegistry(),
                vertx);
    }

    @AfterEach
    void end() {
        failover.close();
        vertx.close();
    }

    /// An occasional failure until calls switch.
    private void failUntilAway() {
        await().atMost(SOON).pollInterval(Duration.ofMillis(20)).until(() -> {
            failover.failed(local);
            return failover.fallbackRegion().isPresent();
        });
    }

    @Test
    void onlyFailuresForLongEnoughLeadToTheFallback() {
        here.answers = _ -> false;
        long start = System.nanoTime();
        failUntilAway();
        assertTrue(System.nanoTime() - start >= AFTER.toNanos(), "too early");
        assertEquals(Optional.of("us-east-1"), failover.fallbackRegion());
        assertEquals("us-east-1", failover.current().region());
        assertEquals(local, failover.replica(Optional.empty()));
    }

    @Test
    void anAnswerInBetweenBeginsAnew() {
        long end = System.nanoTime() + AFTER.multipliedBy(3).toNanos();
        for (int i = 0; System.nanoTime() < end; i++) {
            failover.failed(local);
            if (i % 10 == 0) failover.answered(local);
            Thread.onSpinWait();
        }
        assertEquals(Optional.empty(), failover.fallbackRegion());
        assertEquals(0, there.probes.get());
    }

    /// One call of the service.
    private void read() {
        var config = config();
        new Dynamo(
                        failover,
                        config.getConfigMapping(DynamoConfig.class),
                        config.getConfigMapping(TablesConfig.class),
                        new SimpleMeterRegistry(),
                        TestCredentials.none())
                .idempotent("any", client -> client.getItem(_ -> {}))
                .onFailure()
                .recoverWithNull()
                .await()
                .atMost(SOON);
    }

    private static Throwable refusal(String code) {
        return DynamoDbException.builder()
                .statusCode(400)
                .awsErrorDetails(AwsErrorDetails.builder().errorCode(code).build())
                .build();
    }

    /// A role or a key that is broken in this Region alone.
    @ParameterizedTest
    @ValueSource(strings = {"AccessDeniedException", "KMSAccessDeniedException", "ExpiredTokenException"})
    void refusedAccessLeadsToTheFallback(String code) {
        here.failure = refusal(code);
        here.answers = _ -> false;
        await().atMost(SOON).pollInterval(Duration.ofMillis(20)).until(() -> {
            read();
            return failover.fallbackRegion().isPresent();
        });
    }

    @Test
    void credentialsThatAreRefusedInBothRegionsChangeNothing() {
        here.failure = refusal("ExpiredTokenException");
        there.failure = refusal("ExpiredTokenException");
        here.answers = _ -> false;
        there.answers = _ -> false;
        await().atMost(SOON).pollInterval(Duration.ofMillis(20)).until(() -> {
            read();
            return there.probes.get() > 0;
        });
        assertEquals(Optional.empty(), failover.fallbackRegion());
    }

    @Test
    void aStoreThatThrottlesIsUsed() {
        here.failure = refusal("ThrottlingException");
        here.answers = _ -> false;
        for (long end = System.nanoTime() + AFTER.multipliedBy(3).toNanos(); System.nanoTime() < end; ) read();
        assertEquals(0, there.probes.get());
    }

    private static Stream<Throwable> nobodyAsked() {
        return Stream.of(NotSent.because(NotSentException.Reason.BUSY), new IllegalArgumentException("a bug"));
    }

    /// A queue that is full is no fault of the Region, and no life of it either.
    @ParameterizedTest
    @MethodSource("nobodyAsked")
    void whatIsNotAskedSaysNothing(Throwable failure) {
        here.failure = failure;
        here.answers = _ -> false;
        for (long end = System.nanoTime() + AFTER.multipliedBy(3).toNanos(); System.nanoTime() < end; ) read();
        assertEquals(0, there.probes.get());
        await().atMost(SOON).pollInterval(Duration.ofMillis(20)).until(() -> {
            read();
            failover.failed(local);
            read();
            return failover.fallbackRegion().isPresent();
        });
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
        failover.failed(local);
        await().pollDelay(AFTER).until(() -> true);
        Race.run(50, 5000, _ -> () -> {
            failover.failed(local);
            return null;
        });
        await().atMost(SOON).until(() -> failover.fallbackRegion().isPresent());
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
        assertEquals(Optional.of("us-east-1"), failover.fallbackRegion());
        answering.set(2);
        await().atMost(SOON).until(() -> failover.fallbackRegion().isEmpty());
        assertEquals(local, failover.current());
        // What was on its way to the fallback while it failed, and late failures of before, change nothing.
        failover.failed(local);
        assertEquals(Optional.empty(), failover.fallbackRegion());
        int probes = here.probes.get();
        await().pollDelay(Duration.ofMillis(200)).until(() -> true);
        assertEquals(probes, here.probes.get());
    }

    @Test
    void theNextOutageIsNoticedToo() {
        here.answers = _ -> false;
        failUntilAway();
        here.answers = _ -> true;
        await().atMost(SOON).until(() -> failover.fallbackRegion().isEmpty());
        here.answers = _ -> false;
        failUntilAway();
        assertEquals(2, there.probes.get());
    }

    @Test
    void withoutAFallbackNothingHappens() {
        var alone = failover(Optional.empty());
        for (int i = 0; i < 3; i++) {
            alone.failed(local);
            await().pollDelay(AFTER).until(() -> true);
        }
        assertEquals(Optional.empty(), alone.fallbackRegion());
        assertFalse(alone.hasFallback());
    }
}
