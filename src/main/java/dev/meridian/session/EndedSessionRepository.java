package dev.meridian.session;

import static dev.meridian.dynamo.Attributes.n;
import static dev.meridian.dynamo.Attributes.number;
import static dev.meridian.dynamo.Attributes.s;
import static dev.meridian.dynamo.Attributes.text;

import dev.meridian.dynamo.Dynamo;
import dev.meridian.dynamo.DynamoTable;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/// The table `ended-sessions`: an item for each session that was ended before its time, under the hour in which it
/// was ended (`hour`) and the time and its id (`endedKey`). Replicated, written once, never changed; DynamoDB deletes
/// it when the session would have ended anyway.
@ApplicationScoped
class EndedSessionRepository {
    private static final int PAGE = 1000;
    /// Between the time and the id; times have the same length.
    private static final String SEPARATOR = "#";

    private final Dynamo dynamo;

    EndedSessionRepository(Dynamo dynamo) {
        this.dynamo = dynamo;
    }

    /// Stores that a session has ended; may run twice.
    ///
    /// @param until when it would have ended anyway
    Uni<Void> write(String id, Instant at, Instant until) {
        return dynamo.idempotent(
                        "session-end",
                        client -> client.putItem(r -> r.tableName(dynamo.name(DynamoTable.ENDED_SESSIONS))
                                .item(Map.of(
                                        "hour", s(hour(at)),
                                        "endedKey", s(time(at) + SEPARATOR + id),
                                        "expiresAt", n(until.getEpochSecond())))))
                .replaceWithVoid();
    }

    /// The sessions that were ended since, and when each would have ended anyway. Eventually consistent.
    Uni<Map<String, Instant>> since(Instant since, Instant now) {
        return hours(since, since.truncatedTo(ChronoUnit.HOURS), now, new HashMap<>());
    }

    private Uni<Map<String, Instant>> hours(Instant since, Instant hour, Instant now, Map<String, Instant> found) {
        // Clocks of Regions differ: the next hour may have begun elsewhere.
        if (hour.isAfter(now.plus(Duration.ofMinutes(1))))
            return Uni.createFrom().item(found);
        return page(since, hour, null, found).chain(() -> hours(since, hour.plus(Duration.ofHours(1)), now, found));
    }

    /// @param after the key after which to go on; null for the beginning
    private Uni<Void> page(Instant since, Instant hour, Map<String, AttributeValue> after, Map<String, Instant> found) {
        return dynamo.idempotent(
                        "sessions-ended",
                        client -> client.query(r -> r.tableName(dynamo.name(DynamoTable.ENDED_SESSIONS))
                                .keyConditionExpression("#hour = :hour AND endedKey >= :since")
                                .expressionAttributeNames(Map.of("#hour", "hour"))
                                .expressionAttributeValues(Map.of(":hour", s(hour(hour)), ":since", s(time(since))))
                                .limit(PAGE)
                                .exclusiveStartKey(after)))
                .chain(answer -> {
                    for (var item : answer.items()) {
                        var key = text(item, "endedKey");
                        found.put(
                                key.substring(key.indexOf(SEPARATOR) + 1),
                                Instant.ofEpochSecond(number(item, "expiresAt")));
                    }
                    return answer.lastEvaluatedKey().isEmpty()
                            ? Uni.createFrom().voidItem()
                            : page(since, hour, answer.lastEvaluatedKey(), found);
                });
    }

    private static String hour(Instant at) {
        return at.truncatedTo(ChronoUnit.HOURS).toString();
    }

    private static String time(Instant at) {
        return at.truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
