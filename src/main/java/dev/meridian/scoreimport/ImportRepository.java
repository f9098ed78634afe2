package dev.meridian.scoreimport;

import static dev.meridian.dynamo.Attributes.n;
import static dev.meridian.dynamo.Attributes.s;
import static dev.meridian.dynamo.Attributes.text;

import dev.meridian.dynamo.Dynamo;
import dev.meridian.dynamo.DynamoTable;
import dev.meridian.shared.NewerFormat;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
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

    private static Map<String, AttributeValue> key(String importId) {
        return Map.of("player", s(IMPORTS), "id", s(importId));
    }
}
