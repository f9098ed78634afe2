package dev.meridian.cart;

import static dev.meridian.dynamo.Attributes.n;

import dev.meridian.dynamo.Dynamo;
import dev.meridian.dynamo.DynamoTable;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import java.util.UUID;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;

/// The one write of `carts` that touches two items: it moves a line to another cart. See [CartRepository] for the
/// items.
@ApplicationScoped
class CartMergeRepository {
    private final Dynamo dynamo;
    private final CartConfig config;

    CartMergeRepository(Dynamo dynamo, CartConfig config) {
        this.dynamo = dynamo;
        this.config = config;
    }

    /// Moves a line to another cart in one transaction. May run twice: the second time finds nothing to move.
    ///
    /// @param line the line as it was read in the source cart
    Uni<MoveOutcome> move(String from, String to, CartItem line) {
        var table = dynamo.name(DynamoTable.CARTS);
        var values = CartRepository.values(line, config.quantityMax());
        var add = TransactWriteItem.builder()
                .update(u -> u.tableName(table)
                        .key(CartRepository.key(to, line.itemId()))
                        .updateExpression("SET unitPriceMinor = if_not_exists(unitPriceMinor, :price)"
                                + CartRepository.UNMARK + " ADD quantity :more")
                        .conditionExpression(CartRepository.ROOM)
                        .expressionAttributeValues(values))
                .build();
        var remove = TransactWriteItem.builder()
                .delete(d -> d.tableName(table)
                        .key(CartRepository.key(from, line.itemId()))
                        .conditionExpression("quantity = :quantity")
                        .expressionAttributeValues(Map.of(":quantity", n(line.quantity())))
                        .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD))
                .build();
        // One token for all tries: a repeat after a lost answer is answered as the first, and not "nothing to move".
        var transaction = TransactWriteItemsRequest.builder()
                .transactItems(add, remove)
                .clientRequestToken(UUID.randomUUID().toString())
                .build();
        return dynamo.idempotent("cart-move", client -> client.transactWriteItems(transaction))
                .<MoveOutcome>map(_ -> new MoveOutcome.Done())
                .onFailure(TransactionCanceledException.class)
                .recoverWithUni(failure -> Uni.createFrom().item(() -> moved(line, failure)));
    }

    private static MoveOutcome moved(CartItem line, TransactionCanceledException failure) {
        var removed = failure.cancellationReasons().getLast();
        if (isCondition(removed)) {
            return removed.hasItem() && CartRepository.isLine(removed.item())
                    ? new MoveOutcome.Changed(CartRepository.one(line.itemId(), removed.item()))
                    : new MoveOutcome.Gone();
        }
        if (isCondition(failure.cancellationReasons().getFirst())) return new MoveOutcome.TooMany();
        throw failure;
    }

    private static boolean isCondition(CancellationReason reason) {
        return "ConditionalCheckFailed".equals(reason.code());
    }
}
