package dev.meridian.like;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.meridian.dynamo.TestDynamo;
import dev.meridian.shared.ProblemException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.helpers.test.UniAssertSubscriber;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemResponse;

/// A like while the store fails in the middle, which a real store does not do on demand.
class LikeServiceTest {
    private static final Duration LIMIT = Duration.ofSeconds(5);

    private final Store store = new Store();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final LikeService likes = service(8);

    private LikeService service(int shards) {
        var config = new LikeRepositoryTest.Config(shards, Duration.ZERO, 4);
        var repository = new LikeRepository(TestDynamo.over(store), config);
        return new LikeService(
                repository,
                new ShardRegistry(repository, config, () -> "eu-west-1"),
                config,
                () -> "eu-west-1",
                meters);
    }

    /// A fake store that names the calls: register, add, count, registry, counts.
    private static final class Store implements DynamoDbAsyncClient {
        final Set<String> broken = new HashSet<>();
        final List<String> calls = new ArrayList<>();
        final Map<String, Integer> regions = new ConcurrentHashMap<>();
        final List<Long> added = new ArrayList<>();
        final List<CompletableFuture<UpdateItemResponse>> held = new ArrayList<>();
        volatile boolean holds;
        volatile Set<String> asked = Set.of();

        /// The result of every query.
        List<Map<String, AttributeValue>> counters = List.of(counter("us-east-1#0", 40), counter("us-east-1#7", 41));

        static Map<String, AttributeValue> counter(String regionShard, long n) {
            return Map.of(
                    "regionShard", AttributeValue.fromS(regionShard), "n", AttributeValue.fromN(Long.toString(n)));
        }

        /// The value of a counter after its write is 1.
        static UpdateItemResponse written() {
            return UpdateItemResponse.builder()
                    .attributes(Map.of("n", AttributeValue.fromN("1")))
                    .build();
        }

        private synchronized <T> CompletableFuture<T> answer(String call, T value) {
            calls.add(call);
            return broken.contains(call)
                    ? CompletableFuture.failedFuture(SdkClientException.create("no connection"))
                    : CompletableFuture.completedFuture(value);
        }

        synchronized long count(String call) {
            return calls.stream().filter(call::equals).count();
        }

        @Override
        public synchronized CompletableFuture<UpdateItemResponse> updateItem(UpdateItemRequest request) {
            if (request.updateExpression().startsWith("ADD")) {
                added.add(Long.valueOf(
                        request.expressionAttributeValues().get(":likes").n()));
                if (holds) {
                    calls.add("add");
                    held.add(new CompletableFuture<>());
                    return held.getLast();
                }
                return answer("add", written());
            }
            assertEquals("#regions", request.key().get("subjectId").s());
            if (broken.contains("register-known")) {
                return CompletableFuture.failedFuture(
                        ConditionalCheckFailedException.builder().build());
            }
            return answer("register", UpdateItemResponse.builder().build());
        }

        @Override
        public CompletableFuture<QueryResponse> query(QueryRequest request) {
            if (!request.expressionAttributeValues().containsKey(":registry")) {
                return answer("count", QueryResponse.builder().items(counters).build());
            }
            var items = regions.entrySet().stream()
                    .map(e -> Map.of(
                            "regionShard", AttributeValue.fromS(e.getKey()),
                            "shards", AttributeValue.fromN(Integer.toString(e.getValue()))))
                    .toList();
            return answer("registry", QueryResponse.builder().items(items).build());
        }

        @Override
        public CompletableFuture<BatchGetItemResponse> batchGetItem(BatchGetItemRequest request) {
            asked = request.requestItems().values().iterator().next().keys().stream()
                    .map(key -> key.get("regionShard").s().split("#")[0])
                    .collect(Collectors.toSet());
            return answer(
                    "counts", BatchGetItemResponse.builder().responses(Map.of()).build());
        }

        @Override
        public String serviceName() {
            return "dynamodb";
        }

        @Override
        public void close() {}
    }

    private static <T> T of(Uni<T> uni) {
        return uni.await().atMost(LIMIT);
    }

    private double counted() {
        return meters.counter("meridian.likes").count();
    }

    @Test
    void theFirstLikeRegistersTheNextOnesDoNot() {
        for (int i = 0; i < 3; i++) assertEquals(Optional.of(82L), of(likes.like("s")));
        assertEquals(List.of("register", "add", "count", "add", "count", "add", "count"), store.calls);
        assertEquals(3, counted());
    }

    @Test
    void aRegionThatIsRegisteredWithAsManyShardsGoesOn() {
        store.broken.add("register-known");
        assertEquals(Optional.of(82L), of(likes.like("s")));
    }

    @Test
    void aLikeThatCannotBeCountedIsASuccess() {
        store.broken.add("count");
        assertEquals(Optional.empty(), of(likes.like("s")));
        assertEquals(1, store.count("add"));
        assertEquals(1, counted());
    }

    @Test
    void aLikeWhoseAnswerIsLostIsNeverRepeated() {
        store.broken.add("add");
        var problem = assertThrows(ProblemException.class, () -> of(likes.like("s")));
        assertTrue(problem.isUnavailable());
        assertEquals(1, store.count("add"));
        assertEquals(0, counted());
    }

    @Test
    void theOtherCountersAreReadWhileALikeIsWritten() {
        holdWrites();
        var like = liking("s");
        Awaitility.await().atMost(LIMIT).until(() -> store.count("count") == 1);
        like.assertNotTerminated();
        answerWrite(0);
        like.awaitItem(LIMIT).assertItem(Optional.of(82L));
    }

    @Test
    void theCounterThatIsWrittenIsCountedAsTheWriteLeftIt() {
        for (long before : List.of(0L, 1L)) {
            store.counters = List.of(Store.counter("eu-west-1#0", before), Store.counter("us-east-1#0", 41));
            assertEquals(Optional.of(42L), of(service(1).like("s")), "read as " + before);
        }
    }

    private UniAssertSubscriber<Optional<Long>> liking(String subject) {
        return likes.like(subject).subscribe().withSubscriber(UniAssertSubscriber.create());
    }

    /// From now on the test completes the writes; the Region is registered.
    private void holdWrites() {
        of(likes.like("other"));
        store.calls.clear();
        store.holds = true;
    }

    /// Waits until the store has received this many writes.
    private void awaitWrites(int n) {
        Awaitility.await().atMost(LIMIT).until(() -> store.count("add") == n);
    }

    private void answerWrite(int n) {
        store.held.get(n).complete(Store.written());
    }

    @Test
    void likesThatWaitForAWriteAreWrittenAndCountedTogether() {
        holdWrites();
        var first = liking("s");
        awaitWrites(1);
        var rest = List.of(liking("s"), liking("s"), liking("s"));
        rest.forEach(UniAssertSubscriber::assertNotTerminated);
        answerWrite(0);
        first.awaitItem(LIMIT).assertItem(Optional.of(82L));
        awaitWrites(2);
        rest.forEach(UniAssertSubscriber::assertNotTerminated);
        answerWrite(1);
        rest.forEach(like -> like.awaitItem(LIMIT).assertItem(Optional.of(82L)));
        assertEquals(List.of(1L, 1L, 3L), store.added);
        assertEquals(2, store.count("count"));
        assertEquals(5, counted());
    }

    @Test
    void aWriteThatFailsFailsExactlyItsLikesAndIsNeverRepeated() {
        holdWrites();
        var first = liking("s");
        awaitWrites(1);
        var failing = List.of(liking("s"), liking("s"));
        answerWrite(0);
        awaitWrites(2);
        var later = liking("s");
        store.held.get(1).completeExceptionally(SdkClientException.create("reset"));
        failing.forEach(like -> like.awaitFailure(LIMIT).assertFailedWith(ProblemException.class));
        awaitWrites(3);
        answerWrite(2);
        first.awaitItem(LIMIT).assertItem(Optional.of(82L));
        later.awaitItem(LIMIT).assertItem(Optional.of(82L));
        assertEquals(List.of(1L, 1L, 2L, 1L), store.added);
        assertEquals(3, counted());
    }

    @Test
    void aStoreThatHangsHoldsNoMoreThanMayWait() {
        holdWrites();
        liking("s");
        for (int i = 0; i < 5; i++) liking("s").assertNotTerminated();
        liking("s").awaitFailure(LIMIT).assertFailedWith(ProblemException.class);
        assertEquals(List.of(1L, 1L), store.added);
    }

    @Test
    void withoutARegistrationNothingIsWritten() {
        store.broken.add("register");
        assertThrows(ProblemException.class, () -> of(likes.like("s")));
        assertEquals(0, store.count("add"));
        store.broken.clear();
        assertEquals(Optional.of(82L), of(likes.like("s")));
    }

    @Test
    void aListGoesOnWithWhatIsKnownWhenTheRegistryCannotBeRead() {
        store.broken.add("registry");
        assertEquals(Map.of("s", 0L), of(likes.counts(List.of("s"))));
        assertEquals(Set.of("eu-west-1"), store.asked);
        store.broken.clear();
        store.regions.put("eu-central-1", 3);
        of(likes.counts(List.of("s")));
        assertEquals(Set.of("eu-west-1", "eu-central-1"), store.asked);
        store.broken.add("registry");
        of(likes.counts(List.of("s")));
        of(likes.counts(List.of("s")));
        assertEquals(Set.of("eu-west-1", "eu-central-1"), store.asked);
    }

    @Test
    void aRegionThatJoinsIsFoundInTheBackground() {
        of(likes.counts(List.of("s")));
        store.regions.put("us-east-1", 8);
        Awaitility.await().atMost(LIMIT).untilAsserted(() -> {
            of(likes.counts(List.of("s")));
            assertTrue(store.asked.contains("us-east-1"));
        });
    }

    @Test
    void shardsOfThisRegionThatWereMoreBeforeAreStillRead() {
        store.regions.put("eu-west-1", 20);
        of(likes.counts(List.of("a", "b", "c", "d", "e", "f")));
        assertEquals(2, store.count("counts"), "6 subjects with 20 shards are 120 keys");
    }

    @Test
    void anEmptyListAsksNothing() {
        assertEquals(Map.of(), of(likes.counts(List.of())));
        assertEquals(List.of(), store.calls);
    }
}
