package dev.meridian.dynamo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.meridian.dynamoclient.NotSent;
import dev.meridian.dynamoclient.NotSentException.Reason;
import dev.meridian.shared.ProblemException;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemResponse;

/// How often calls are repeated after errors that no local engine gives on demand.
class DynamoRepeatTest {
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final String LIKES = "meridian-likes";
    private static final UpdateItemRequest ADD = UpdateItemRequest.builder().build();

    /// Fails as it is told; null is an answer.
    private static final class Failing implements DynamoDbAsyncClient {
        final AtomicInteger calls = new AtomicInteger();
        final List<Integer> batches = new ArrayList<>();
        private final Supplier<Throwable> failures;

        Failing(Supplier<Throwable> failures) {
            this.failures = failures;
        }

        /// These, one after the other, then answers.
        static Failing with(Throwable... failures) {
            Iterator<Throwable> all = Stream.of(failures).iterator();
            return new Failing(() -> all.hasNext() ? all.next() : null);
        }

        @Override
        public CompletableFuture<UpdateItemResponse> updateItem(UpdateItemRequest request) {
            calls.incrementAndGet();
            var failure = failures.get();
            return failure == null
                    ? CompletableFuture.completedFuture(
                            UpdateItemResponse.builder().build())
                    : CompletableFuture.failedFuture(failure);
        }

        /// Reads the first ten keys.
        @Override
        public CompletableFuture<BatchGetItemResponse> batchGetItem(BatchGetItemRequest request) {
            var keys = request.requestItems().get(LIKES).keys();
            batches.add(keys.size());
            var left = keys.subList(Math.min(10, keys.size()), keys.size());
            return CompletableFuture.completedFuture(BatchGetItemResponse.builder()
                    .responses(Map.of(LIKES, keys.subList(0, keys.size() - left.size())))
                    .unprocessedKeys(
                            left.isEmpty()
                                    ? Map.of()
                                    : Map.of(
                                            LIKES,
                                            KeysAndAttributes.builder()
                                                    .keys(left)
                                                    .build()))
                    .build());
        }

        @Override
        public String serviceName() {
            return SERVICE_NAME;
        }

        @Override
        public void close() {}
    }

    private static DynamoDbException refused(int status, String code) {
        return (DynamoDbException) DynamoDbException.builder()
                .statusCode(status)
                .awsErrorDetails(AwsErrorDetails.builder().errorCode(code).build())
                .build();
    }

    private static Uni<UpdateItemResponse> once(Dynamo dynamo) {
        return dynamo.once("like-add", client -> client.updateItem(ADD));
    }

    private static Uni<UpdateItemResponse> idempotent(Dynamo dynamo) {
        return dynamo.idempotent("cart-set", client -> client.updateItem(ADD));
    }

    /// Also an addition, since nothing was written.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "ReplicatedWriteConflictException",
                "TransactionConflictException",
                "ProvisionedThroughputExceededException",
                "ThrottlingException",
                "RequestLimitExceeded",
                "RequestTimeTooSkewed"
            })
    void aConflictOrAThrottledCallIsRepeated(String code) {
        for (boolean isOnce : new boolean[] {true, false}) {
            var client = Failing.with(refused(400, code), refused(400, code));
            var dynamo = TestDynamo.over(client);
            (isOnce ? once(dynamo) : idempotent(dynamo)).await().atMost(LIMIT);
            assertEquals(3, client.calls.get());
        }
    }

    /// An outage gets a tenth more calls, however certain it is that none was sent.
    @ParameterizedTest
    @EnumSource(
            value = Reason.class,
            names = {"BUSY", "UNREACHABLE"})
    void whatFindsNoConnectionIsRepeatedWithinTheBudget(Reason reason) {
        for (boolean isOnce : new boolean[] {true, false}) {
            var client = new Failing(() -> NotSent.because(reason));
            var dynamo = TestDynamo.over(client);
            int requests = 200;
            for (int i = 0; i < requests; i++) {
                var call = isOnce ? once(dynamo) : idempotent(dynamo);
                var problem =
                        assertThrows(ProblemException.class, () -> call.await().atMost(LIMIT));
                assertTrue(problem.isUnavailable());
            }
            assertTrue(client.calls.get() <= 220, client.calls::toString);
            assertTrue(client.calls.get() > 205, client.calls::toString);
        }
    }

    /// Also an addition: nothing was written.
    @Test
    void whatFindsNoConnectionIsRepeated() {
        var client = Failing.with(NotSent.because(Reason.UNREACHABLE), NotSent.because(Reason.BUSY));
        once(TestDynamo.over(client)).await().atMost(LIMIT);
        assertEquals(3, client.calls.get());
    }

    @Test
    void aConnectionThatWasClosedCostsNoBudget() {
        var calls = new AtomicInteger();
        var client = new Failing(() -> calls.incrementAndGet() % 4 == 0 ? null : NotSent.because(Reason.STALE));
        var dynamo = TestDynamo.over(client);
        for (int i = 0; i < 20; i++) once(dynamo).await().atMost(LIMIT);
        assertEquals(80, client.calls.get());
    }

    @Test
    void whatStaysRefusedIs503() {
        var client = new Failing(() -> refused(400, "ReplicatedWriteConflictException"));
        var call = once(TestDynamo.over(client));
        var problem = assertThrows(ProblemException.class, () -> call.await().atMost(LIMIT));
        assertTrue(problem.isUnavailable());
        assertEquals(4, client.calls.get());
    }

    @Test
    void anAdditionWhoseOutcomeIsUnknownIsNotRepeated() {
        var client = Failing.with(refused(500, "InternalServerError"));
        var call = once(TestDynamo.over(client));
        assertThrows(ProblemException.class, () -> call.await().atMost(LIMIT));
        assertEquals(1, client.calls.get());
    }

    @Test
    void aWriteOfAbsoluteStateIsRepeatedAfterAServerError() {
        var client = Failing.with(refused(500, "InternalServerError"));
        idempotent(TestDynamo.over(client)).await().atMost(LIMIT);
        assertEquals(2, client.calls.get());
    }

    @Test
    void refusedCredentialsAreNotTriedAgain() {
        var client = Failing.with(refused(400, "ExpiredTokenException"));
        var call = idempotent(TestDynamo.over(client));
        var problem = assertThrows(ProblemException.class, () -> call.await().atMost(LIMIT));
        assertTrue(problem.isUnavailable());
        assertEquals(1, client.calls.get());
    }

    @Test
    void aFailedConditionPassesThrough() {
        var client = Failing.with(ConditionalCheckFailedException.builder().build());
        var call = idempotent(TestDynamo.over(client));
        assertThrows(ConditionalCheckFailedException.class, () -> call.await().atMost(LIMIT));
        assertEquals(1, client.calls.get());
    }

    /// Each call that is answered was done once.
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void aStoreThatThrottlesHalfOfTheCallsGetsATenthMore(long seed) {
        var random = new Random(seed);
        var client = new Failing(() -> random.nextBoolean() ? refused(400, "ThrottlingException") : null);
        var dynamo = TestDynamo.over(client);
        int requests = 300;
        int answered = 0;
        for (int i = 0; i < requests; i++) {
            var failure = once(dynamo)
                    .onItemOrFailure()
                    .transform((_, thrown) -> thrown)
                    .await()
                    .atMost(LIMIT);
            if (failure == null) answered++;
            else assertTrue(ProblemException.isUnavailable(failure), () -> "seed " + seed + ": " + failure);
        }
        assertTrue(client.calls.get() <= 330, "seed " + seed + ": " + client.calls);
        assertTrue(client.calls.get() > 310, "seed " + seed + ": " + client.calls);
        assertTrue(answered > 120, "seed " + seed + ": " + answered);
    }

    @Test
    void whatABatchLeavesOutIsReadAgain() {
        var client = Failing.with();
        var keys = IntStream.range(0, 25)
                .mapToObj(i -> Map.of("id", AttributeValue.fromN(Integer.toString(i))))
                .toList();
        var items = TestDynamo.over(client)
                .batchGet("like-counts", DynamoTable.LIKES, keys)
                .await()
                .atMost(LIMIT);
        assertEquals(List.of(25, 15, 5), client.batches);
        assertEquals(keys, items);
    }

    /// The pause holds no thread, and the request continues on its event loop.
    @Test
    void aRetryStaysOnTheCallersEventLoop() throws Exception {
        var vertx = Vertx.vertx();
        try {
            var client =
                    Failing.with(refused(400, "ThrottlingException"), refused(400, "TransactionConflictException"));
            var dynamo = TestDynamo.over(client);
            var context = vertx.getOrCreateContext();
            var seen = new CompletableFuture<Object>();
            context.runOnContext(_ -> once(dynamo)
                    .subscribe()
                    .with(_ -> seen.complete(Vertx.currentContext()), seen::completeExceptionally));
            assertEquals(context, seen.get(LIMIT.toSeconds(), TimeUnit.SECONDS));
            assertEquals(3, client.calls.get());
        } finally {
            vertx.close();
        }
    }

    @Test
    void anErrorOfTheProgramIsNoProblemOfTheStore() {
        var client = Failing.with(refused(400, "ValidationException"));
        var call = idempotent(TestDynamo.over(client));
        var thrown = assertThrows(RuntimeException.class, () -> call.await().atMost(LIMIT));
        assertInstanceOf(DynamoDbException.class, thrown);
    }
}
