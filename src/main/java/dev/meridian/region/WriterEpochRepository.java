package dev.meridian.region;

import static dev.meridian.dynamo.Attributes.n;
import static dev.meridian.dynamo.Attributes.number;
import static dev.meridian.dynamo.Attributes.s;
import static dev.meridian.dynamo.Attributes.text;

import dev.meridian.dynamo.Dynamo;
import dev.meridian.dynamo.DynamoTable;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;

/// The writer epoch in `regions`, under the key `#writer`. It has no attribute `state`, so no version takes
/// it for the drain state of a Region.
@ApplicationScoped
class WriterEpochRepository {
    private static final String KEY = "#writer";

    private final Dynamo dynamo;

    WriterEpochRepository(Dynamo dynamo) {
        this.dynamo = dynamo;
    }

    /// Strongly consistent within this Region.
    Uni<Optional<WriterEpoch>> find() {
        return dynamo.idempotent(
                        "writer-epoch-get",
                        client -> client.getItem(r -> r.tableName(dynamo.name(DynamoTable.REGIONS))
                                .key(Map.of(DynamoTable.REGIONS.hashKey(), s(KEY)))
                                .consistentRead(true)))
                .map(response -> response.hasItem() ? Optional.of(toEpoch(response.item())) : Optional.empty());
    }

    /// Sets the epoch unless this Region's replica has this one or a higher one.
    ///
    /// @return the epoch that the table has now
    Uni<WriterEpoch> raise(WriterEpoch wanted) {
        return dynamo.idempotent(
                        "writer-epoch-raise",
                        client -> client.putItem(r -> r.tableName(dynamo.name(DynamoTable.REGIONS))
                                .item(Map.of(
                                        DynamoTable.REGIONS.hashKey(),
                                        s(KEY),
                                        "epoch",
                                        n(wanted.epoch()),
                                        "writer",
                                        s(wanted.writer()),
                                        "changedAt",
                                        s(wanted.changedAt().toString())))
                                .conditionExpression("attribute_not_exists(epoch) OR epoch < :epoch")
                                .expressionAttributeValues(Map.of(":epoch", n(wanted.epoch())))
                                .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD)))
                .map(_ -> wanted)
                .onFailure(ConditionalCheckFailedException.class)
                .recoverWithUni(failure -> Uni.createFrom().item(() -> toEpoch(failure.item())));
    }

    static boolean isEpoch(Map<String, AttributeValue> item) {
        return KEY.equals(text(item, DynamoTable.REGIONS.hashKey()));
    }

    static WriterEpoch toEpoch(Map<String, AttributeValue> item) {
        return new WriterEpoch(number(item, "epoch"), text(item, "writer"), Instant.parse(text(item, "changedAt")));
    }
}
