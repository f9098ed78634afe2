package dev.meridian.like;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.meridian.dynamo.Dynamo;
import dev.meridian.dynamo.TestDynamo;
import dev.meridian.shared.ProblemException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;

/// A partial batch response (unprocessed keys), which DynamoDB Local never gives.
class LikeRepositoryTest {
    private static final String TABLE = "meridian-likes";
    private static final Duration LIMIT = Duration.ofSeconds(5);

    /// Every counter is 1; each batch returns only the first keys.
    private record Busy(int answered, List<Integer> batches) implements DynamoDbAsyncClient {
        @Override
        public synchronized CompletableFuture<BatchGetItemResponse> batchGetItem(BatchGetItemRequest request) {
            var keys = request.requestItems().get(TABLE).keys();
            assertTrue(request.requestItems().get(TABLE).consistentRead());
            assertEquals(keys.size(), new HashSet<>(keys).size(), "DynamoDB refuses a batch with a key twice");
            batches.add(keys.size());
            int n = Math.min(answered, keys.size());
            var items = keys.subList(0, n).stream()
                    .map(key -> Map.of("subjectId", key.get("subjectId"), "n", AttributeValue.fromN("1")))
                    .toList();
            var response = BatchGetItemResponse.builder().responses(Map.of(TABLE, items));
            if (n < keys.size()) {
                var left = KeysAndAttributes.builder()
                        .keys(keys.subList(n, keys.size()))
                        .build();
                response.unprocessedKeys(Map.of(TABLE, left));
            }
            return CompletableFuture.completedFuture(response.build());
        }

        @Override
        public String serviceName() {
            return "dynamodb";
        }

        @Override
        public void close() {}
    }

    record Config(int shards, Duration registryRefresh, int concurrentBatches) implements LikeConfig {
        @Override
        public int waitingMax() {
            return 5;
        }

        @Override
        public int idempotencyKeysMax() {
            return 4;
        }
    }

    private static LikeRepository over(Busy store) {
        Dynamo dynamo = TestDynamo.over(store);
        return new LikeRepository(dynamo, new Config(8, Duration.ofSeconds(10), 4));
    }

    private static List<String> subjects(int n) {
        return IntStream.range(0, n).mapToObj(i -> "s" + i).toList();
    }

    @Test
    void aHundredKeysMakeABatch() {
        var store = new Busy(100, new ArrayList<>());
        var counts =
                over(store).counts(subjects(12), Map.of("a", 8, "b", 8)).await().atMost(LIMIT);
        assertEquals(List.of(100, 92), store.batches());
        assertEquals(12, counts.size());
        assertTrue(counts.values().stream().allMatch(n -> n == 16), counts.toString());
    }

    @Test
    void keysLeftOutAreAskedForAgain() {
        var store = new Busy(30, new ArrayList<>());
        var counts = over(store).counts(subjects(10), Map.of("a", 10)).await().atMost(LIMIT);
        assertEquals(List.of(100, 70, 40, 10), store.batches());
        assertTrue(counts.values().stream().allMatch(n -> n == 10), counts.toString());
    }

    @Test
    void aStoreThatStaysBusyIsUnavailableAndNoCountIsMadeUp() {
        var store = new Busy(20, new ArrayList<>());
        var counts = over(store).counts(subjects(10), Map.of("a", 10));
        var problem = assertThrows(ProblemException.class, () -> counts.await().atMost(LIMIT));
        assertTrue(problem.isUnavailable());
        assertEquals(List.of(100, 80, 60, 40), store.batches());
    }

    @Test
    void aSubjectAskedForTwiceIsCountedOnce() {
        var store = new Busy(100, new ArrayList<>());
        var counts =
                over(store).counts(List.of("s", "s"), Map.of("a", 8)).await().atMost(LIMIT);
        assertEquals(Map.of("s", 8L), counts);
    }
}
