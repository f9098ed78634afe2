package dev.meridian.journal;

import static dev.meridian.dynamo.Attributes.s;
import static dev.meridian.dynamo.Attributes.text;
import static dev.meridian.dynamo.Attributes.textOrNull;

import dev.meridian.dynamo.Dynamo;
import dev.meridian.dynamo.DynamoTable;
import dev.meridian.dynamo.ShardedIndex;
import dev.meridian.shared.Cursor;
import dev.meridian.shared.Ids;
import dev.meridian.shared.NewerFormat;
import dev.meridian.shared.Page;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.Select;

/// The indexes of `order-journal`, all eventually consistent; see [JournalRepository] for the attributes. Queries
/// only.
@ApplicationScoped
class JournalIndexRepository {
    private static final Pattern RECOVERY_KEY = Pattern.compile("[^#\\p{Cntrl}]+#" + Ids.PATTERN);

    private final Dynamo dynamo;
    private final ShardedIndex report;

    JournalIndexRepository(Dynamo dynamo) {
        this.dynamo = dynamo;
        this.report = new ShardedIndex(dynamo, DynamoTable.ORDER_JOURNAL, "RecoveryIndex", "recovery-report");
    }

    /// The ids of a customer's open entries, newest first.
    Uni<List<String>> findOpen(String customerId, Instant until, int limit) {
        return dynamo.idempotent(
                        "order-journal-open",
                        client -> client.query(r -> r.tableName(table())
                                .indexName("OpenCustomerIndex")
                                .keyConditionExpression("openCustomerId = :customer AND acceptedAt <= :until")
                                .expressionAttributeValues(
                                        Map.of(":customer", s(customerId), ":until", JournalRepository.time(until)))
                                .scanIndexForward(false)
                                .limit(limit)))
                .map(response -> response.items().stream()
                        .map(JournalIndexRepository::orderId)
                        .toList());
    }

    Uni<Integer> countOpen(int shard, int limit) {
        return dynamo.idempotent(
                        "settler-count",
                        client -> client.query(r -> r.tableName(table())
                                .indexName("OpenIndex")
                                .keyConditionExpression("openShard = :shard")
                                .expressionAttributeValues(Map.of(":shard", s(Integer.toString(shard))))
                                .select(Select.COUNT)
                                .limit(limit)))
                .map(QueryResponse::count);
    }

    Uni<Page<OpenEntry>> open(int shard, Optional<String> after, int limit) {
        var partition = new Partition("OpenIndex", "openShard", Integer.toString(shard), "acceptedAt");
        var query = partition.query().limit(limit);
        return page("settler-open", partition, query, after, JournalIndexRepository::open);
    }

    Uni<Page<ClosedEntry>> closed(int shard, Instant since, Instant until, Optional<String> after, int limit) {
        var partition = new Partition("ClosedIndex", "closedShard", Integer.toString(shard), "closedAt");
        var query = partition.query(since, until).limit(limit);
        return page("recovery-closed", partition, query, after, JournalIndexRepository::closed);
    }

    Uni<Page<MissingEntry>> missing(Optional<String> after, int limit) {
        return report.page(limit, after.map(JournalIndexRepository::recoveryKey))
                .map(page -> new Page<>(
                        NewerFormat.readable(JournalRepository.TABLE, page.items(), JournalIndexRepository::missing),
                        page.next().map(Cursor::encode)));
    }

    private static String recoveryKey(String cursor) {
        var key = Cursor.decode(cursor, 1).getFirst();
        if (!RECOVERY_KEY.matcher(key).matches()) throw Cursor.invalid();
        return key;
    }

    /// One partition of an index, sorted by time.
    private record Partition(String index, String hashKey, String value, String rangeKey) {
        QueryRequest.Builder query() {
            return QueryRequest.builder()
                    .indexName(index)
                    .keyConditionExpression(hashKey + " = :value")
                    .expressionAttributeValues(Map.of(":value", s(value)));
        }

        QueryRequest.Builder query(Instant since, Instant until) {
            return query().keyConditionExpression(hashKey + " = :value AND " + rangeKey + " BETWEEN :since AND :until")
                    .expressionAttributeValues(Map.of(
                            ":value",
                            s(value),
                            ":since",
                            JournalRepository.time(since),
                            ":until",
                            JournalRepository.time(until)));
        }

        Map<String, AttributeValue> startKey(String cursor) {
            var parts = Cursor.decode(cursor, 2);
            if (parts.stream().anyMatch(String::isEmpty)) throw Cursor.invalid();
            return Map.of("orderId", s(parts.getFirst()), hashKey, s(value), rangeKey, s(parts.getLast()));
        }

        String cursor(Map<String, AttributeValue> key) {
            return Cursor.encode(text(key, "orderId"), text(key, rangeKey));
        }
    }

    private <T> Uni<Page<T>> page(
            String operation,
            Partition partition,
            QueryRequest.Builder query,
            Optional<String> after,
            Function<Map<String, AttributeValue>, T> reader) {
        query.tableName(table());
        after.ifPresent(cursor -> query.exclusiveStartKey(partition.startKey(cursor)));
        var request = query.build();
        return dynamo.idempotent(operation, client -> client.query(request))
                .map(response -> new Page<>(
                        NewerFormat.readable(JournalRepository.TABLE, response.items(), reader),
                        response.hasLastEvaluatedKey()
                                        && !response.lastEvaluatedKey().isEmpty()
                                ? Optional.of(partition.cursor(response.lastEvaluatedKey()))
                                : Optional.empty()));
    }

    private String table() {
        return dynamo.name(DynamoTable.ORDER_JOURNAL);
    }

    static String orderId(Map<String, AttributeValue> item) {
        return text(item, "orderId");
    }

    static OpenEntry open(Map<String, AttributeValue> item) {
        return new OpenEntry(text(item, "orderId"), JournalRepository.instant(item, "acceptedAt"));
    }

    static ClosedEntry closed(Map<String, AttributeValue> item) {
        return new ClosedEntry(
                text(item, "orderId"), JournalEntry.State.valueOf(text(item, "state")), text(item, "payloadHash"));
    }

    static MissingEntry missing(Map<String, AttributeValue> item) {
        return new MissingEntry(
                text(item, "orderId"),
                text(item, "customerId"),
                JournalEntry.State.valueOf(text(item, "state")),
                textOrNull(item, "reason"),
                JournalRepository.instant(item, "acceptedAt"),
                text(item, "region"),
                JournalRepository.missing(item));
    }
}
