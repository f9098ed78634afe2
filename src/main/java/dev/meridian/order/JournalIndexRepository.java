package dev.meridian.order;

import dev.meridian.dynamo.Dynamo;
import dev.meridian.dynamo.DynamoTable;
import dev.meridian.shared.Cursor;
import dev.meridian.shared.Page;
import dev.meridian.shared.ProblemException;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.Select;

/// The indexes of `order-journal` by which whoever recovers finds entries, all eventually consistent: `OpenIndex`
/// (oldest first), `ClosedIndex` (what was concluded lately) and `RecoveryIndex` (the report). Queries only.
@ApplicationScoped
class JournalIndexRepository {
    private final Dynamo dynamo;

    JournalIndexRepository(Dynamo dynamo) {
        this.dynamo = dynamo;
    }

    /// Open entries of one partition, oldest first.
    ///
    /// @param after the cursor of the page before
    Uni<Page<OpenOrder>> open(int shard, Optional<String> after, int limit) {
        var partition = new Partition("OpenIndex", "openShard", Integer.toString(shard), "acceptedAt");
        return page("settler-open", partition, null, after, limit, true, JournalIndexRepository::open);
    }

    /// How many open entries a partition has.
    ///
    /// @param limit where counting ends
    Uni<Integer> countOpen(int shard, int limit) {
        return dynamo.idempotent(
                        "settler-count",
                        client -> client.query(r -> r.tableName(dynamo.name(DynamoTable.ORDER_JOURNAL))
                                .indexName("OpenIndex")
                                .keyConditionExpression("openShard = :shard")
                                .expressionAttributeValues(
                                        Map.of(":shard", AttributeValue.fromS(Integer.toString(shard))))
                                .select(Select.COUNT)
                                .limit(limit)))
                .map(QueryResponse::count);
    }

    /// Entries of one partition that were closed at or after a time, oldest first.
    ///
    /// @param after the cursor of the page before
    Uni<Page<ClosedOrder>> closed(int shard, Instant since, Optional<String> after, int limit) {
        var partition = new Partition("ClosedIndex", "closedShard", Integer.toString(shard), "closedAt");
        return page("recovery-closed", partition, since, after, limit, true, JournalIndexRepository::closed);
    }

    /// The orders that a new writer lacked or contradicted, newest find first.
    ///
    /// @param after the cursor of the page before
    /// @throws ProblemException 400 when the cursor is not one of this list
    Uni<Page<MissingOrder>> missing(Optional<String> after, int limit) {
        var partition = new Partition("RecoveryIndex", "recoveryShard", JournalRepository.MISSING, "foundAt");
        return page("recovery-report", partition, null, after, limit, false, JournalIndexRepository::missing);
    }

    private record Partition(String index, String hashKey, String value, String rangeKey) {}

    private <T> Uni<Page<T>> page(
            String operation,
            Partition partition,
            Instant since,
            Optional<String> after,
            int limit,
            boolean isOldestFirst,
            Function<Map<String, AttributeValue>, T> reader) {
        var values = new HashMap<>(Map.of(":value", AttributeValue.fromS(partition.value)));
        if (since != null) values.put(":since", AttributeValue.fromS(JournalRepository.TIME.format(since)));
        var query = QueryRequest.builder()
                .tableName(dynamo.name(DynamoTable.ORDER_JOURNAL))
                .indexName(partition.index)
                .keyConditionExpression(partition.hashKey + " = :value"
                        + (since == null ? "" : " AND " + partition.rangeKey + " >= :since"))
                .expressionAttributeValues(values)
                .scanIndexForward(isOldestFirst)
                .limit(limit);
        after.map(cursor -> startKey(partition, cursor)).ifPresent(query::exclusiveStartKey);
        return dynamo.idempotent(operation, client -> client.query(query.build()))
                .map(response -> new Page<>(
                        response.items().stream().map(reader).toList(),
                        response.hasLastEvaluatedKey()
                                        && !response.lastEvaluatedKey().isEmpty()
                                ? Optional.of(cursor(partition, response.lastEvaluatedKey()))
                                : Optional.empty()));
    }

    private static String cursor(Partition partition, Map<String, AttributeValue> key) {
        return Cursor.encode(key.get("orderId").s(), key.get(partition.rangeKey).s());
    }

    private static Map<String, AttributeValue> startKey(Partition partition, String cursor) {
        var parts = Cursor.decode(cursor, 2);
        if (parts.stream().anyMatch(String::isEmpty))
            throw ProblemException.invalid("cursor", "is not a cursor from a Link header of this list");
        return Map.of(
                "orderId",
                AttributeValue.fromS(parts.getFirst()),
                partition.hashKey,
                AttributeValue.fromS(partition.value),
                partition.rangeKey,
                AttributeValue.fromS(parts.getLast()));
    }

    /// An entry that cannot be read must not keep others from being carried out.
    private static OpenOrder open(Map<String, AttributeValue> item) {
        var id = item.get("orderId").s();
        var acceptedAt = Instant.parse(item.get("acceptedAt").s());
        try {
            return new OpenOrder(id, acceptedAt, Optional.of(JournalRepository.fromItem(item)));
        } catch (RuntimeException _) {
            return new OpenOrder(id, acceptedAt, Optional.empty());
        }
    }

    private static ClosedOrder closed(Map<String, AttributeValue> item) {
        return new ClosedOrder(
                item.get("orderId").s(),
                Order.Status.valueOf(item.get("state").s()),
                item.get("payloadHash").s());
    }

    private static MissingOrder missing(Map<String, AttributeValue> item) {
        var entry = JournalRepository.fromItem(item);
        var order = entry.order();
        return new MissingOrder(
                order.id(),
                order.customerId(),
                order.createdDate(),
                item.containsKey("confirmedAt")
                        ? Instant.parse(item.get("confirmedAt").s())
                        : null,
                entry.foundAt(),
                MissingOrder.Outcome.of(order.status()),
                item.containsKey("recoveryNote") ? item.get("recoveryNote").s() : order.reason(),
                order.region());
    }
}
