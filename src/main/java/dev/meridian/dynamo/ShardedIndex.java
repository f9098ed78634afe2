package dev.meridian.dynamo;

import static dev.meridian.dynamo.Attributes.s;
import static dev.meridian.dynamo.Attributes.text;

import dev.meridian.dynamo.DynamoTable.Index;
import dev.meridian.shared.Page;
import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;

/// One list over all items of an index whose partition key is a shard, so that writes spread over [#SHARDS]
/// partitions (DynamoDB guide, "Using write sharding to distribute workloads evenly"). A page reads the shards
/// side by side and merges them by the sort key, highest first; eventually consistent.
///
/// The sort key is ASCII text, and no two items have the same. A page continues below a sort key, so items that
/// are added or removed between two pages neither repeat others nor hide them.
///
/// A page costs [#SHARDS] queries at once. Each asks for its share of the page and some more, in all about 2.1
/// times a page of 100 items and 1.3 times one of 1,000. Shards of which that was too little are asked again, in
/// all [#ROUNDS_MAX] times at most. Then, or after [#TEXT_MAX] characters, the page ends early.
public final class ShardedIndex {
    /// Part of the stored format. A version may write to more shards only when all versions read them.
    public static final int SHARDS = 8;

    private static final int ROUNDS_MAX = 4;
    private static final int SHARE_MAX = 50;
    private static final int TEXT_MAX = 1 << 20;

    /// Higher than every sort key.
    private static final String START = "~";

    /// Lower than every sort key.
    private static final String END = "";

    private final Dynamo dynamo;
    private final DynamoTable table;
    private final Index index;
    private final String operation;

    /// @param index the name of one of the table's indexes
    /// @param operation for metrics, as in [Dynamo#idempotent]
    public ShardedIndex(Dynamo dynamo, DynamoTable table, String index, String operation) {
        this.dynamo = dynamo;
        this.table = table;
        this.index = table.index(index);
        this.operation = operation;
    }

    /// The partition key of the item with an id.
    public static AttributeValue shard(String id) {
        return s(Integer.toString(Math.floorMod(id.hashCode(), SHARDS)));
    }

    /// One page.
    ///
    /// @param below the sort key where the page before ended
    /// @return items, and the sort key where the page ends if there may be more
    public Uni<Page<Map<String, AttributeValue>>> page(int limit, Optional<String> below) {
        var start = below.orElse(START);
        return page(
                IntStream.range(0, SHARDS)
                        .mapToObj(number -> new Shard(number, List.of(), start))
                        .toList(),
                limit,
                1);
    }

    /// A shard as far as it was read.
    ///
    /// @param items its items above `unread`
    /// @param unread all its other items have a lower sort key
    private record Shard(int number, List<Map<String, AttributeValue>> items, String unread) {}

    private Uni<Page<Map<String, AttributeValue>>> page(List<Shard> shards, int limit, int round) {
        var read = shards.stream()
                .flatMap(shard -> shard.items.stream())
                .sorted(Comparator.comparing(this::sortKey).reversed())
                .toList();
        var last = read.size() < limit ? END : sortKey(read.get(limit - 1));
        if (round > ROUNDS_MAX || size(read) > TEXT_MAX || shards.stream().noneMatch(shard -> isShort(shard, last))) {
            return Uni.createFrom().item(page(shards, read, limit));
        }
        var share = Math.min(SHARE_MAX, share(limit));
        return Uni.join()
                .all(shards.stream()
                        .map(shard -> isShort(shard, last)
                                ? more(shard, share)
                                : Uni.createFrom().item(shard))
                        .toList())
                .andFailFast()
                .chain(more -> page(more, limit, round + 1));
    }

    /// Whether the shard may have items of a page that ends at a sort key.
    private static boolean isShort(Shard shard, String last) {
        return shard.unread.compareTo(last) > 0;
    }

    /// What a shard has of a page, and three standard deviations more.
    private static int share(int limit) {
        return Math.min(limit, limit / SHARDS + (int) Math.sqrt(limit) + 4);
    }

    private Uni<Shard> more(Shard shard, int share) {
        return dynamo.idempotent(
                        operation,
                        client -> client.query(r -> r.tableName(dynamo.name(table))
                                .indexName(index.name())
                                .keyConditionExpression(
                                        index.hashKey() + " = :shard AND " + index.rangeKey() + " < :below")
                                .expressionAttributeValues(
                                        Map.of(":shard", s(Integer.toString(shard.number)), ":below", s(shard.unread)))
                                .scanIndexForward(false)
                                .limit(share)))
                .map(response -> {
                    var items = new ArrayList<>(shard.items);
                    items.addAll(response.items());
                    return new Shard(shard.number, items, unread(response));
                });
    }

    private String unread(QueryResponse response) {
        return response.hasLastEvaluatedKey() && !response.lastEvaluatedKey().isEmpty()
                ? sortKey(response.lastEvaluatedKey())
                : END;
    }

    /// Items below what a shard has unread wait for the next page.
    private Page<Map<String, AttributeValue>> page(
            List<Shard> shards, List<Map<String, AttributeValue>> read, int limit) {
        var unread = shards.stream().map(Shard::unread).max(String::compareTo).orElse(END);
        var items = read.stream()
                .filter(item -> sortKey(item).compareTo(unread) >= 0)
                .limit(limit)
                .toList();
        if (items.size() == read.size() && unread.equals(END)) return new Page<>(items, Optional.empty());
        return new Page<>(items, Optional.of(items.size() == limit ? sortKey(items.getLast()) : unread));
    }

    private String sortKey(Map<String, AttributeValue> item) {
        return text(item, index.rangeKey());
    }

    private static int size(List<Map<String, AttributeValue>> items) {
        return items.stream()
                .flatMap(item -> item.values().stream())
                .mapToInt(value -> value.s() == null ? 0 : value.s().length())
                .sum();
    }
}
