package dev.meridian.dynamo;

import dev.meridian.dynamo.DynamoConfig.ClientKind;
import dev.meridian.dynamo.DynamoReplicas.Replica;
import dev.meridian.shared.RegionConfig;
import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.net.URI;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/// The DynamoDB clients: one of this Region, and one of the fallback Region if there is one. No client repeats a call:
/// [Dynamo] repeats those that are safe to repeat.
final class DynamoClients {
    private final DynamoConfig config;
    private final OwnClients own;
    private final SdkClients sdk;

    DynamoClients(DynamoConfig config, OwnClients own, SdkClients sdk) {
        this.config = config;
        this.own = own;
        this.sdk = sdk;
    }

    @Produces
    @Singleton
    DynamoReplicas replicas(
            RegionConfig region, @ConfigProperty(name = "quarkus.dynamodb.endpoint-override") Optional<URI> endpoint) {
        var isOwn = config.client() == ClientKind.OWN;
        var local = new Replica(region.name(), isOwn ? own.of(region.name(), endpoint) : sdk.here());
        var fallback = config.fallback();
        if (!fallback.enabled()) return new DynamoReplicas(local, Optional.empty());
        var name = fallback.region()
                .filter(other -> !other.equals(region.name()))
                .orElseThrow(
                        () -> new ConfigurationException("meridian.dynamo.fallback.region must name another Region"));
        var other = isOwn ? own.of(name, fallback.endpoint()) : sdk.of(name, fallback.endpoint());
        return new DynamoReplicas(local, Optional.of(new Replica(name, other)));
    }
}
