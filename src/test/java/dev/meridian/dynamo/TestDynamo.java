package dev.meridian.dynamo;

import dev.meridian.aws.TestCredentials;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

/// The bridge to DynamoDB outside a running service, for responses that a real store does not give on demand.
public final class TestDynamo {
    private TestDynamo() {}

    /// @param client a fake that the test controls
    public static Dynamo over(DynamoDbAsyncClient client) {
        return over(client, Map.of());
    }

    /// With time enough for a local store on a busy machine.
    static Dynamo patient(DynamoDbAsyncClient client) {
        return over(client, Map.of("meridian.dynamo.timeout", "30s", "meridian.dynamo.attempt-timeout", "15s"));
    }

    private static Dynamo over(DynamoDbAsyncClient client, Map<String, String> settings) {
        var config = new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .withDefaultValues(settings)
                .withMapping(DynamoConfig.class)
                .withMapping(TablesConfig.class)
                .build();
        var bounds = config.getConfigMapping(DynamoConfig.class);
        var tables = config.getConfigMapping(TablesConfig.class);
        var here = new DynamoReplicas(new DynamoReplicas.Replica("eu-west-1", client), Optional.empty());
        var meters = new SimpleMeterRegistry();
        return new Dynamo(
                new DynamoFailover(here, bounds, tables, meters, null), bounds, tables, meters, TestCredentials.none());
    }
}
