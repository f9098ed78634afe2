package dev.meridian.cart;

import static dev.meridian.dynamo.Attributes.s;
import static dev.meridian.dynamo.Attributes.text;

import dev.meridian.dynamo.Dynamo;
import dev.meridian.dynamo.DynamoTable;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/// Deletes items of `carts`, whatever version wrote them. See [CartRepository] for the items.
@ApplicationScoped
class CartErasureRepository {
    private static final int AT_ONCE = 8;

    private final Dynamo dynamo;

    CartErasureRepository(Dynamo dynamo) {
        this.dynamo = dynamo;
    }

    /// The sort keys of a cart's items, strongly consistent: one call for each MB.
    Uni<List<String>> keys(String customerId) {
        return keys(customerId, null, new ArrayList<>());
    }

    private Uni<List<String>> keys(String customerId, Map<String, AttributeValue> start, List<String> found) {
        return dynamo.idempotent(
                        "cart-keys",
                        client -> client.query(r -> r.tableName(dynamo.name(DynamoTable.CARTS))
                                .keyConditionExpression("customerId = :customer")
                                .expressionAttributeValues(Map.of(":customer", s(customerId)))
                                .projectionExpression("productRegion")
                                .consistentRead(true)
                                .exclusiveStartKey(start)))
                .chain(page -> {
                    page.items().forEach(item -> found.add(text(item, "productRegion")));
                    return page.hasLastEvaluatedKey()
                                    && !page.lastEvaluatedKey().isEmpty()
                            ? keys(customerId, page.lastEvaluatedKey(), found)
                            : Uni.createFrom().item(found);
                });
    }

    /// Deletes items. May run twice.
    Uni<Void> deleteAll(String customerId, List<String> keys) {
        return Multi.createFrom()
                .iterable(keys)
                .onItem()
                .transformToUni(key -> delete(customerId, key))
                .merge(AT_ONCE)
                .collect()
                .last()
                .replaceWithVoid();
    }

    private Uni<Void> delete(String customerId, String key) {
        return dynamo.idempotent(
                        "cart-erase",
                        client -> client.deleteItem(r -> r.tableName(dynamo.name(DynamoTable.CARTS))
                                .key(Map.of("customerId", s(customerId), "productRegion", s(key)))))
                .replaceWithVoid();
    }
}
