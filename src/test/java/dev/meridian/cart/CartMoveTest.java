package dev.meridian.cart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.meridian.dynamo.TestDynamo;
import dev.meridian.shared.Money;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.HashSet;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsResponse;

/// A line is moved in one transaction. No local store loses an answer on demand, so the client is a fake that does.
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
        var config = new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .withMapping(CartConfig.class)
                .build()
                .getConfigMapping(CartConfig.class);
        var repository = new CartMergeRepository(TestDynamo.over(client), config);
        for (var i = 0; i < 2; i++) {
            var outcome = repository
                    .move("c-1", "c-2", new CartItem("p-17", 3, new Money(1950)))
                    .await()
                    .atMost(LIMIT);
            assertInstanceOf(MoveOutcome.Done.class, outcome);
        }
        var tokens = client.tokens;
        assertEquals(4, tokens.size());
        assertEquals(tokens.get(0), tokens.get(1));
        assertEquals(tokens.get(2), tokens.get(3));
        assertEquals(2, new HashSet<>(tokens).size());
    }
}
