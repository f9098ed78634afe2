package dev.meridian.cart;

import static dev.meridian.dynamo.Attributes.n;
import static dev.meridian.dynamo.Attributes.number;
import static dev.meridian.dynamo.Attributes.s;
import static dev.meridian.dynamo.Attributes.text;

import dev.meridian.dynamo.Dynamo;
import dev.meridian.dynamo.DynamoTable;
import dev.meridian.shared.Cursor;
import dev.meridian.shared.Ids;
import dev.meridian.shared.Money;
import dev.meridian.shared.NewerFormat;
import dev.meridian.shared.Page;
import dev.meridian.shared.ProblemException;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/// Items of `carts`: key `customerId`, `productId`; `quantity`; `unitPriceMinor`; `recentKeys` and
/// `formerKeys`, the idempotency keys of the adds of this line.
///
/// For each key the line keeps two hashes: of the key, and of the key with the quantity. So a key that is
/// reused with another quantity is found. When `recentKeys` is full it becomes `formerKeys`, and the older
/// `formerKeys` are dropped: a set has no order, so single keys cannot be dropped by age.
///
/// An item without `quantity` is not a line but a tombstone: the removal (`removedAt`) of a line that this
/// Region does not have. Without the tombstone nothing would be replicated, and a line that arrives later from
/// another Region would stay. The table's TTL (`expiresAt`, epoch seconds) deletes tombstones; lines do not
/// expire.
@ApplicationScoped
class CartRepository {
    private static final String TABLE = DynamoTable.CARTS.baseName();

    /// The sum with `:more` stays within the bound.
    static final String ROOM = "(attribute_not_exists(quantity) OR quantity <= :room)";
    /// Removes the attributes that only a tombstone has.
    static final String UNMARK = " REMOVE removedAt, expiresAt";

    private static final String NEW_KEY = " AND NOT contains(recentKeys, :key) AND NOT contains(formerKeys, :key)";

    /// 65 bits: enough to distinguish a few hundred keys of one line.
    private static final int KEY_LENGTH = 13;

    private static final int ENTRIES_PER_KEY = 2;
    /// The most items that BatchWriteItem takes (DynamoDB API reference, BatchWriteItem).
    private static final int BATCH = 25;

    private final Dynamo dynamo;
    private final CartConfig config;

    CartRepository(Dynamo dynamo, CartConfig config) {
        this.dynamo = dynamo;
        this.config = config;
    }

    /// Adds units to a line, or creates it.
    ///
    /// @param more the product, the units to add and the price that the line has from now on
    Uni<AddOutcome> add(String customerId, CartItem more) {
        var request = update(customerId, more.itemId())
                .updateExpression("SET unitPriceMinor = :price" + UNMARK + " ADD quantity :more")
                .conditionExpression(ROOM)
                .expressionAttributeValues(values(more, config.quantityMax()))
                .build();
        return dynamo.once("cart-add", client -> client.updateItem(request))
                .<AddOutcome>map(response -> new AddOutcome.Done(one(more.itemId(), response.attributes())))
                .onFailure(ConditionalCheckFailedException.class)
                .recoverWithUni(failure ->
                        Uni.createFrom().item(() -> new AddOutcome.TooMany(one(more.itemId(), failure.item()))));
    }

    /// Adds units to a line, or creates it, once for each idempotency key that the line remembers.
    ///
    /// @param more the product, the units to add and the price that the line has from now on
    Uni<AddOutcome> add(String customerId, CartItem more, String idempotencyKey) {
        return add(customerId, more, Ids.derive("cart-add", idempotencyKey).substring(KEY_LENGTH), false, 1);
    }

    /// @param renew whether `recentKeys` is full, so that it becomes `formerKeys`
    private Uni<AddOutcome> add(String customerId, CartItem more, String key, boolean renew, int attempt) {
        var entry = key + "*" + more.quantity();
        var values = values(more, config.quantityMax());
        values.put(":key", s(key));
        values.put(":keys", AttributeValue.fromSs(List.of(key, entry)));
        values.put(":full", n((long) config.idempotencyKeysMax() * ENTRIES_PER_KEY));
        var request = update(customerId, more.itemId())
                .updateExpression(
                        renew
                                ? "SET unitPriceMinor = :price, quantity = quantity + :more, "
                                        + "formerKeys = recentKeys, recentKeys = :keys"
                                : "SET unitPriceMinor = :price" + UNMARK + " ADD quantity :more, recentKeys :keys")
                .conditionExpression(ROOM + NEW_KEY + " AND "
                        + (renew
                                ? "size(recentKeys) >= :full"
                                : "(attribute_not_exists(recentKeys) OR size(recentKeys) < :full)"))
                .expressionAttributeValues(values)
                .build();
        return dynamo.idempotent("cart-add", client -> client.updateItem(request))
                .<AddOutcome>map(response -> new AddOutcome.Done(one(more.itemId(), response.attributes())))
                .onFailure(ConditionalCheckFailedException.class)
                .recoverWithUni(failure -> {
                    var item = failure.item();
                    var recent = keys(item, "recentKeys");
                    var former = keys(item, "formerKeys");
                    if (recent.contains(key) || former.contains(key)) {
                        return Uni.createFrom()
                                .item(
                                        recent.contains(entry) || former.contains(entry)
                                                ? new AddOutcome.Done(one(more.itemId(), item))
                                                : new AddOutcome.KeyReused());
                    }
                    var line = one(more.itemId(), item);
                    if (line.quantity() > config.quantityMax() - more.quantity()) {
                        return Uni.createFrom().item(new AddOutcome.TooMany(line));
                    }
                    if (attempt >= config.attemptsMax()) return Uni.createFrom().failure(busy(failure));
                    return add(customerId, more, key, !renew, attempt + 1);
                });
    }

    /// Sets a line to absolute values. The time is written too, so that every set changes the item: DynamoDB
    /// does not replicate a write that changes nothing, and an earlier edit in another Region would win.
    Uni<CartItem> set(String customerId, CartItem line) {
        return dynamo.idempotent(
                        "cart-set",
                        client -> client.updateItem(r -> r.tableName(dynamo.name(DynamoTable.CARTS))
                                .key(key(customerId, line.itemId()))
                                .updateExpression(
                                        "SET quantity = :quantity, unitPriceMinor = :price, changedAt = :now" + UNMARK)
                                .expressionAttributeValues(Map.of(
                                        ":quantity", n(line.quantity()),
                                        ":price", n(line.unitPrice().minor()),
                                        ":now", s(Instant.now().toString())))))
                .replaceWith(line);
    }

    /// Reads one line, strongly consistent.
    Uni<Optional<CartItem>> find(String customerId, String productId) {
        return dynamo.idempotent(
                        "cart-line",
                        client -> client.getItem(r -> r.tableName(dynamo.name(DynamoTable.CARTS))
                                .key(key(customerId, productId))
                                .consistentRead(true)))
                .map(response ->
                        isLine(response.item()) ? Optional.of(one(productId, response.item())) : Optional.empty());
    }

    /// One page of lines by product id, strongly consistent.
    Uni<Page<CartItem>> list(String customerId, int limit, Optional<String> cursor) {
        var start = cursor.map(CartRepository::productOf).map(productId -> key(customerId, productId));
        return dynamo.idempotent(
                        "cart-list",
                        client -> client.query(r -> r.tableName(dynamo.name(DynamoTable.CARTS))
                                .keyConditionExpression("customerId = :customer")
                                .expressionAttributeValues(Map.of(":customer", s(customerId)))
                                .projectionExpression("productId, quantity, unitPriceMinor")
                                .consistentRead(true)
                                .exclusiveStartKey(start.orElse(null))
                                .limit(limit)))
                .map(response -> new Page<>(
                        NewerFormat.readable(
                                TABLE,
                                response.items().stream()
                                        .filter(CartRepository::isLine)
                                        .toList(),
                                item -> line(text(item, "productId"), item)),
                        response.hasLastEvaluatedKey()
                                ? Optional.of(Cursor.encode(text(response.lastEvaluatedKey(), "productId")))
                                : Optional.empty()));
    }

    /// Removes a line. Without a line it leaves a tombstone, which wins over earlier edits in other Regions.
    Uni<Void> remove(String customerId, String productId) {
        return dynamo.idempotent(
                        "cart-remove",
                        client -> client.deleteItem(r -> r.tableName(dynamo.name(DynamoTable.CARTS))
                                .key(key(customerId, productId))
                                .returnValues("ALL_OLD")))
                .chain(response -> isLine(response.attributes())
                        ? Uni.createFrom().voidItem()
                        : markRemoved(customerId, productId));
    }

    private Uni<Void> markRemoved(String customerId, String productId) {
        var now = Instant.now();
        return dynamo.idempotent(
                        "cart-remove-mark",
                        client -> client.updateItem(r -> r.tableName(dynamo.name(DynamoTable.CARTS))
                                .key(key(customerId, productId))
                                .updateExpression("SET removedAt = :now, expiresAt = :end")
                                .conditionExpression("attribute_not_exists(quantity)")
                                .expressionAttributeValues(Map.of(
                                        ":now", s(now.toString()),
                                        ":end", n(now.plus(config.removalKept()).getEpochSecond())))))
                .replaceWithVoid()
                .onFailure(ConditionalCheckFailedException.class)
                .recoverWithNull();
    }

    /// Removes all lines. A line that is written at the same time may stay.
    Uni<Void> clear(String customerId) {
        return clear(customerId, Optional.empty());
    }

    private Uni<Void> clear(String customerId, Optional<String> cursor) {
        return list(customerId, BATCH, cursor).chain(page -> {
            if (page.items().isEmpty())
                return page.next().isEmpty() ? Uni.createFrom().voidItem() : clear(customerId, page.next());
            var deletes = page.items().stream()
                    .map(line -> WriteRequest.builder()
                            .deleteRequest(d -> d.key(key(customerId, line.itemId())))
                            .build())
                    .toList();
            return dynamo.batchWrite("cart-clear", Map.of(dynamo.name(DynamoTable.CARTS), deletes))
                    .chain(() -> page.next().isPresent()
                            ? clear(customerId, page.next())
                            : Uni.createFrom().voidItem());
        });
    }

    /// The problem when every attempt conflicts with other writes of the same cart.
    static ProblemException busy(Throwable cause) {
        return ProblemException.unavailable("The cart is changed by too many requests at once.", cause);
    }

    private UpdateItemRequest.Builder update(String customerId, String productId) {
        return UpdateItemRequest.builder()
                .tableName(dynamo.name(DynamoTable.CARTS))
                .key(key(customerId, productId))
                .returnValues("UPDATED_NEW")
                .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD);
    }

    /// The values of an update that adds units under the condition [#ROOM].
    ///
    /// @param quantityMax the largest quantity of a line
    static Map<String, AttributeValue> values(CartItem more, int quantityMax) {
        var values = new HashMap<String, AttributeValue>();
        values.put(":more", n(more.quantity()));
        values.put(":price", n(more.unitPrice().minor()));
        values.put(":room", n(quantityMax - more.quantity()));
        return values;
    }

    private static String productOf(String cursor) {
        var productId = Cursor.decode(cursor, 1).getFirst();
        if (!productId.matches(Ids.PATTERN)) {
            throw Cursor.invalid();
        }
        return productId;
    }

    private static Set<String> keys(Map<String, AttributeValue> item, String attribute) {
        return item.containsKey(attribute) ? Set.copyOf(item.get(attribute).ss()) : Set.of();
    }

    /// Whether the item is a line, not a tombstone, and not empty.
    static boolean isLine(Map<String, AttributeValue> item) {
        return item.containsKey("quantity");
    }

    /// @throws ProblemException 503 when a newer version wrote the line
    static CartItem one(String productId, Map<String, AttributeValue> item) {
        return NewerFormat.one(TABLE, item, row -> line(productId, row));
    }

    private static CartItem line(String productId, Map<String, AttributeValue> item) {
        return new CartItem(productId, (int) number(item, "quantity"), new Money(number(item, "unitPriceMinor")));
    }

    static Map<String, AttributeValue> key(String customerId, String productId) {
        return Map.of("customerId", s(customerId), "productId", s(productId));
    }
}
