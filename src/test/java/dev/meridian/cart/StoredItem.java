package dev.meridian.cart;

import dev.meridian.testing.StoresResource;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/// The item of this Region for a line, in the table `carts`.
final class StoredItem {
    private StoredItem() {}

    /// The attributes; empty when there is no item.
    static Map<String, AttributeValue> of(String customerId, String productId) {
        try (var client = StoresResource.dynamo()) {
            return client.getItem(r -> r.tableName("meridian-carts")
                            .key(CartRepository.key(customerId, productId, "eu-west-1"))
                            .consistentRead(true))
                    .join()
                    .item();
        }
    }

    static void put(Map<String, AttributeValue> item) {
        try (var client = StoresResource.dynamo()) {
            client.putItem(r -> r.tableName("meridian-carts").item(item)).join();
        }
    }
}
