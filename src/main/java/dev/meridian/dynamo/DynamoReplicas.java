package dev.meridian.dynamo;

import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

/// The replicas that this process knows.
///
/// @param local this Region's
/// @param fallback another Region's, where one is configured
record DynamoReplicas(Replica local, Optional<Replica> fallback) {
    /// A replica.
    ///
    /// @param region its Region
    /// @param client the client of that Region
    record Replica(String region, DynamoDbAsyncClient client) {}
}
