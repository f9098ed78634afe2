package dev.meridian.order;

import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toUnmodifiableMap;

import dev.meridian.dynamo.Dynamo;
import dev.meridian.dynamo.DynamoTable;
import dev.meridian.shared.Money;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;

/// Items of `order-journal`: key `orderId`. While an entry is open (state `ACCEPTED`) it has the hash keys of
/// two sparse indexes: `openShard` (`OpenIndex`, for whoever carries open entries out) and `openCustomerId`
/// (`OpenCustomerIndex`, for a customer's list), both sorted by `acceptedAt`. A closed entry has `closedShard` and
/// `closedAt` (`ClosedIndex`, for the check after a writer change); one that a new writer lacked has `recoveryShard`
/// and `foundAt` for good (`RecoveryIndex`, the report). [JournalIndexRepository] reads these indexes.
///
/// Only conditional writes of single items: no transactions and no TTL, so that a deployment may make the table
/// strongly consistent across Regions (MRSC).
@ApplicationScoped
class JournalRepository {
    /// The one partition of `RecoveryIndex`: failovers are rare, and few orders are lost in one.
    static final String MISSING = "missing";
    /// Of fixed length, so that it sorts as text.
    static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private static final String OPEN = Order.Status.ACCEPTED.name();
    /// Attributes that not every entry has, those of a recovery left out.
    private static final List<String> OPTIONAL = List.of(
            "reason",
            "pricesAsOf",
            "shippingAddress",
            "openShard",
            "openCustomerId",
            "reopenedAt",
            "closedShard",
            "closedAt");

    private final Dynamo dynamo;
    private final OrderConfig config;

    JournalRepository(Dynamo dynamo, OrderConfig config) {
        this.dynamo = dynamo;
        this.config = config;
    }

    /// Makes a new entry durable, unless the order's id has one.
    ///
    /// @return the entry that stands now: the given one itself, or the one that was there before
    Uni<OrderEntry> accept(OrderEntry entry) {
        return dynamo.idempotent(
                        "order-accept",
                        client -> client.putItem(r -> r.tableName(table())
                                .item(toItem(entry))
                                .conditionExpression("attribute_not_exists(orderId)")
                                .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD)))
                .map(_ -> entry)
                .onFailure(ConditionalCheckFailedException.class)
                .recoverWithItem(failure -> fromItem(failure.item()));
    }

    /// Reads an entry, strongly consistent.
    Uni<Optional<OrderEntry>> find(String orderId) {
        return dynamo.idempotent(
                        "order-journal-get",
                        client -> client.getItem(
                                r -> r.tableName(table()).key(key(orderId)).consistentRead(true)))
                .map(response -> response.hasItem() ? Optional.of(fromItem(response.item())) : Optional.empty());
    }

    /// The open entries of a customer, newest first; eventually consistent.
    ///
    /// @param until none that were taken later
    /// @param limit most entries
    Uni<List<OrderEntry>> findOpen(String customerId, Instant until, int limit) {
        return dynamo.idempotent(
                        "order-journal-open",
                        client -> client.query(r -> r.tableName(table())
                                .indexName("OpenCustomerIndex")
                                .keyConditionExpression("openCustomerId = :customer AND acceptedAt <= :until")
                                .expressionAttributeValues(
                                        Map.of(":customer", s(customerId), ":until", s(TIME.format(until))))
                                .scanIndexForward(false)
                                .limit(limit)))
                .map(response -> response.items().stream()
                        .map(JournalRepository::fromItem)
                        .toList());
    }

    /// Closes an open entry. One that is closed already, is of another request, or was opened lately by a
    /// cancellation that may still be under way, stays as it is.
    ///
    /// @param end the entry with its end
    /// @param reopenedBefore leave entries alone that were opened again at or after this time
    /// @return whether this call closed it
    Uni<Boolean> conclude(OrderEntry end, Instant reopenedBefore) {
        var order = end.order();
        var values = new HashMap<>(Map.of(
                ":open", s(OPEN),
                ":state", s(order.status().name()),
                ":hash", s(end.payloadHash()),
                ":shard", s(shard(order.id())),
                ":now", s(TIME.format(Instant.now())),
                ":before", s(TIME.format(reopenedBefore))));
        if (order.reason() != null) values.put(":reason", s(order.reason()));
        return dynamo.idempotent(
                        "order-conclude",
                        client -> client.updateItem(r -> r.tableName(table())
                                .key(key(order.id()))
                                .updateExpression("SET #state = :state, closedShard = :shard, closedAt = :now"
                                        + (order.reason() == null ? "" : ", reason = :reason")
                                        + " REMOVE openShard, openCustomerId, reopenedAt")
                                .conditionExpression("#state = :open AND payloadHash = :hash"
                                        + " AND (attribute_not_exists(reopenedAt) OR reopenedAt < :before)")
                                .expressionAttributeNames(Map.of("#state", "state"))
                                .expressionAttributeValues(values)))
                .replaceWith(true)
                .onFailure(ConditionalCheckFailedException.class)
                .recoverWithItem(false);
    }

    /// Opens a confirmed entry again, so that from here on SQL is asked what became of the order, whatever
    /// happens to this process.
    ///
    /// @return the entry as it was before; empty when there is none
    Uni<Optional<OrderEntry>> reopen(String orderId) {
        return dynamo.idempotent(
                        "order-reopen",
                        client -> client.updateItem(r -> r.tableName(table())
                                .key(key(orderId))
                                .updateExpression("SET #state = :open, openShard = :shard, openCustomerId = customerId,"
                                        + " reopenedAt = :now REMOVE closedShard, closedAt")
                                .conditionExpression("#state = :confirmed")
                                .expressionAttributeNames(Map.of("#state", "state"))
                                .expressionAttributeValues(Map.of(
                                        ":open", s(OPEN),
                                        ":confirmed", s(Order.Status.CONFIRMED.name()),
                                        ":now", s(TIME.format(Instant.now())),
                                        ":shard", s(shard(orderId))))
                                .returnValues("ALL_OLD")
                                .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD)))
                .map(response -> Optional.of(fromItem(response.attributes())))
                .onFailure(ConditionalCheckFailedException.class)
                .recoverWithItem(
                        failure -> failure.hasItem() ? Optional.of(fromItem(failure.item())) : Optional.empty());
    }

    /// Writes an entry as it is in SQL over one that is open or missing; a cancelled one, which is final, over any.
    /// What the entry says of a recovery stays.
    Uni<Void> store(OrderEntry entry) {
        var isFinal = entry.order().status() == Order.Status.CANCELLED;
        return overwrite("order-journal-store", entry, Map.of(), isFinal ? null : Order.Status.ACCEPTED)
                .replaceWithVoid();
    }

    /// Takes a confirmed entry whose order the writer lacks for open again, for good and for all Regions to see, so
    /// that it is carried out once more; it is in the report of missing orders from here on.
    ///
    /// @return whether this call did it
    Uni<Boolean> markMissing(OrderEntry entry) {
        var id = entry.order().id();
        return dynamo.idempotent(
                        "recovery-mark",
                        client -> client.updateItem(r -> r.tableName(table())
                                .key(key(id))
                                .updateExpression("SET #state = :open, openShard = :shard, openCustomerId = customerId,"
                                        + " recoveryShard = :missing, foundAt = :now, confirmedAt = closedAt"
                                        + " REMOVE closedShard, closedAt, reopenedAt, recoveryNote")
                                .conditionExpression(
                                        "#state = :confirmed AND payloadHash = :hash AND attribute_exists(closedAt)")
                                .expressionAttributeNames(Map.of("#state", "state"))
                                .expressionAttributeValues(Map.of(
                                        ":open", s(OPEN),
                                        ":confirmed", s(Order.Status.CONFIRMED.name()),
                                        ":hash", s(entry.payloadHash()),
                                        ":shard", s(shard(id)),
                                        ":missing", s(MISSING),
                                        ":now", s(TIME.format(Instant.now()))))))
                .replaceWith(true)
                .onFailure(ConditionalCheckFailedException.class)
                .recoverWithItem(false);
    }

    /// Replaces an entry that SQL contradicts by what SQL has, and puts it into the report of missing orders.
    ///
    /// @param seen the entry as it was found; when its state has changed since, nothing is done
    /// @return whether this call did it
    Uni<Boolean> adopt(OrderEntry seen, OrderEntry fromSql, String note) {
        var recovery = Map.of(
                "recoveryShard", s(MISSING),
                "foundAt", s(TIME.format(Instant.now())),
                "recoveryNote", s(note));
        return overwrite("recovery-adopt", fromSql, recovery, seen.order().status());
    }

    /// Sets all attributes of an entry and removes those that it has no more.
    ///
    /// @param expected the state that an entry must have if there is one; null: any
    private Uni<Boolean> overwrite(
            String operation, OrderEntry entry, Map<String, AttributeValue> more, Order.Status expected) {
        var item = toItem(entry);
        item.remove("orderId");
        item.putAll(more);
        var names = new HashMap<String, String>();
        var values = new HashMap<String, AttributeValue>();
        var sets = new StringJoiner(", ", "SET ", "");
        item.forEach((name, value) -> {
            names.put("#" + name, name);
            values.put(":" + name, value);
            sets.add("#" + name + " = :" + name);
        });
        if (!more.isEmpty()) sets.add("confirmedAt = if_not_exists(confirmedAt, closedAt)");
        var gone = OPTIONAL.stream().filter(name -> !item.containsKey(name)).collect(joining(", "));
        if (expected != null) values.put(":expected", s(expected.name()));
        return dynamo.idempotent(
                        operation,
                        client -> client.updateItem(r -> {
                            r.tableName(table())
                                    .key(key(entry.order().id()))
                                    .updateExpression(sets + (gone.isEmpty() ? "" : " REMOVE " + gone))
                                    .expressionAttributeNames(names)
                                    .expressionAttributeValues(values);
                            if (expected != null)
                                r.conditionExpression("attribute_not_exists(orderId) OR #state = :expected");
                        }))
                .replaceWith(true)
                .onFailure(ConditionalCheckFailedException.class)
                .recoverWithItem(false);
    }

    private String table() {
        return dynamo.name(DynamoTable.ORDER_JOURNAL);
    }

    private String shard(String orderId) {
        return Integer.toString(Math.floorMod(orderId.hashCode(), config.journalShards()));
    }

    private HashMap<String, AttributeValue> toItem(OrderEntry entry) {
        var order = entry.order();
        var item = new HashMap<String, AttributeValue>();
        item.put("orderId", s(order.id()));
        item.put("customerId", s(order.customerId()));
        item.put("idempotencyKey", s(entry.idempotencyKey()));
        item.put("payloadHash", s(entry.payloadHash()));
        item.put("state", s(order.status().name()));
        item.put("acceptedAt", s(TIME.format(order.createdDate())));
        item.put("region", s(order.region()));
        item.put("subtotalMinor", n(order.subtotal().minor()));
        item.put("shippingMinor", n(order.shipping().minor()));
        item.put("taxMinor", n(order.tax().minor()));
        item.put(
                "items",
                AttributeValue.fromL(
                        order.items().stream().map(JournalRepository::toMap).toList()));
        if (order.reason() != null) item.put("reason", s(order.reason()));
        if (order.pricesAsOf() != null) item.put("pricesAsOf", s(TIME.format(order.pricesAsOf())));
        if (order.shippingAddress() != null) item.put("shippingAddress", toMap(order.shippingAddress()));
        if (order.isOpen()) {
            item.put("openShard", s(shard(order.id())));
            item.put("openCustomerId", s(order.customerId()));
        } else {
            item.put("closedShard", s(shard(order.id())));
            item.put("closedAt", s(TIME.format(Instant.now())));
        }
        return item;
    }

    private static AttributeValue toMap(Order.Item item) {
        return AttributeValue.fromM(Map.of(
                "productId", s(item.productId()),
                "name", s(item.name()),
                "quantity", n(item.quantity()),
                "unitMinor", n(item.unitCost().minor())));
    }

    private static AttributeValue toMap(ShippingAddress address) {
        return AttributeValue.fromM(address.toMap().entrySet().stream()
                .collect(toUnmodifiableMap(Map.Entry::getKey, entry -> s(entry.getValue()))));
    }

    static OrderEntry fromItem(Map<String, AttributeValue> item) {
        var order = new Order(
                item.get("orderId").s(),
                Order.Status.valueOf(item.get("state").s()),
                item.containsKey("reason") ? item.get("reason").s() : null,
                Instant.parse(item.get("acceptedAt").s()),
                item.get("customerId").s(),
                item.containsKey("shippingAddress") ? addressOf(item.get("shippingAddress")) : null,
                item.get("items").l().stream().map(JournalRepository::itemOf).toList(),
                money(item, "subtotalMinor"),
                money(item, "shippingMinor"),
                money(item, "taxMinor"),
                item.get("region").s(),
                item.containsKey("pricesAsOf")
                        ? Instant.parse(item.get("pricesAsOf").s())
                        : null);
        return new OrderEntry(
                order,
                item.get("idempotencyKey").s(),
                item.get("payloadHash").s(),
                item.containsKey("foundAt") ? Instant.parse(item.get("foundAt").s()) : null);
    }

    private static Order.Item itemOf(AttributeValue value) {
        var map = value.m();
        return Order.Item.of(
                map.get("productId").s(),
                map.get("name").s(),
                Integer.parseInt(map.get("quantity").n()),
                money(map, "unitMinor"));
    }

    private static ShippingAddress addressOf(AttributeValue value) {
        return ShippingAddress.of(value.m().entrySet().stream()
                .collect(toUnmodifiableMap(
                        Map.Entry::getKey, entry -> entry.getValue().s())));
    }

    private static Money money(Map<String, AttributeValue> item, String name) {
        return new Money(Long.parseLong(item.get(name).n()));
    }

    private static Map<String, AttributeValue> key(String orderId) {
        return Map.of("orderId", s(orderId));
    }

    private static AttributeValue s(String value) {
        return AttributeValue.fromS(value);
    }

    private static AttributeValue n(long value) {
        return AttributeValue.fromN(Long.toString(value));
    }
}
