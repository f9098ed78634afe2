package dev.meridian.journal;

import static dev.meridian.dynamo.Attributes.number;
import static dev.meridian.dynamo.Attributes.s;
import static dev.meridian.dynamo.Attributes.text;

import dev.meridian.dynamo.Dynamo;
import dev.meridian.dynamo.DynamoTable;
import dev.meridian.journal.JournalEntry.Payload;
import dev.meridian.shared.Cursor;
import dev.meridian.shared.NewerFormat;
import dev.meridian.shared.Page;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;

/// Old entries of `order-journal`, and entries of customers who are erased. Each write is conditional on the entry
/// being closed and as it was read, so it meets neither a cancellation nor a comparison with SQL.
@ApplicationScoped
class JournalUpkeepRepository {
    private static final String ERASED = "erased";

    private final Dynamo dynamo;

    JournalUpkeepRepository(Dynamo dynamo) {
        this.dynamo = dynamo;
    }

    /// Entries of one partition that were closed before a time, oldest first; eventually consistent.
    Uni<Page<ClosedEntry>> closedBefore(int shard, Instant before, Optional<String> after, int limit) {
        var start = after.map(cursor -> startKey(shard, cursor)).orElse(null);
        return dynamo.idempotent(
                        "journal-old",
                        client -> client.query(r -> r.tableName(table())
                                .indexName("ClosedIndex")
                                .keyConditionExpression("closedShard = :shard AND closedAt < :before")
                                .expressionAttributeValues(Map.of(
                                        ":shard",
                                        s(Integer.toString(shard)),
                                        ":before",
                                        JournalRepository.time(before)))
                                .exclusiveStartKey(start)
                                .limit(limit)))
                .map(response -> new Page<>(
                        NewerFormat.readable(JournalRepository.TABLE, response.items(), JournalIndexRepository::closed),
                        response.hasLastEvaluatedKey()
                                        && !response.lastEvaluatedKey().isEmpty()
                                ? Optional.of(cursor(response.lastEvaluatedKey()))
                                : Optional.empty()));
    }

    private static Map<String, AttributeValue> startKey(int shard, String cursor) {
        var parts = Cursor.decode(cursor, 2);
        return Map.of(
                "orderId", s(parts.getFirst()),
                "closedShard", s(Integer.toString(shard)),
                "closedAt", s(parts.getLast()));
    }

    private static String cursor(Map<String, AttributeValue> key) {
        return Cursor.encode(text(key, "orderId"), text(key, "closedAt"));
    }

    /// Deletes an entry that was closed before a time, if it has the state that was read. May run twice.
    ///
    /// @return whether it is deleted
    Uni<Boolean> delete(ClosedEntry entry, Instant before) {
        return dynamo.idempotent(
                        "journal-prune",
                        client -> client.deleteItem(r -> r.tableName(table())
                                .key(key(entry.orderId()))
                                .conditionExpression("attribute_not_exists(orderId) OR "
                                        + "(#state = :state AND payloadHash = :hash AND closedAt < :before)")
                                .expressionAttributeNames(Map.of("#state", "state"))
                                .expressionAttributeValues(Map.of(
                                        ":state", s(entry.state().name()),
                                        ":hash", s(entry.payloadHash()),
                                        ":before", JournalRepository.time(before)))))
                .replaceWith(true)
                .onFailure(ConditionalCheckFailedException.class)
                .recoverWithItem(false);
    }

    /// Takes customer, key and a part of the content out of an entry that was closed before a time. May run twice.
    ///
    /// @param customerId in place of the customer
    /// @param content makes the new content of the old one
    /// @return whether nothing of the customer is left; false for an entry that is open, or was closed later
    Uni<Boolean> anonymize(
            String orderId, String customerId, String anonymousId, Instant before, UnaryOperator<Payload> content) {
        var request = CancelRequestRepository.key(orderId);
        return dynamo.batchGet("journal-erase-get", DynamoTable.ORDER_JOURNAL, List.of(key(orderId), request))
                .chain(found -> {
                    // It is a copy of the entry, until the order is cancelled.
                    if (found.stream().anyMatch(CancelRequestRepository::isRequest))
                        return Uni.createFrom().item(false);
                    return found.stream()
                            .filter(item -> s(customerId).equals(item.get("customerId")))
                            .findFirst()
                            .map(item -> anonymize(item, anonymousId, before, content))
                            .orElseGet(() -> Uni.createFrom().item(true));
                });
    }

    private Uni<Boolean> anonymize(
            Map<String, AttributeValue> item, String anonymousId, Instant before, UnaryOperator<Payload> content) {
        if (!item.containsKey("closedAt")) return Uni.createFrom().item(false);
        var was = new Payload((int) number(item, "payloadFormat"), text(item, "payload"));
        var values = new HashMap<>(Map.of(
                ":anonymous", s(anonymousId),
                ":erased", s(ERASED),
                ":content", s(content.apply(was).content()),
                ":state", item.get("state"),
                ":customer", item.get("customerId"),
                ":was", s(was.content()),
                ":before", JournalRepository.time(before)));
        return dynamo.idempotent(
                        "journal-erase",
                        client -> client.updateItem(r -> r.tableName(table())
                                .key(Map.of("orderId", item.get("orderId")))
                                .updateExpression(
                                        "SET customerId = :anonymous, idempotencyKey = :erased, payload = :content")
                                .conditionExpression("#state = :state AND closedAt < :before AND "
                                        + "(customerId = :anonymous OR customerId = :customer AND payload = :was)")
                                .expressionAttributeNames(Map.of("#state", "state"))
                                .expressionAttributeValues(values)))
                .replaceWith(true)
                .onFailure(ConditionalCheckFailedException.class)
                .recoverWithItem(false);
    }

    private static Map<String, AttributeValue> key(String orderId) {
        return Map.of("orderId", s(orderId));
    }

    private String table() {
        return dynamo.name(DynamoTable.ORDER_JOURNAL);
    }
}
