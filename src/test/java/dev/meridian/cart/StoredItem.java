package dev.meridian.cart;

import dev.meridian.testing.StoresResource;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/// An item of the table `carts`: a line or a tombstone.
final class StoredItem {
    private StoredItem() {}

    /// The attributes; empty when there is no item.
    static Map<String, AttributeValue> of(String customerId, String productId) {
        try (var client = StoresResource.dynamo()) {
            return client.getItem(r -> r.tableName("meridian-carts")
                            .key(CartRepository.key(customerId, productId))
                            .consistentRead(true))
                    .join()
                    .item();
        }
    }
}
