package dev.meridian.cart;

import java.net.URI;
import java.util.Map;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/// What the table `carts` holds, line or mark.
final class StoredItem {
    private StoredItem() {}

    /// The attributes; empty when there is no item.
    static Map<String, AttributeValue> of(String customerId, String productId) {
        try (var client = DynamoDbAsyncClient.builder()
                .endpointOverride(URI.create(System.getProperty("stores.quarkus.dynamodb.endpoint-override")))
                .region(Region.EU_WEST_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")))
                .build()) {
            return client.getItem(r -> r.tableName("meridian-carts")
                            .key(CartRepository.key(customerId, productId))
                            .consistentRead(true))
                    .join()
                    .item();
        }
    }
}
