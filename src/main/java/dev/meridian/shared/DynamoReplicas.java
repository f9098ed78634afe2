package dev.meridian.shared;

import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

/// The replicas that this process knows.
///
/// @param local this Region's
/// @param fallback another Region's, where one is configured
record DynamoReplicas(Route local, Optional<Route> fallback) {
    /// A replica.
    ///
    /// @param region whose it is
    /// @param client of that Region
    record Route(String region, DynamoDbAsyncClient client) {}
}
