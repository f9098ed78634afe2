package dev.meridian.like;

import static dev.meridian.dynamo.Attributes.n;
import static dev.meridian.dynamo.Attributes.numberOrZero;
import static dev.meridian.dynamo.Attributes.s;
import static dev.meridian.dynamo.Attributes.text;
import static dev.meridian.dynamo.Attributes.textOrNull;

import dev.meridian.dynamo.Dynamo;
import dev.meridian.dynamo.DynamoTable;
import dev.meridian.shared.NewerFormat;
import dev.meridian.shared.ProblemException;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;

/// Items of `likes`: counters (`subjectId`, `regionShard`, `n`, and the keys `recentKeys`, `formerKeys`)
/// and the registry of writers (`#regions`, the writer, `shards`).
@ApplicationScoped
class LikeRepository {
    private static final String TABLE = DynamoTable.LIKES.baseName();
    private static final String REGISTRY = "#regions";
    private static final String NEW_KEY = "NOT contains(recentKeys, :key) AND NOT contains(formerKeys, :key)";

    /// Writes of a keyed like that may find another state than they expect.
    private static final int ATTEMPTS = 10;

    /// The most keys that BatchGetItem takes (DynamoDB API reference, "BatchGetItem").
    private static final int BATCH = 100;

    private final Dynamo dynamo;
    private final LikeConfig config;

    LikeRepository(Dynamo dynamo, LikeConfig config) {
        this.dynamo = dynamo;
        this.config = config;
    }

    /// The current writer: the Region, or `eu-west-1~us-east-1` while it writes to another Region's replica.
    /// Each item is written in one replica only: if two replicas wrote one item, the later write would undo the
    /// other's likes. Another process may write the Region's own items in its own replica at the same time.
    LikeWriter writer(String region) {
        var fallbackRegion = dynamo.fallbackRegion();
        return new LikeWriter(fallbackRegion.map(other -> region + "~" + other).orElse(region), fallbackRegion);
    }

    /// A like that was added.
    ///
    /// @param counter the counter now
    /// @param likes how many are new; 0 when the counter had their key
    record Added(LikeCounter counter, int likes) {}

    /// Adds to one counter of a writer. Must run at most once.
    ///
    /// @param likes how many, at least 1
    Uni<Added> add(String subjectId, LikeWriter writer, int shard, int likes) {
        return dynamo.once(
                        "like-add",
                        writer.fallbackRegion(),
                        client -> client.updateItem(r -> r.tableName(dynamo.name(DynamoTable.LIKES))
                                .key(key(subjectId, regionShard(writer.name(), shard)))
                                .updateExpression("ADD n :likes")
                                .expressionAttributeValues(Map.of(":likes", n(likes)))
                                .returnValues(ReturnValue.ALL_NEW)))
                .map(response -> new Added(counter(response.attributes()), likes));
    }

    /// Adds one like to one counter of a writer, unless the counter has its key.
    ///
    /// @param key 13 characters
    Uni<Added> addOnce(String subjectId, LikeWriter writer, int shard, String key) {
        return addOnce(new KeyedLike(subjectId, writer, shard, key), 1);
    }

    /// @param key what the like is known by
    private record KeyedLike(String subjectId, LikeWriter writer, int shard, String key) {
        String counter() {
            return regionShard(writer.name(), shard);
        }
    }

    private Uni<Added> addOnce(KeyedLike like, int attempt) {
        return write(
                like,
                "ADD n :likes, recentKeys :keys",
                NEW_KEY + " AND (attribute_not_exists(recentKeys) OR size(recentKeys) < :full)",
                Map.of(
                        ":likes", n(1),
                        ":key", s(like.key()),
                        ":keys", AttributeValue.fromSs(List.of(like.key())),
                        ":full", n(config.idempotencyKeysMax())),
                attempt);
    }

    private Uni<Added> write(
            KeyedLike like, String update, String condition, Map<String, AttributeValue> values, int attempt) {
        return dynamo.idempotent(
                        "like-add",
                        like.writer().fallbackRegion(),
                        client -> client.updateItem(r -> r.tableName(dynamo.name(DynamoTable.LIKES))
                                .key(key(like.subjectId(), like.counter()))
                                .updateExpression(update)
                                .conditionExpression(condition)
                                .expressionAttributeValues(values)
                                .returnValues(ReturnValue.ALL_NEW)
                                .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD)))
                .map(response -> new Added(counter(response.attributes()), 1))
                .onFailure(ConditionalCheckFailedException.class)
                .recoverWithUni(failure -> {
                    var found = counter(failure.item());
                    if (found.has(like.key())) return Uni.createFrom().item(new Added(found, 0));
                    if (attempt >= ATTEMPTS) {
                        throw ProblemException.unavailable("Too many likes with keys come at once.", failure);
                    }
                    return found.recent().size() < config.idempotencyKeysMax()
                            ? addOnce(like, attempt + 1)
                            : rotate(like, found, attempt + 1);
                });
    }

    /// As [#addOnce], on a counter whose recent keys are full: they become the former ones.
    private Uni<Added> rotate(KeyedLike like, LikeCounter full, int attempt) {
        return countersBeside(like.subjectId(), like.writer(), like.shard()).chain(others -> {
            var rotation = full.rotate(others);
            var keys = new ArrayList<>(rotation.kept());
            keys.add(like.key());
            var values = new HashMap<String, AttributeValue>();
            values.put(":likes", n(1 - rotation.corrected()));
            values.put(":key", s(like.key()));
            values.put(":keys", AttributeValue.fromSs(keys));
            values.put(":full", n(config.idempotencyKeysMax()));
            // The former keys are those that were decided about, not already the next ones.
            var same = full.former().stream().findFirst();
            same.ifPresent(key -> values.put(":former", s(key)));
            return write(
                    like,
                    "SET n = n + :likes, formerKeys = recentKeys, recentKeys = :keys",
                    NEW_KEY + " AND size(recentKeys) >= :full AND "
                            + (same.isPresent() ? "contains(formerKeys, :former)" : "attribute_not_exists(formerKeys)"),
                    values,
                    attempt);
        });
    }

    /// The sum over all counters of one subject, strongly consistent for the replica that calls go to. One
    /// page holds them all: 32 Regions with 64 shards each are under 1 MB; counters full of keys are, up to
    /// some 350 of them.
    Uni<Long> count(String subjectId) {
        return counters(subjectId, dynamo.fallbackRegion()).map(LikeCounter::sum);
    }

    /// The counters but for one, on the replica of its writer. The sum with the result of [#add] is the
    /// count; both calls may run at the same time.
    Uni<List<LikeCounter>> countersBeside(String subjectId, LikeWriter writer, int shard) {
        var own = regionShard(writer.name(), shard);
        return counters(subjectId, writer.fallbackRegion())
                .map(counters -> counters.stream()
                        .filter(counter -> !own.equals(counter.name()))
                        .toList());
    }

    private Uni<List<LikeCounter>> counters(String subjectId, Optional<String> fallbackRegion) {
        return items(subjectId, fallbackRegion, null).map(LikeRepository::counters);
    }

    /// @param after the key after which to go on; null for the beginning
    private Uni<List<Map<String, AttributeValue>>> items(
            String subjectId, Optional<String> fallbackRegion, Map<String, AttributeValue> after) {
        return dynamo.idempotent(
                        "like-count",
                        fallbackRegion,
                        client -> client.query(r -> r.tableName(dynamo.name(DynamoTable.LIKES))
                                .keyConditionExpression("subjectId = :subject")
                                .expressionAttributeValues(Map.of(":subject", s(subjectId)))
                                .exclusiveStartKey(after)
                                .consistentRead(true)))
                .chain(page -> page.lastEvaluatedKey().isEmpty()
                        ? Uni.createFrom().item(page.items())
                        : items(subjectId, fallbackRegion, page.lastEvaluatedKey())
                                .map(rest -> Stream.concat(page.items().stream(), rest.stream())
                                        .toList()));
    }

    /// The sums over the counters of many subjects, strongly consistent for those of this Region, in parallel
    /// batches of 100 counters.
    ///
    /// @param shards the number of shards of each Region
    /// @return every subject, with 0 when it has no likes
    Uni<Map<String, Long>> counts(Collection<String> subjectIds, Map<String, Integer> shards) {
        var subjects = new LinkedHashSet<>(subjectIds);
        var counters = new ArrayList<AttributeValue>();
        shards.forEach((region, count) -> {
            for (int shard = 0; shard < count; shard++) counters.add(s(regionShard(region, shard)));
        });
        var keys = new ArrayList<Map<String, AttributeValue>>(subjects.size() * counters.size());
        for (var subject : subjects) {
            var subjectId = s(subject);
            counters.forEach(counter -> keys.add(Map.of("subjectId", subjectId, "regionShard", counter)));
        }
        var batches = new ArrayList<Uni<List<Map<String, AttributeValue>>>>();
        for (int from = 0; from < keys.size(); from += BATCH) {
            var batch = keys.subList(from, Math.min(from + BATCH, keys.size()));
            batches.add(dynamo.batchGet("like-counts", DynamoTable.LIKES, batch));
        }
        if (batches.isEmpty()) return Uni.createFrom().item(Map.of());
        return Uni.join()
                .all(batches)
                .usingConcurrencyOf(config.concurrentBatches())
                .andFailFast()
                .map(answers -> {
                    var bySubject = new HashMap<String, List<Map<String, AttributeValue>>>();
                    subjects.forEach(subject -> bySubject.put(subject, new ArrayList<>()));
                    answers.forEach(items -> items.forEach(
                            item -> bySubject.get(text(item, "subjectId")).add(item)));
                    var counts = new HashMap<String, Long>();
                    bySubject.forEach((subject, items) -> counts.put(subject, LikeCounter.sum(counters(items))));
                    return counts;
                });
    }

    /// Registers the number of shards of a writer, unless as many or more are registered. Idempotent.
    Uni<Void> register(LikeWriter writer, int shards) {
        return dynamo.idempotent(
                        "like-register",
                        writer.fallbackRegion(),
                        client -> client.updateItem(r -> r.tableName(dynamo.name(DynamoTable.LIKES))
                                .key(key(REGISTRY, writer.name()))
                                .updateExpression("SET shards = :shards")
                                .conditionExpression("attribute_not_exists(shards) OR shards < :shards")
                                .expressionAttributeValues(Map.of(":shards", n(shards)))))
                .replaceWithVoid()
                .onFailure(ConditionalCheckFailedException.class)
                .recoverWithNull();
    }

    /// The registered Regions and the highest number of shards each ever used; eventually consistent.
    Uni<Map<String, Integer>> registry() {
        return dynamo.idempotent(
                        "like-registry",
                        client -> client.query(r -> r.tableName(dynamo.name(DynamoTable.LIKES))
                                .keyConditionExpression("subjectId = :registry")
                                .expressionAttributeValues(Map.of(":registry", s(REGISTRY)))))
                .map(response -> {
                    var shards = new HashMap<String, Integer>();
                    response.items()
                            .forEach(item -> NewerFormat.ifReadable(TABLE, item, row -> numberOrZero(row, "shards"))
                                    .ifPresent(count -> shards.put(
                                            text(item, "regionShard"), (int) Math.min(count, LikeConfig.SHARDS_MAX))));
                    return shards;
                });
    }

    private static List<LikeCounter> counters(List<Map<String, AttributeValue>> items) {
        return NewerFormat.readable(TABLE, items, LikeRepository::counter);
    }

    private static LikeCounter counter(Map<String, AttributeValue> item) {
        var name = textOrNull(item, "regionShard");
        return new LikeCounter(
                name == null ? "" : name, numberOrZero(item, "n"), keys(item, "recentKeys"), keys(item, "formerKeys"));
    }

    private static Set<String> keys(Map<String, AttributeValue> item, String name) {
        var keys = item.get(name);
        return keys != null && keys.hasSs() ? Set.copyOf(keys.ss()) : Set.of();
    }

    private static String regionShard(String region, int shard) {
        return region + "#" + shard;
    }

    private static Map<String, AttributeValue> key(String subjectId, String regionShard) {
        return Map.of("subjectId", s(subjectId), "regionShard", s(regionShard));
    }
}
