package dev.meridian.shared;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClientBuilder;

/// The one DynamoDB client. The SDK's own retries are off: it would repeat an `ADD` whose answer was lost. [Dynamo]
/// retries
/// what is safe to.
final class DynamoClients {
    @Produces
    @ApplicationScoped
    DynamoDbAsyncClient client(DynamoDbAsyncClientBuilder builder, StoreConfig config) {
        var configured = builder.overrideConfiguration().toBuilder()
                .retryStrategy(DefaultRetryStrategy.doNotRetry())
                .apiCallTimeout(config.dynamo().timeout())
                .build();
        return builder.overrideConfiguration(configured).build();
    }
}
