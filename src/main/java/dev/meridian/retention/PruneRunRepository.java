package dev.meridian.retention;

import static dev.meridian.dynamo.Attributes.s;

import dev.meridian.dynamo.Dynamo;
import dev.meridian.dynamo.DynamoTable;
import dev.meridian.shared.RegionConfig;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;

/// When each Region began to prune: items of `regions` under keys `#prune/eu-west-1`, with `startedAt`. Only its own
/// Region writes one.
@ApplicationScoped
class PruneRunRepository {
    private static final String PREFIX = "#prune/";

    private final Dynamo dynamo;
    private final String region;

    PruneRunRepository(Dynamo dynamo, RegionConfig region) {
        this.dynamo = dynamo;
        this.region = region.name();
    }

    /// Begins a run, unless a task of this Region has begun one since.
    ///
    /// @param since when the last run may have begun at the latest
    /// @return whether this call began it; false when its first answer was lost
    Uni<Boolean> begin(Instant now, Instant since) {
        return dynamo.once(
                        "prune-begin",
                        client -> client.updateItem(r -> r.tableName(dynamo.name(DynamoTable.REGIONS))
                                .key(Map.of(DynamoTable.REGIONS.hashKey(), s(PREFIX + region)))
                                .updateExpression("SET startedAt = :now")
                                .conditionExpression("attribute_not_exists(startedAt) OR startedAt <= :since")
                                .expressionAttributeValues(Map.of(":now", s(text(now)), ":since", s(text(since))))))
                .replaceWith(true)
                .onFailure(ConditionalCheckFailedException.class)
                .recoverWithItem(false);
    }

    /// To the second, so of fixed length.
    private static String text(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
