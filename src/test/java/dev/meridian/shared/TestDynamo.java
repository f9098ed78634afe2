package dev.meridian.shared;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

/// The bridge to DynamoDB outside a running service, for answers that a real store does not give on demand.
public final class TestDynamo {
    private TestDynamo() {}

    /// @param client answers as the test wants
    public static Dynamo over(DynamoDbAsyncClient client) {
        var config = new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .withMapping(StoreConfig.class)
                .build();
        var stores = config.getConfigMapping(StoreConfig.class);
        var here = new DynamoReplicas(new DynamoReplicas.Route("eu-west-1", client), Optional.empty());
        var meters = new SimpleMeterRegistry();
        return new Dynamo(new DynamoRoutes(here, stores, meters, null), stores, meters);
    }
}
