package dev.meridian.scoreimport;

import static dev.meridian.dynamo.Attributes.n;
import static dev.meridian.dynamo.Attributes.s;
import static dev.meridian.dynamo.Attributes.text;

import dev.meridian.dynamo.Dynamo;
import dev.meridian.dynamo.DynamoTable;
import dev.meridian.shared.NewerFormat;
import dev.meridian.shared.Page;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;

/// Items of the partition `#imports` of `scores`: sort key the import's id, `startedAt`, `region`, and `rows`
/// once the import has ended. They lack `country` and `score`, so the index does not have them.
@ApplicationScoped
class ImportRepository {
    private static final String IMPORTS = "#imports";

    private final Dynamo dynamo;

    ImportRepository(Dynamo dynamo) {
        this.dynamo = dynamo;
    }

    /// The first start of an import; every repetition uses its time and Region.
    ///
    /// @param startedAt when the first one began: the time of rows without one
    /// @param region where it began
    /// @param repeated whether this is a repetition
    /// @param done whether an earlier one was completed
    record Origin(Instant startedAt, String region, boolean repeated, boolean done) {}

    /// Records the start of an import, or finds the first start under this id.
    Uni<Origin> begin(String importId, Instant now, String region) {
        var item = new HashMap<>(key(importId));
        item.put("startedAt", s(now.toString()));
        item.put("region", s(region));
        return dynamo.idempotent(
                        "score-import-begin",
                        client -> client.putItem(r -> r.tableName(dynamo.name(DynamoTable.SCORES))
                                .item(item)
                                .conditionExpression("attribute_not_exists(id)")
                                .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD)))
                .map(_ -> new Origin(now, region, false, false))
                .onFailure(ConditionalCheckFailedException.class)
                .recoverWithUni(failure -> Uni.createFrom()
                        .item(() -> NewerFormat.one(
                                DynamoTable.SCORES.baseName(),
                                failure.item(),
                                before -> new Origin(
                                        Instant.parse(text(before, "startedAt")),
                                        text(before, "region"),
                                        true,
                                        before.containsKey("rows")))));
    }

    /// Records that an import has ended.
    Uni<Void> end(String importId, int rows) {
        return dynamo.idempotent(
                        "score-import-end",
                        client -> client.updateItem(r -> r.tableName(dynamo.name(DynamoTable.SCORES))
                                .key(key(importId))
                                .updateExpression("SET #rows = :rows")
                                .expressionAttributeNames(Map.of("#rows", "rows"))
                                .expressionAttributeValues(Map.of(":rows", n(rows)))))
                .replaceWithVoid();
    }

    /// An import as it began.
    record Begun(String id, Instant startedAt) {}

    /// A page of all imports, by id; those that only a newer version can read are left out.
    ///
    /// @param after the id where the page before ended
    Uni<Page<Begun>> page(Optional<String> after, int limit) {
        return dynamo.idempotent(
                        "score-imports",
                        client -> client.query(r -> r.tableName(dynamo.name(DynamoTable.SCORES))
                                .keyConditionExpression("player = :imports")
                                .expressionAttributeValues(Map.of(":imports", s(IMPORTS)))
                                .limit(limit)
                                .exclusiveStartKey(
                                        after.map(ImportRepository::key).orElse(null))))
                .map(response -> new Page<>(
                        NewerFormat.readable(
                                DynamoTable.SCORES.baseName(),
                                response.items(),
                                item -> new Begun(text(item, "id"), Instant.parse(text(item, "startedAt")))),
                        response.hasLastEvaluatedKey()
                                        && !response.lastEvaluatedKey().isEmpty()
                                ? Optional.of(text(response.lastEvaluatedKey(), "id"))
                                : Optional.empty()));
    }

    /// Forgets an import, if it is the one that was read. May run twice.
    Uni<Boolean> delete(Begun begun) {
        return dynamo.idempotent(
                        "score-import-prune",
                        client -> client.deleteItem(r -> r.tableName(dynamo.name(DynamoTable.SCORES))
                                .key(key(begun.id()))
                                .conditionExpression("startedAt = :startedAt")
                                .expressionAttributeValues(
                                        Map.of(":startedAt", s(begun.startedAt().toString())))))
                .replaceWith(true)
                .onFailure(ConditionalCheckFailedException.class)
                .recoverWithItem(false);
    }

    private static Map<String, AttributeValue> key(String importId) {
        return Map.of("player", s(IMPORTS), "id", s(importId));
    }
}
