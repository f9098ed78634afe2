package dev.meridian.leaderboard;

import static dev.meridian.dynamo.Attributes.n;
import static dev.meridian.dynamo.Attributes.number;
import static dev.meridian.dynamo.Attributes.s;
import static dev.meridian.dynamo.Attributes.text;

import dev.meridian.dynamo.Dynamo;
import dev.meridian.dynamo.DynamoTable;
import dev.meridian.shared.NewerFormat;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Consumer;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/// Items of `scores`: key `player`, `id`; index `Country-Score-Index` (`country`, `score`) for top lists and
/// ranks, eventually consistent; partition `#countries`, not a valid player name, whose items are not in the
/// index. Each call bounds how much it reads.
@ApplicationScoped
class ScoreRepository {
    private static final String TABLE = DynamoTable.SCORES.baseName();
    private static final String COUNTRIES = "#countries";
    private static final String INDEX = "Country-Score-Index";
    private static final int PAGE_MAX = 1000;
    private static final int TIES_AHEAD = 16;

    private final Dynamo dynamo;
    private final LeaderboardConfig config;

    ScoreRepository(Dynamo dynamo, LeaderboardConfig config) {
        this.dynamo = dynamo;
        this.config = config;
    }

    /// A player's best score.
    ///
    /// @param score empty for an unknown player
    /// @param complete whether all scores of the player were read
    record Best(Optional<Score> score, boolean complete) {}

    /// Stores the score unless its id exists.
    ///
    /// @return the score with this id: the given one, or the one that was there before
    Uni<Score> create(Score score) {
        return dynamo.idempotent(
                        "score-create",
                        client -> client.putItem(r -> r.tableName(dynamo.name(DynamoTable.SCORES))
                                .item(toItem(score))
                                .conditionExpression("attribute_not_exists(id)")
                                .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD)))
                .map(_ -> score)
                .onFailure(ConditionalCheckFailedException.class)
                .recoverWithUni(failure ->
                        Uni.createFrom().item(() -> NewerFormat.one(TABLE, failure.item(), ScoreRepository::fromItem)));
    }

    /// Stores up to 25 scores in one request. Idempotent.
    ///
    /// @param scores at least one, no two with one id
    /// @return those that DynamoDB did not take ("BatchWriteItem", UnprocessedItems)
    Uni<List<Score>> putAll(List<Score> scores) {
        var table = dynamo.name(DynamoTable.SCORES);
        var writes = scores.stream()
                .map(score -> WriteRequest.builder()
                        .putRequest(put -> put.item(toItem(score)))
                        .build())
                .toList();
        return dynamo.idempotent(
                        "score-import-batch",
                        client -> client.batchWriteItem(r -> r.requestItems(Map.of(table, writes))))
                .map(response -> response.unprocessedItems().getOrDefault(table, List.of()).stream()
                        .map(write -> fromItem(write.putRequest().item()))
                        .toList());
    }

    /// Records that a country has scores. Idempotent.
    Uni<Void> addCountry(String country) {
        return dynamo.idempotent(
                        "score-country",
                        client -> client.putItem(r -> r.tableName(dynamo.name(DynamoTable.SCORES))
                                .item(Map.of("player", s(COUNTRIES), "id", s(country)))
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
                .map(response ->
                        response.items().stream().map(item -> text(item, "id")).toList());
    }

    /// The best scores of a country, best first. The index does not order equal scores, so all that equal the last
    /// place are read.
    Uni<List<Score>> top(String country, int limit) {
        return top(country, limit, Map.of(), List.of(), 0);
    }

    private Uni<List<Score>> top(
            String country, int limit, Map<String, AttributeValue> start, List<Score> before, int readBefore) {
        int bound = limit + config.tieReadsMax();
        int page = readBefore == 0 ? limit + TIES_AHEAD : Math.min(PAGE_MAX, bound - readBefore);
        return query(
                        "score-top",
                        start,
                        r -> r.indexName(INDEX)
                                .keyConditionExpression("country = :country")
                                .expressionAttributeValues(Map.of(":country", s(country)))
                                .scanIndexForward(false)
                                .limit(page))
                .chain(response -> {
                    var read = new ArrayList<>(before);
                    read.addAll(readable(response));
                    int readNow = readBefore + response.count();
                    boolean decided = !response.hasLastEvaluatedKey()
                            || readNow >= bound
                            || read.size() > limit
                                    && read.getLast().score()
                                            < read.get(limit - 1).score();
                    if (!decided) return top(country, limit, response.lastEvaluatedKey(), read, readNow);
                    return Uni.createFrom()
                            .item(read.stream()
                                    .sorted(Score.BEST_FIRST)
                                    .limit(limit)
                                    .toList());
                });
    }

    /// The best score of a player, strongly consistent.
    Uni<Best> best(String player) {
        return best(player, Map.of(), Optional.empty(), 0);
    }

    private Uni<Best> best(String player, Map<String, AttributeValue> start, Optional<Score> before, int readBefore) {
        return query(
                        "score-player",
                        start,
                        r -> r.keyConditionExpression("player = :player")
                                .expressionAttributeValues(Map.of(":player", s(player)))
                                .consistentRead(true)
                                .limit(Math.min(PAGE_MAX, config.playerScoresMax() - readBefore)))
                .chain(response -> {
                    var best = readable(response).stream()
                            .min(Score.BEST_FIRST)
                            .filter(score -> before.isEmpty() || Score.BEST_FIRST.compare(score, before.get()) < 0)
                            .or(() -> before);
                    int read = readBefore + response.count();
                    boolean complete = !response.hasLastEvaluatedKey();
                    return complete || read >= config.playerScoresMax()
                            ? Uni.createFrom().item(new Best(best, complete))
                            : best(player, response.lastEvaluatedKey(), best, read);
                });
    }

    /// How many other players of the country have a better score.
    ///
    /// @return empty when that is more than may be read
    Uni<OptionalInt> playersBefore(Score score) {
        return playersBefore(score, Map.of(), new HashSet<>(), 0);
    }

    private Uni<OptionalInt> playersBefore(
            Score score, Map<String, AttributeValue> start, Set<String> players, int readBefore) {
        return query(
                        "score-rank",
                        start,
                        r -> r.indexName(INDEX)
                                .keyConditionExpression("country = :country AND score >= :score")
                                .expressionAttributeValues(
                                        Map.of(":country", s(score.country()), ":score", n(score.score())))
                                .scanIndexForward(false)
                                .limit(Math.min(PAGE_MAX, config.rankReadsMax() - readBefore)))
                .chain(response -> {
                    readable(response).stream()
                            .filter(other -> Score.BEST_FIRST.compare(other, score) < 0)
                            .filter(other -> !other.player().equals(score.player()))
                            .forEach(other -> players.add(other.player()));
                    int read = readBefore + response.count();
                    if (!response.hasLastEvaluatedKey()) return Uni.createFrom().item(OptionalInt.of(players.size()));
                    return read >= config.rankReadsMax()
                            ? Uni.createFrom().item(OptionalInt.empty())
                            : playersBefore(score, response.lastEvaluatedKey(), players, read);
                });
    }

    private Uni<QueryResponse> query(
            String operation, Map<String, AttributeValue> start, Consumer<QueryRequest.Builder> request) {
        return dynamo.idempotent(
                operation,
                client -> client.query(r -> {
                    r.tableName(dynamo.name(DynamoTable.SCORES)).exclusiveStartKey(start.isEmpty() ? null : start);
                    request.accept(r);
                }));
    }

    private static List<Score> readable(QueryResponse response) {
        return NewerFormat.readable(TABLE, response.items(), ScoreRepository::fromItem);
    }

    private static Map<String, AttributeValue> toItem(Score score) {
        return Map.of(
                "player", s(score.player()),
                "id", s(score.id()),
                "country", s(score.country()),
                "score", n(score.score()),
                "playedAt", s(score.playedAt().toString()),
                "region", s(score.region()));
    }

    static Score fromItem(Map<String, AttributeValue> item) {
        return new Score(
                text(item, "id"),
                text(item, "player"),
                text(item, "country"),
                number(item, "score"),
                Instant.parse(text(item, "playedAt")),
                text(item, "region"));
    }
}
