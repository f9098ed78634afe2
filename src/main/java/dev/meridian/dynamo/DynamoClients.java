package dev.meridian.dynamo;

import dev.meridian.dynamo.DynamoConfig.ClientKind;
import dev.meridian.dynamo.DynamoReplicas.Replica;
import dev.meridian.shared.RegionConfig;
import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.net.URI;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

/// The DynamoDB clients: one of this Region, and one of the fallback Region if there is one. No client repeats a
/// call: [Dynamo] repeats those that are safe to repeat.
@Singleton
final class DynamoClients {
    private final DynamoConfig config;
    private final OwnClients own;
    private final SdkClients sdk;

    DynamoClients(DynamoConfig config, OwnClients own, SdkClients sdk) {
        this.config = config;
        this.own = own;
        this.sdk = sdk;
    }

    /// Of this Region. The extension of Quarkus makes a builder for [SdkClients] only where a client is injected.
    @Produces
    @Singleton
    DynamoDbAsyncClient local(
            RegionConfig region, @ConfigProperty(name = "quarkus.dynamodb.endpoint-override") Optional<URI> endpoint) {
        return isOwn() ? own.of(region.name(), endpoint) : sdk.here();
    }

    void close(@Disposes DynamoDbAsyncClient local) {
        local.close();
    }

    private boolean isOwn() {
        return config.client() == ClientKind.OWN;
    }

    @Produces
    @Singleton
    DynamoReplicas replicas(RegionConfig region, DynamoDbAsyncClient client) {
        var local = new Replica(region.name(), client);
        var fallback = config.fallback();
        if (!fallback.enabled()) return new DynamoReplicas(local, Optional.empty());
        var name = fallback.region()
                .filter(other -> !other.equals(region.name()))
                .orElseThrow(
                        () -> new ConfigurationException("meridian.dynamo.fallback.region must name another Region"));
        var other = isOwn() ? own.of(name, fallback.endpoint()) : sdk.of(name, fallback.endpoint());
        return new DynamoReplicas(local, Optional.of(new Replica(name, other)));
    }
}
