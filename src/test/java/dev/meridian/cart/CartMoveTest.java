package dev.meridian.cart;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.meridian.dynamo.TestDynamo;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsResponse;

/// A line is moved in one transaction. No local store loses an answer on demand, so the client is a fake
/// that does.
class CartMoveTest {
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private static final class LosesFirstAnswer implements DynamoDbAsyncClient {
        final CopyOnWriteArrayList<String> tokens = new CopyOnWriteArrayList<>();

        @Override
        public CompletableFuture<TransactWriteItemsResponse> transactWriteItems(TransactWriteItemsRequest request) {
            tokens.add(Objects.requireNonNullElse(request.clientRequestToken(), "none"));
            return tokens.size() % 2 == 1
                    ? CompletableFuture.failedFuture(SdkClientException.create("no answer"))
                    : CompletableFuture.completedFuture(
                            TransactWriteItemsResponse.builder().build());
        }

        @Override
        public String serviceName() {
            return SERVICE_NAME;
        }

        @Override
        public void close() {}
    }

    /// DynamoDB knows the repeat by it, and answers as it did the first time. Another call has another one.
    @Test
    void aRepeatHasTheTokenOfTheFirstTry() {
        var client = new LosesFirstAnswer();
        var repository = new CartMergeRepository(TestDynamo.over(client));
        var writer = new CartWriter("eu-west-1", Optional.empty());
        var none = LinePart.none("eu-west-1");
        var line = new LinePart("eu-west-1", "v1", LineState.NOTHING, Instant.ofEpochSecond(4_000_000_000L));
        for (var i = 0; i < 2; i++) {
            var outcome = repository
                    .write(writer, List.of(new LineWrite("c-1", "p-17", none, line)))
                    .await()
                    .atMost(LIMIT);
            assertEquals(List.of(Optional.empty()), outcome);
        }
        var tokens = client.tokens;
        assertEquals(4, tokens.size());
        assertEquals(tokens.get(0), tokens.get(1));
        assertEquals(tokens.get(2), tokens.get(3));
        assertEquals(2, new HashSet<>(tokens).size());
    }
}
