package dev.meridian.cart;

import static dev.meridian.dynamo.Attributes.n;
import static dev.meridian.dynamo.Attributes.number;
import static dev.meridian.dynamo.Attributes.s;
import static dev.meridian.dynamo.Attributes.text;

import dev.meridian.dynamo.Dynamo;
import dev.meridian.dynamo.DynamoTable;
import dev.meridian.shared.NewerFormat;
import dev.meridian.shared.ProblemException;
import dev.meridian.shared.RegionConfig;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;

/// Items of `carts`: key `customerId` and `productRegion`, the product and the Region that writes the item,
/// `p-17#eu-west-1`, or `#all#eu-west-1` for the Region's last clearing of the cart. `version`, a ULID,
/// changes with each write; `line` is the [LineState] as [LineText]; `expiresAt`, epoch seconds, the table's
/// TTL attribute.
@ApplicationScoped
class CartRepository {
    private static final String TABLE = DynamoTable.CARTS.baseName();
    private static final String RANGE_KEY = "productRegion";
    private static final char SEPARATOR = '#';

    private final Dynamo dynamo;
    private final String region;

    CartRepository(Dynamo dynamo, RegionConfig region) {
        this.dynamo = dynamo;
        this.region = region.name();
    }

    /// The current writer. It writes its items in one replica only: if two replicas wrote one item, the
    /// later write would undo the other.
    CartWriter writer() {
        var fallbackRegion = dynamo.fallbackRegion();
        return new CartWriter(fallbackRegion.map(other -> region + "~" + other).orElse(region), fallbackRegion);
    }

    /// Reads a cart, strongly consistent for the writer's replica: one call for each MB.
    Uni<Cart> read(String customerId, CartWriter writer) {
        return items(customerId, writer, null, new ArrayList<>()).map(CartRepository::cart);
    }

    /// @param found the items of the pages before; more are added
    private Uni<List<Map<String, AttributeValue>>> items(
            String customerId,
            CartWriter writer,
            Map<String, AttributeValue> start,
            List<Map<String, AttributeValue>> found) {
        return dynamo.idempotent(
                        "cart-list",
                        writer.fallbackRegion(),
                        client -> client.query(r -> r.tableName(dynamo.name(DynamoTable.CARTS))
                                .keyConditionExpression("customerId = :customer")
                                .expressionAttributeValues(Map.of(":customer", s(customerId)))
                                .consistentRead(true)
                                .exclusiveStartKey(start)))
                .chain(page -> {
                    found.addAll(page.items());
                    return page.hasLastEvaluatedKey()
                            ? items(customerId, writer, page.lastEvaluatedKey(), found)
                            : Uni.createFrom().item(found);
                });
    }

    private static Cart cart(List<Map<String, AttributeValue>> items) {
        var parts = new TreeMap<String, Map<String, LinePart>>();
        var newer = new HashSet<String>();
        long now = Instant.now().getEpochSecond();
        for (var item : items) {
            var name = text(item, RANGE_KEY);
            var productId = name.substring(0, Math.max(0, name.lastIndexOf(SEPARATOR)));
            var part = NewerFormat.ifReadable(TABLE, item, row -> part(row, now));
            if (part.isEmpty()) newer.add(productId);
            else parts.merge(productId, Map.of(part.get().writer(), part.get()), CartRepository::both);
        }
        return new Cart(parts, newer);
    }

    /// Few lines have more than one part.
    private static Map<String, LinePart> both(Map<String, LinePart> a, Map<String, LinePart> b) {
        var parts = new TreeMap<>(a);
        parts.putAll(b);
        return parts;
    }

    /// Writes an item if it is still as it was read. May run twice.
    ///
    /// @param operation for metrics
    /// @return empty when it is written, else the item as it is now
    Uni<Optional<LinePart>> write(String operation, CartWriter writer, LineWrite write) {
        return dynamo.idempotent(operation, writer.fallbackRegion(), client -> client.putItem(put(write)))
                .map(_ -> Optional.<LinePart>empty())
                .onFailure(ConditionalCheckFailedException.class)
                .recoverWithUni(failure -> Uni.createFrom().item(() -> conflict(write, failure.item())));
    }

    private PutItemRequest put(LineWrite write) {
        var request = PutItemRequest.builder()
                .tableName(dynamo.name(DynamoTable.CARTS))
                .item(item(write))
                .conditionExpression(condition(write))
                .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD);
        if (!values(write).isEmpty()) request.expressionAttributeValues(values(write));
        return request.build();
    }

    /// That the item is as it was read.
    static String condition(LineWrite write) {
        return write.seen().version().isEmpty() ? "attribute_not_exists(customerId)" : "version = :seen";
    }

    /// The values of the condition; empty for none.
    static Map<String, AttributeValue> values(LineWrite write) {
        var seen = write.seen().version();
        return seen.isEmpty() ? Map.of() : Map.of(":seen", s(seen));
    }

    /// What stood against a write.
    ///
    /// @param item the item as it is now; empty when it is gone
    /// @return empty when it is this very write, whose first answer was lost
    static Optional<LinePart> conflict(LineWrite write, Map<String, AttributeValue> item) {
        if (item == null || item.isEmpty()) {
            return Optional.of(LinePart.none(write.next().writer()));
        }
        var now = NewerFormat.one(TABLE, item, row -> part(row, Instant.now().getEpochSecond()));
        return now.version().equals(write.next().version()) ? Optional.empty() : Optional.of(now);
    }

    /// The problem when every attempt conflicts with other writes of the same cart.
    static ProblemException busy() {
        return ProblemException.unavailable("The cart is changed by too many requests at once.", null);
    }

    static Map<String, AttributeValue> key(String customerId, String productId, String writer) {
        return Map.of("customerId", s(customerId), RANGE_KEY, s(productId + SEPARATOR + writer));
    }

    static Map<String, AttributeValue> item(LineWrite write) {
        var part = write.next();
        var item = new HashMap<>(key(write.customerId(), write.productId(), part.writer()));
        item.put("version", s(part.version()));
        item.put("line", s(LineText.of(part.state())));
        item.put("expiresAt", n(part.expiresAt().getEpochSecond()));
        return item;
    }

    /// An item that has expired but is not deleted yet counts as nothing, whatever else is deleted first.
    ///
    /// @param now epoch seconds
    private static LinePart part(Map<String, AttributeValue> item, long now) {
        var name = text(item, RANGE_KEY);
        long end = number(item, "expiresAt");
        var state = LineText.parse(text(item, "line"));
        return new LinePart(
                name.substring(name.lastIndexOf(SEPARATOR) + 1),
                text(item, "version"),
                end > now ? state : LineState.NOTHING,
                Instant.ofEpochSecond(end));
    }
}
