package dev.meridian.journal;

import static dev.meridian.dynamo.Attributes.n;
import static dev.meridian.dynamo.Attributes.number;
import static dev.meridian.dynamo.Attributes.s;
import static dev.meridian.dynamo.Attributes.text;
import static dev.meridian.dynamo.Attributes.textOrNull;

import dev.meridian.dynamo.Dynamo;
import dev.meridian.dynamo.DynamoTable;
import dev.meridian.dynamo.ShardedIndex;
import dev.meridian.journal.JournalEntry.Missing;
import dev.meridian.journal.JournalEntry.Payload;
import dev.meridian.journal.JournalEntry.State;
import dev.meridian.shared.NewerFormat;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/// Items of `order-journal`, by their key `orderId`. Sparse indexes find entries by state: an index has an item
/// only while the item has the index's hash key. [JournalIndexRepository] reads them.
///
/// | Entries | have | Index |
/// |---|---|---|
/// | open | `openShard`, `acceptedAt` | `OpenIndex` |
/// | open | `openCustomerId`, `acceptedAt` | `OpenCustomerIndex` |
/// | closed | `closedShard`, `closedAt` | `ClosedIndex` |
/// | once missing on a new SQL writer | `recoveryShard`, `recoveryKey` (`foundAt` and the id) | `RecoveryIndex` |
///
/// Only conditional writes of single items: no transactions and no TTL. So a deployment may make the table
/// strongly consistent across Regions (MRSC).
@ApplicationScoped
class JournalRepository {
    static final String TABLE = DynamoTable.ORDER_JOURNAL.baseName();

    private static final int READS_AT_ONCE = 8;

    /// Of fixed length, so that times sort as text.
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    /// Attributes that only some entries have. Those of a failover are not among them: they stay.
    private static final List<String> OPTIONAL =
            List.of("reason", "openShard", "openCustomerId", "reopenedAt", "closedShard", "closedAt");

    /// Open, of the same request, and not being cancelled just now. See [#mayClose].
    private static final String MAY_CLOSE = "#state = :open AND payloadHash = :payloadHash"
            + " AND (attribute_not_exists(reopenedAt) OR reopenedAt < :before)";

    private final Dynamo dynamo;
    private final JournalConfig config;

    JournalRepository(Dynamo dynamo, JournalConfig config) {
        this.dynamo = dynamo;
        this.config = config;
    }

    int shards() {
        return config.journalShards();
    }

    Uni<Accepted> accept(JournalEntry entry) {
        return dynamo.idempotent(
                        "order-accept",
                        client -> client.putItem(r -> r.tableName(table())
                                .item(toItem(entry))
                                .conditionExpression("attribute_not_exists(orderId)")
                                .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD)))
                .map(_ -> new Accepted(entry, true))
                .onFailure(ConditionalCheckFailedException.class)
                .recoverWithUni(failure -> Uni.createFrom().item(() -> new Accepted(one(failure.item()), false)));
    }

    Uni<Optional<JournalEntry>> find(String orderId) {
        return dynamo.idempotent(
                        "order-journal-get",
                        client -> client.getItem(
                                r -> r.tableName(table()).key(key(orderId)).consistentRead(true)))
                .map(response -> response.hasItem() ? Optional.of(one(response.item())) : Optional.empty());
    }

    /// Those with the ids, in their order, without those that only a newer version can read.
    Uni<List<JournalEntry>> findAll(List<String> orderIds) {
        if (orderIds.isEmpty()) return Uni.createFrom().item(List.of());
        return Uni.join()
                .all(orderIds.stream().map(this::findReadable).toList())
                .usingConcurrencyOf(READS_AT_ONCE)
                .andFailFast()
                .map(found -> found.stream().flatMap(Optional::stream).toList());
    }

    private Uni<Optional<JournalEntry>> findReadable(String orderId) {
        return find(orderId).onFailure(NewerFormat::is).recoverWithItem(Optional.empty());
    }

    /// Writes the state only, as long as the entry that is stored is the one that was settled. One that another
    /// Region made of the same request has other prices, so then all of it is written.
    Uni<Boolean> close(JournalEntry end, Instant reopenedBefore) {
        var values = new HashMap<>(mayClose(end, reopenedBefore));
        values.putAll(Map.of(
                ":state", s(end.state().name()),
                ":shard", shard(end.orderId()),
                ":now", time(Instant.now()),
                ":acceptedAt", time(end.acceptedAt()),
                ":region", s(end.region())));
        if (end.reason() != null) values.put(":reason", s(end.reason()));
        return dynamo.idempotent(
                        "order-close",
                        client -> client.updateItem(r -> r.tableName(table())
                                .key(key(end.orderId()))
                                .updateExpression("SET #state = :state, closedShard = :shard, closedAt = :now"
                                        + (end.reason() == null ? "" : ", reason = :reason")
                                        + " REMOVE openShard, openCustomerId, reopenedAt")
                                .conditionExpression(MAY_CLOSE + " AND acceptedAt = :acceptedAt AND #region = :region")
                                .expressionAttributeNames(Map.of("#state", "state", "#region", "region"))
                                .expressionAttributeValues(values)
                                .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD)))
                .replaceWith(true)
                .onFailure(ConditionalCheckFailedException.class)
                .recoverWithUni(failure -> isOtherOfSameRequest(failure.item(), end)
                        ? replace("order-close-whole", end, Map.of(), MAY_CLOSE, mayClose(end, reopenedBefore))
                        : Uni.createFrom().item(false));
    }

    private static Map<String, AttributeValue> mayClose(JournalEntry end, Instant reopenedBefore) {
        return Map.of(
                ":open", s(State.ACCEPTED.name()),
                ":payloadHash", s(end.payloadHash()),
                ":before", time(reopenedBefore));
    }

    private static boolean isOtherOfSameRequest(Map<String, AttributeValue> item, JournalEntry end) {
        return State.ACCEPTED.name().equals(textOrNull(item, "state"))
                && end.payloadHash().equals(textOrNull(item, "payloadHash"))
                && !(time(end.acceptedAt()).equals(item.get("acceptedAt"))
                        && s(end.region()).equals(item.get("region")));
    }

    Uni<Optional<JournalEntry>> reopen(String orderId) {
        return dynamo.idempotent(
                        "order-reopen",
                        client -> client.updateItem(r -> r.tableName(table())
                                .key(key(orderId))
                                .updateExpression("SET #state = :open, openShard = :shard, openCustomerId = customerId,"
                                        + " reopenedAt = :now REMOVE closedShard, closedAt")
                                .conditionExpression("#state = :confirmed")
                                .expressionAttributeNames(Map.of("#state", "state"))
                                .expressionAttributeValues(Map.of(
                                        ":open", s(State.ACCEPTED.name()),
                                        ":confirmed", s(State.CONFIRMED.name()),
                                        ":now", time(Instant.now()),
                                        ":shard", shard(orderId)))
                                .returnValues("ALL_OLD")
                                .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD)))
                .map(response -> Optional.of(one(response.attributes())))
                .onFailure(ConditionalCheckFailedException.class)
                .recoverWithUni(failure -> Uni.createFrom()
                        .item(() -> failure.hasItem() ? Optional.of(one(failure.item())) : Optional.empty()));
    }

    Uni<Void> overwrite(JournalEntry entry) {
        var expected = entry.state() == State.CANCELLED ? EnumSet.allOf(State.class) : EnumSet.of(State.ACCEPTED);
        return replace("order-journal-store", entry, Map.of(), isAbsentOr(expected), states(expected))
                .replaceWithVoid();
    }

    Uni<Boolean> markMissing(String orderId, String payloadHash) {
        var now = time(Instant.now());
        return update(
                "recovery-mark",
                orderId,
                r -> r.updateExpression("SET #state = :open, openShard = :shard, openCustomerId = customerId,"
                                + " recoveryShard = :recoveryShard, recoveryKey = :recoveryKey, foundAt = :now,"
                                + " confirmedAt = closedAt"
                                + " REMOVE closedShard, closedAt, reopenedAt, recoveryNote")
                        .conditionExpression(
                                "#state = :confirmed AND payloadHash = :hash AND attribute_exists(closedAt)")
                        .expressionAttributeValues(Map.of(
                                ":open", s(State.ACCEPTED.name()),
                                ":confirmed", s(State.CONFIRMED.name()),
                                ":hash", s(payloadHash),
                                ":shard", shard(orderId),
                                ":recoveryShard", ShardedIndex.shard(orderId),
                                ":recoveryKey", recoveryKey(now, orderId),
                                ":now", now)));
    }

    Uni<Boolean> replaceWithSql(State seen, JournalEntry fromSql, String note) {
        var now = time(Instant.now());
        var recovery = Map.of(
                "recoveryShard", ShardedIndex.shard(fromSql.orderId()),
                "recoveryKey", recoveryKey(now, fromSql.orderId()),
                "foundAt", now,
                "recoveryNote", s(note));
        var expected = EnumSet.of(seen);
        return replace("recovery-adopt", fromSql, recovery, isAbsentOr(expected), states(expected));
    }

    /// The condition that the stored entry, if there is one, has one of these states: never one that only a newer
    /// version knows.
    private static String isAbsentOr(Set<State> expected) {
        return "attribute_not_exists(orderId) OR #state IN ("
                + String.join(", ", states(expected).keySet()) + ")";
    }

    private static Map<String, AttributeValue> states(Set<State> expected) {
        return expected.stream().collect(Collectors.toMap(state -> ":is" + state, state -> s(state.name())));
    }

    /// Sets all attributes of an entry and removes the optional ones that it does not have.
    ///
    /// @param more attributes to set besides
    /// @param condition which may name attributes of the entry (`#state`) and their new values (`:state`)
    /// @param given the other values that the condition names
    private Uni<Boolean> replace(
            String operation,
            JournalEntry entry,
            Map<String, AttributeValue> more,
            String condition,
            Map<String, AttributeValue> given) {
        var item = new HashMap<>(toItem(entry));
        item.remove("orderId");
        item.putAll(more);
        var names = item.keySet().stream().collect(Collectors.toMap(name -> "#" + name, name -> name));
        var values = new HashMap<>(given);
        item.forEach((name, value) -> values.put(":" + name, value));
        var sets =
                item.keySet().stream().map(name -> "#" + name + " = :" + name).collect(Collectors.joining(", "));
        // The time of the confirmation before an earlier failover stays.
        var confirmed = more.isEmpty() ? "" : ", confirmedAt = if_not_exists(confirmedAt, closedAt)";
        var absent = OPTIONAL.stream().filter(name -> !item.containsKey(name)).collect(Collectors.joining(", "));
        return update(
                operation,
                entry.orderId(),
                r -> r.updateExpression("SET " + sets + confirmed + " REMOVE " + absent)
                        .conditionExpression(condition)
                        .expressionAttributeNames(names)
                        .expressionAttributeValues(values));
    }

    /// Updates one item under a condition. `#state` stands for the attribute `state`, a reserved word of
    /// DynamoDB.
    ///
    /// @return whether the condition held
    private Uni<Boolean> update(String operation, String orderId, Consumer<UpdateItemRequest.Builder> change) {
        return dynamo.idempotent(
                        operation,
                        client -> client.updateItem(r -> change.accept(r.tableName(table())
                                .key(key(orderId))
                                .expressionAttributeNames(Map.of("#state", "state")))))
                .replaceWith(true)
                .onFailure(ConditionalCheckFailedException.class)
                .recoverWithItem(false);
    }

    private String table() {
        return dynamo.name(DynamoTable.ORDER_JOURNAL);
    }

    private static Map<String, AttributeValue> key(String orderId) {
        return Map.of("orderId", s(orderId));
    }

    private AttributeValue shard(String orderId) {
        return s(Integer.toString(Math.floorMod(orderId.hashCode(), shards())));
    }

    private static AttributeValue recoveryKey(AttributeValue foundAt, String orderId) {
        return s(foundAt.s() + "#" + orderId);
    }

    private Map<String, AttributeValue> toItem(JournalEntry entry) {
        var item = new HashMap<>(Map.of(
                "orderId", s(entry.orderId()),
                "customerId", s(entry.customerId()),
                "idempotencyKey", s(entry.idempotencyKey()),
                "payloadHash", s(entry.payloadHash()),
                "state", s(entry.state().name()),
                "acceptedAt", time(entry.acceptedAt()),
                "region", s(entry.region()),
                "payloadFormat", n(entry.payload().format()),
                "payload", s(entry.payload().content())));
        if (entry.reason() != null) item.put("reason", s(entry.reason()));
        if (entry.isOpen()) {
            item.put("openShard", shard(entry.orderId()));
            item.put("openCustomerId", s(entry.customerId()));
        } else {
            item.put("closedShard", shard(entry.orderId()));
            item.put("closedAt", time(Instant.now()));
        }
        return item;
    }

    private static JournalEntry one(Map<String, AttributeValue> item) {
        return NewerFormat.one(TABLE, item, JournalRepository::toEntry);
    }

    private static JournalEntry toEntry(Map<String, AttributeValue> item) {
        return new JournalEntry(
                text(item, "orderId"),
                text(item, "customerId"),
                text(item, "idempotencyKey"),
                text(item, "payloadHash"),
                State.valueOf(text(item, "state")),
                textOrNull(item, "reason"),
                instant(item, "acceptedAt"),
                text(item, "region"),
                new Payload((int) number(item, "payloadFormat"), text(item, "payload")),
                item.containsKey("foundAt") ? missing(item) : null);
    }

    static Missing missing(Map<String, AttributeValue> item) {
        return new Missing(instant(item, "foundAt"), instant(item, "confirmedAt"), textOrNull(item, "recoveryNote"));
    }

    static AttributeValue time(Instant time) {
        return s(TIME.format(time));
    }

    /// @return null when the item has no such attribute
    static Instant instant(Map<String, AttributeValue> item, String name) {
        var text = textOrNull(item, name);
        return text == null ? null : Instant.parse(text);
    }
}
