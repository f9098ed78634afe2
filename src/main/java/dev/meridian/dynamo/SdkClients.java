package dev.meridian.dynamo;

import dev.meridian.aws.HeldCredentials;
import jakarta.inject.Singleton;
import java.net.URI;
import java.util.Optional;
import software.amazon.awssdk.core.client.config.ClientAsyncConfiguration;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.core.client.config.SdkAdvancedAsyncClientOption;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClientBuilder;

/// Makes clients of the AWS SDK, each with threads and connections of its own, which end when it is closed.
/// The SDK's own retries are off: it would repeat an `ADD` whose answer was lost. Connections and waiting
/// calls are bounded, and a call that times out closes its connection, so a hang does not affect later calls.
@Singleton
class SdkClients {
    private final DynamoDbAsyncClientBuilder builder;
    private final DynamoConfig config;
    private final HeldCredentials credentials;

    /// @param builder configured by `quarkus.dynamodb`; it makes no client before it is asked to
    SdkClients(DynamoDbAsyncClientBuilder builder, DynamoConfig config, HeldCredentials credentials) {
        this.builder = builder;
        this.config = config;
        this.credentials = credentials;
    }

    /// A client of this Region.
    DynamoDbAsyncClient here() {
        return builder.httpClientBuilder(http())
                .credentialsProvider(credentials)
                .overrideConfiguration(configured())
                .asyncConfiguration(SdkClients::completeWhereRead)
                .build();
    }

    /// A client of another Region, with the same credentials, bounds and traces.
    DynamoDbAsyncClient of(String region, Optional<URI> endpoint) {
        var other = DynamoDbAsyncClient.builder()
                .region(Region.of(region))
                .httpClientBuilder(http())
                .credentialsProvider(credentials)
                .overrideConfiguration(configured())
                .asyncConfiguration(SdkClients::completeWhereRead);
        endpoint.ifPresent(other::endpointOverride);
        return other.build();
    }

    /// Futures complete on the thread that reads the response, which saves a thread switch: [Dynamo] returns to the
    /// caller's thread anyway.
    private static void completeWhereRead(ClientAsyncConfiguration.Builder async) {
        async.advancedOption(SdkAdvancedAsyncClientOption.FUTURE_COMPLETION_EXECUTOR, Runnable::run);
    }

    private ClientOverrideConfiguration configured() {
        return builder.overrideConfiguration().toBuilder()
                .retryStrategy(DefaultRetryStrategy.doNotRetry())
                .apiCallTimeout(config.timeout())
                .build();
    }

    private NettyNioAsyncHttpClient.Builder http() {
        return NettyNioAsyncHttpClient.builder()
                .maxConcurrency(config.maxConcurrency())
                .maxPendingConnectionAcquires(config.queueSize())
                .connectionAcquisitionTimeout(config.timeout())
                .connectionTimeout(config.connectTimeout())
                .tlsNegotiationTimeout(config.connectTimeout())
                .connectionMaxIdleTime(config.idleTimeout())
                .tcpKeepAlive(true);
    }
}
