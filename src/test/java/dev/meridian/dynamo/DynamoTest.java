package dev.meridian.dynamo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.meridian.shared.ProblemException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemResponse;

/// Which calls are repeated. A pooled connection that is found closed cannot be made on demand, so the client is a
/// fake that fails as the SDK does.
class DynamoTest {
    private static final Duration LIMIT = Duration.ofSeconds(10);

    /// Fails the first call, answers the others.
    private static final class FirstFails implements DynamoDbAsyncClient {
        private final IOException failure = new IOException("The connection was closed during the request.");
        private int calls;

        FirstFails(String where) {
            failure.setStackTrace(
                    new StackTraceElement[] {new StackTraceElement("NettyRequestExecutor", where, null, 1)});
        }

        @Override
        public CompletableFuture<UpdateItemResponse> updateItem(UpdateItemRequest request) {
            calls++;
            return calls == 1
                    ? CompletableFuture.failedFuture(SdkClientException.create("Unable to execute", failure))
                    : CompletableFuture.completedFuture(
                            UpdateItemResponse.builder().build());
        }

        @Override
        public String serviceName() {
            return SERVICE_NAME;
        }

        @Override
        public void close() {}
    }

    private static void addOnce(FirstFails client) {
        TestDynamo.over(client)
                .once(
                        "like-add",
                        own -> own.updateItem(UpdateItemRequest.builder().build()))
                .await()
                .atMost(LIMIT);
    }

    @Test
    void anAdditionThatWasNotSentIsRepeated() {
        var client = new FirstFails("configurePipeline");
        addOnce(client);
        assertEquals(2, client.calls);
    }

    @Test
    void anAdditionWhoseAnswerIsLostIsNot() {
        var client = new FirstFails("handleFailure");
        assertThrows(ProblemException.class, () -> addOnce(client));
        assertEquals(1, client.calls);
    }
}
