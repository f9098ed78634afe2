package dev.meridian.like;

import static dev.meridian.dynamo.Attributes.n;
import static dev.meridian.dynamo.Attributes.numberOrZero;
import static dev.meridian.dynamo.Attributes.s;
import static dev.meridian.dynamo.Attributes.text;

import dev.meridian.dynamo.Dynamo;
import dev.meridian.dynamo.DynamoTable;
import dev.meridian.shared.NewerFormat;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;

/// Items of `likes`: counters (`subjectId`, `regionShard`, `n`) and the registry of writers (`#regions`,
/// the writer, `shards`).
@ApplicationScoped
class LikeRepository {
    private static final String TABLE = DynamoTable.LIKES.baseName();
    private static final String REGISTRY = "#regions";

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

    /// Adds to one counter of a writer. Must run at most once.
    ///
    /// @param likes how many, at least 1
    /// @return what the counter holds now
    Uni<Long> add(String subjectId, LikeWriter writer, int shard, long likes) {
        return dynamo.once(
                        "like-add",
                        writer.fallbackRegion(),
                        client -> client.updateItem(r -> r.tableName(dynamo.name(DynamoTable.LIKES))
                                .key(key(subjectId, regionShard(writer.name(), shard)))
                                .updateExpression("ADD n :likes")
                                .expressionAttributeValues(Map.of(":likes", n(likes)))
                                .returnValues(ReturnValue.UPDATED_NEW)))
                .map(response -> numberOrZero(response.attributes(), "n"));
    }

    /// The sum over all counters of one subject, strongly consistent for the replica that calls go to. One
    /// page holds them all: 32 Regions with 64 shards each are under 1 MB.
    Uni<Long> count(String subjectId) {
        return counters(subjectId, dynamo.fallbackRegion()).map(items -> sum(items.stream()));
    }

    /// The same without one counter, on the replica of its writer. The sum with the result of [#add] is the
    /// count; both calls may run at the same time.
    Uni<Long> countBeside(String subjectId, LikeWriter writer, int shard) {
        var own = s(regionShard(writer.name(), shard));
        return counters(subjectId, writer.fallbackRegion())
                .map(items -> sum(items.stream().filter(item -> !own.equals(item.get("regionShard")))));
    }

    private Uni<List<Map<String, AttributeValue>>> counters(String subjectId, Optional<String> fallbackRegion) {
        return dynamo.idempotent(
                        "like-count",
                        fallbackRegion,
                        client -> client.query(r -> r.tableName(dynamo.name(DynamoTable.LIKES))
                                .keyConditionExpression("subjectId = :subject")
                                .expressionAttributeValues(Map.of(":subject", s(subjectId)))
                                .consistentRead(true)))
                .map(QueryResponse::items);
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
                    var counts = new HashMap<String, Long>();
                    subjects.forEach(subject -> counts.put(subject, 0L));
                    answers.forEach(items ->
                            items.forEach(item -> counts.merge(text(item, "subjectId"), likes(item), Long::sum)));
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

    private static long sum(Stream<Map<String, AttributeValue>> counters) {
        return counters.mapToLong(LikeRepository::likes).sum();
    }

    private static long likes(Map<String, AttributeValue> counter) {
        return NewerFormat.ifReadable(TABLE, counter, item -> numberOrZero(item, "n"))
                .orElse(0L);
    }

    private static String regionShard(String region, int shard) {
        return region + "#" + shard;
    }

    private static Map<String, AttributeValue> key(String subjectId, String regionShard) {
        return Map.of("subjectId", s(subjectId), "regionShard", s(regionShard));
    }
}
