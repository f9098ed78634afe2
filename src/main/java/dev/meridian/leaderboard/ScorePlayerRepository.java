package dev.meridian.leaderboard;

import static dev.meridian.dynamo.Attributes.s;
import static dev.meridian.dynamo.Attributes.text;

import dev.meridian.dynamo.Dynamo;
import dev.meridian.dynamo.DynamoTable;
import dev.meridian.shared.NewerFormat;
import dev.meridian.shared.Page;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import java.util.Optional;

/// All scores of one player in `scores`. See [ScoreRepository] for the items.
@ApplicationScoped
class ScorePlayerRepository {
    private final Dynamo dynamo;

    ScorePlayerRepository(Dynamo dynamo) {
        this.dynamo = dynamo;
    }

    /// One page by id, strongly consistent; scores that only a newer version can read are left out.
    ///
    /// @param after the id where the page before ended
    Uni<Page<Score>> page(String player, Optional<String> after, int limit) {
        var start = after.map(id -> Map.of("player", s(player), "id", s(id))).orElse(null);
        return dynamo.idempotent(
                        "score-all-of-player",
                        client -> client.query(r -> r.tableName(dynamo.name(DynamoTable.SCORES))
                                .keyConditionExpression("player = :player")
                                .expressionAttributeValues(Map.of(":player", s(player)))
                                .consistentRead(true)
                                .limit(limit)
                                .exclusiveStartKey(start)))
                .map(response -> new Page<>(
                        NewerFormat.readable(
                                DynamoTable.SCORES.baseName(), response.items(), ScoreRepository::fromItem),
                        response.hasLastEvaluatedKey()
                                        && !response.lastEvaluatedKey().isEmpty()
                                ? Optional.of(text(response.lastEvaluatedKey(), "id"))
                                : Optional.empty()));
    }

    /// Deletes a score. May run twice.
    Uni<Void> delete(Score score) {
        return dynamo.idempotent(
                        "score-erase",
                        client -> client.deleteItem(r -> r.tableName(dynamo.name(DynamoTable.SCORES))
                                .key(Map.of("player", s(score.player()), "id", s(score.id())))))
                .replaceWithVoid();
    }
}
