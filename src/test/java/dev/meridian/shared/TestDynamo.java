package dev.meridian.shared;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.config.SmallRyeConfigBuilder;
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
        return new Dynamo(client, config.getConfigMapping(StoreConfig.class), new SimpleMeterRegistry());
    }
}
