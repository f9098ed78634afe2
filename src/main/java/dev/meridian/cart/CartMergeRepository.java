package dev.meridian.cart;

import dev.meridian.dynamo.Dynamo;
import dev.meridian.dynamo.DynamoTable;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;

/// The one write of `carts` that touches two items: a line of each of two carts. See [CartRepository] for
/// the items.
@ApplicationScoped
class CartMergeRepository {
    private final Dynamo dynamo;

    CartMergeRepository(Dynamo dynamo) {
        this.dynamo = dynamo;
    }

    /// Writes both items if both are still as they were read, else none. May run twice.
    ///
    /// @return for each write the item that stood against it; all empty when they are written
    Uni<List<Optional<LinePart>>> write(CartWriter writer, List<LineWrite> writes) {
        // One token for all tries: a repeat after a lost answer is answered as the first.
        var transaction = TransactWriteItemsRequest.builder()
                .transactItems(writes.stream().map(this::put).toList())
                .clientRequestToken(UUID.randomUUID().toString())
                .build();
        return dynamo.idempotent("cart-move", writer.fallbackRegion(), client -> client.transactWriteItems(transaction))
                .map(_ -> writes.stream().map(_ -> Optional.<LinePart>empty()).toList())
                .onFailure(TransactionCanceledException.class)
                .recoverWithUni(failure -> Uni.createFrom().item(() -> conflicts(writes, failure)));
    }

    private TransactWriteItem put(LineWrite write) {
        var values = CartRepository.values(write);
        return TransactWriteItem.builder()
                .put(p -> p.tableName(dynamo.name(DynamoTable.CARTS))
                        .item(CartRepository.item(write))
                        .conditionExpression(CartRepository.condition(write))
                        .expressionAttributeValues(values.isEmpty() ? null : values)
                        .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD))
                .build();
    }

    private static List<Optional<LinePart>> conflicts(List<LineWrite> writes, TransactionCanceledException failure) {
        var reasons = failure.cancellationReasons();
        if (reasons.stream().noneMatch(CartMergeRepository::isCondition)) throw failure;
        var now = new ArrayList<Optional<LinePart>>();
        for (int i = 0; i < writes.size(); i++) {
            var reason = reasons.get(i);
            now.add(isCondition(reason) ? CartRepository.conflict(writes.get(i), reason.item()) : Optional.empty());
        }
        return now;
    }

    private static boolean isCondition(CancellationReason reason) {
        return "ConditionalCheckFailed".equals(reason.code());
    }
}
