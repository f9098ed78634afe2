package dev.meridian.leaderboard;

import dev.meridian.dynamo.Dynamo;
import dev.meridian.dynamo.DynamoTable;
import dev.meridian.shared.ProblemException;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/// The two partitions of `scores` that are no players, and writes of many scores. A player's name cannot
/// begin with `#`. Their items lack `country` and `score`, so the index does not have them.
@ApplicationScoped
class ImportRepository {
    private static final String COUNTRIES = "#countries";
    private static final String IMPORTS = "#imports";

    private final Dynamo dynamo;
    private final LeaderboardConfig config;

    ImportRepository(Dynamo dynamo, LeaderboardConfig config) {
        this.dynamo = dynamo;
        this.config = config;
    }

    /// What an import gives to its rows, the same however often it is repeated.
    ///
    /// @param startedAt when the first one began: the time of rows without one
    /// @param region where it began
    /// @param repeated whether this is a repetition
    /// @param done whether an earlier one was carried out to its end
    record Origin(Instant startedAt, String region, boolean repeated, boolean done) {}

    /// Notes that a country has scores. Repeating it does nothing.
    Uni<Void> addCountry(String country) {
        return dynamo.idempotent(
                        "score-country",
                        client -> client.putItem(r -> r.tableName(dynamo.name(DynamoTable.SCORES))
                                .item(key(COUNTRIES, country))
                                .conditionExpression("attribute_not_exists(id)")))
                .onFailure(ConditionalCheckFailedException.class)
                .recoverWithNull()
                .replaceWithVoid();
    }

    /// The countries that have scores, strongly consistent: 249 at most, one page.
    Uni<List<String>> countries() {
        return dynamo.idempotent(
                        "score-countries",
                        client -> client.query(r -> r.tableName(dynamo.name(DynamoTable.SCORES))
                                .keyConditionExpression("player = :countries")
                                .expressionAttributeValues(Map.of(":countries", s(COUNTRIES)))
                                .consistentRead(true)))
                .map(response -> response.items().stream()
                        .map(item -> item.get("id").s())
                        .toList());
    }

    /// Begins an import, or finds the one that began under this id before.
    Uni<Origin> begin(String importId, Instant now, String region) {
        var item = new HashMap<>(key(IMPORTS, importId));
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
                .recoverWithItem(failure -> new Origin(
                        Instant.parse(failure.item().get("startedAt").s()),
                        failure.item().get("region").s(),
                        true,
                        failure.item().containsKey("rows")));
    }

    /// Notes that an import was carried out to its end.
    Uni<Void> end(String importId, int rows) {
        return dynamo.idempotent(
                        "score-import-end",
                        client -> client.updateItem(r -> r.tableName(dynamo.name(DynamoTable.SCORES))
                                .key(key(IMPORTS, importId))
                                .updateExpression("SET #rows = :rows")
                                .expressionAttributeNames(Map.of("#rows", "rows"))
                                .expressionAttributeValues(
                                        Map.of(":rows", AttributeValue.fromN(Integer.toString(rows))))))
                .replaceWithVoid();
    }

    /// Stores up to 25 scores in one request; what DynamoDB does not take is sent again.
    ///
    /// @param scores no two with one id
    Uni<Void> putAll(List<Score> scores) {
        if (scores.isEmpty()) return Uni.createFrom().voidItem();
        var writes = new ArrayList<WriteRequest>();
        scores.forEach(score -> writes.add(WriteRequest.builder()
                .putRequest(put -> put.item(ScoreRepository.toItem(score)))
                .build()));
        return putAll(writes, 1);
    }

    private Uni<Void> putAll(List<WriteRequest> writes, int attempt) {
        var table = dynamo.name(DynamoTable.SCORES);
        return dynamo.idempotent(
                        "score-import-batch",
                        client -> client.batchWriteItem(r -> r.requestItems(Map.of(table, writes))))
                .map(response -> response.unprocessedItems().getOrDefault(table, List.of()))
                .onFailure(failure -> failure instanceof ProblemException problem
                        && problem.isUnavailable()
                        && attempt < config.importAttempts())
                .recoverWithItem(writes)
                .chain(rest -> {
                    if (rest.isEmpty()) return Uni.createFrom().voidItem();
                    if (attempt >= config.importAttempts()) {
                        throw ProblemException.unavailable("DynamoDB does not take all rows of the import.", null);
                    }
                    return Uni.createFrom()
                            .voidItem()
                            .onItem()
                            .delayIt()
                            .by(backoff(attempt))
                            .chain(() -> putAll(rest, attempt + 1));
                });
    }

    /// Doubles each time, and is spread so that parallel batches do not come back together.
    private Duration backoff(int attempt) {
        long millis = Math.max(2, config.importBackoff().toMillis() << (attempt - 1));
        return Duration.ofMillis(ThreadLocalRandom.current().nextLong(millis / 2, millis) + 1);
    }

    private static Map<String, AttributeValue> key(String partition, String id) {
        return Map.of("player", s(partition), "id", s(id));
    }

    private static AttributeValue s(String value) {
        return AttributeValue.fromS(value);
    }
}
