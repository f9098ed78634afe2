package dev.meridian.shared;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import software.amazon.awssdk.core.client.config.SdkAdvancedAsyncClientOption;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClientBuilder;

/// The one DynamoDB client. The SDK's own retries are off: it would repeat an `ADD` whose answer was lost. [Dynamo]
/// retries
/// what is safe to. Its connections and the calls that wait for one are bounded, and a call that runs out of time
/// closes its
/// connection, so a store that hangs leaves nothing behind that a later call would meet.
final class DynamoClients {
    @Produces
    @ApplicationScoped
    DynamoDbAsyncClient client(DynamoDbAsyncClientBuilder builder, StoreConfig config) {
        var http = NettyNioAsyncHttpClient.builder()
                .maxConcurrency(config.dynamo().maxConcurrency())
                .maxPendingConnectionAcquires(config.dynamo().queueSize())
                .connectionAcquisitionTimeout(config.dynamo().timeout())
                .connectionTimeout(config.dynamo().connectTimeout())
                .tlsNegotiationTimeout(config.dynamo().connectTimeout())
                .connectionMaxIdleTime(config.dynamo().idleTimeout())
                .tcpKeepAlive(true);
        var configured = builder.overrideConfiguration().toBuilder()
                .retryStrategy(DefaultRetryStrategy.doNotRetry())
                .apiCallTimeout(config.dynamo().timeout())
                .build();
        // Completed where the answer was read, one thread less to wake: Dynamo goes back to the caller's thread anyway.
        builder.asyncConfiguration(
                async -> async.advancedOption(SdkAdvancedAsyncClientOption.FUTURE_COMPLETION_EXECUTOR, Runnable::run));
        return builder.httpClientBuilder(http).overrideConfiguration(configured).build();
    }
}
