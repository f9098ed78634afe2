package dev.meridian.dynamo;

import dev.meridian.dynamo.DynamoReplicas.Replica;
import dev.meridian.shared.RegionConfig;
import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.Optional;
import software.amazon.awssdk.core.client.config.ClientAsyncConfiguration;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.core.client.config.SdkAdvancedAsyncClientOption;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClientBuilder;

/// The DynamoDB clients: one of this Region, and one of the fallback Region if there is one. The SDK's own retries
/// are off: it would repeat an `ADD` whose answer was lost. [Dynamo] retries calls that are safe to repeat. Connections
/// and waiting calls are bounded, and a call that times out closes its connection, so a hang does not affect later
/// calls.
final class DynamoClients {
    @Produces
    @ApplicationScoped
    DynamoDbAsyncClient client(DynamoDbAsyncClientBuilder builder, DynamoConfig config) {
        return builder.httpClientBuilder(http(config))
                .overrideConfiguration(configured(builder, config))
                .asyncConfiguration(DynamoClients::completeWhereRead)
                .build();
    }

    /// Futures complete on the thread that reads the response, which saves a thread switch: [Dynamo] returns to the
    /// caller's thread anyway.
    private static void completeWhereRead(ClientAsyncConfiguration.Builder async) {
        async.advancedOption(SdkAdvancedAsyncClientOption.FUTURE_COMPLETION_EXECUTOR, Runnable::run);
    }

    private static ClientOverrideConfiguration configured(DynamoDbAsyncClientBuilder builder, DynamoConfig config) {
        return builder.overrideConfiguration().toBuilder()
                .retryStrategy(DefaultRetryStrategy.doNotRetry())
                .apiCallTimeout(config.timeout())
                .build();
    }

    private static NettyNioAsyncHttpClient.Builder http(DynamoConfig config) {
        return NettyNioAsyncHttpClient.builder()
                .maxConcurrency(config.maxConcurrency())
                .maxPendingConnectionAcquires(config.queueSize())
                .connectionAcquisitionTimeout(config.timeout())
                .connectionTimeout(config.connectTimeout())
                .tlsNegotiationTimeout(config.connectTimeout())
                .connectionMaxIdleTime(config.idleTimeout())
                .tcpKeepAlive(true);
    }

    /// @param builder the builder of this Region's client, which is not changed
    @Produces
    @Singleton
    DynamoReplicas replicas(
            DynamoDbAsyncClient client, DynamoDbAsyncClientBuilder builder, DynamoConfig config, RegionConfig region) {
        var local = new Replica(region.name(), client);
        var fallback = config.fallback();
        if (!fallback.enabled()) return new DynamoReplicas(local, Optional.empty());
        var name = fallback.region()
                .filter(other -> !other.equals(region.name()))
                .orElseThrow(
                        () -> new ConfigurationException("meridian.dynamo.fallback.region must name another Region"));
        // Same credentials, bounds and traces.
        var other = DynamoDbAsyncClient.builder()
                .asyncConfiguration(DynamoClients::completeWhereRead)
                .region(Region.of(name))
                .credentialsProvider(client.serviceClientConfiguration().credentialsProvider())
                .overrideConfiguration(configured(builder, config))
                .httpClientBuilder(http(config));
        fallback.endpoint().ifPresent(other::endpointOverride);
        return new DynamoReplicas(local, Optional.of(new Replica(name, other.build())));
    }
}
