package dev.meridian.journal;

import static dev.meridian.dynamo.Attributes.s;
import static dev.meridian.journal.JournalRepository.key;
import static dev.meridian.journal.JournalRepository.time;
import static dev.meridian.journal.JournalStateRepository.CONFIRMED_BEFORE;
import static dev.meridian.journal.JournalStateRepository.UNKNOWN;
import static dev.meridian.journal.JournalStateRepository.isAbsentOr;
import static dev.meridian.journal.JournalStateRepository.states;
import static dev.meridian.journal.JournalStateRepository.with;

import dev.meridian.dynamo.Dynamo;
import dev.meridian.dynamo.DynamoTable;
import dev.meridian.dynamo.ShardedIndex;
import dev.meridian.journal.JournalEntry.Missing;
import dev.meridian.journal.JournalEntry.State;
import dev.meridian.shared.RegionConfig;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;

/// Puts entries into the report of what a new SQL writer lacked or contradicted (`RecoveryIndex`), each in the same
/// write that changes the entry's state. See [JournalRepository] for the attributes.
@ApplicationScoped
class JournalReportRepository {
    private final Dynamo dynamo;
    private final JournalRepository entries;
    private final JournalStateRepository changes;
    private final RegionConfig region;

    JournalReportRepository(
            Dynamo dynamo, JournalRepository entries, JournalStateRepository changes, RegionConfig region) {
        this.dynamo = dynamo;
        this.entries = entries;
        this.changes = changes;
        this.region = region;
    }

    Uni<Boolean> closeAndReport(JournalEntry end, Instant reopenedBefore, String note) {
        return changes.close(end, reopenedBefore, report(end.orderId(), note));
    }

    /// What puts an entry into the report.
    private Map<String, AttributeValue> report(String orderId, String note) {
        var now = time(Instant.now());
        return Map.of(
                "recoveryShard", ShardedIndex.shard(orderId),
                "recoveryKey", recoveryKey(now, orderId),
                "foundAt", now,
                "foundIn", s(region.name()),
                "recoveryNote", s(note));
    }

    Uni<Boolean> markMissing(String orderId, String payloadHash) {
        return markLost(
                orderId, payloadHash, CONFIRMED_BEFORE, "#state = :confirmed AND attribute_exists(closedAt)", UNKNOWN);
    }

    Uni<Boolean> markLost(String orderId, String payloadHash, Instant confirmedAt) {
        return markLost(
                orderId,
                payloadHash,
                ", confirmedAt = if_not_exists(confirmedAt, :confirmedAt)",
                "#state IN (:open, :confirmed) AND attribute_not_exists(foundAt)",
                Map.of(":confirmedAt", time(confirmedAt)));
    }

    private Uni<Boolean> markLost(
            String orderId, String payloadHash, String set, String condition, Map<String, AttributeValue> given) {
        var now = time(Instant.now());
        var values = Map.of(
                ":open", s(State.ACCEPTED.name()),
                ":confirmed", s(State.CONFIRMED.name()),
                ":hash", s(payloadHash),
                ":shard", entries.shard(orderId),
                ":recoveryShard", ShardedIndex.shard(orderId),
                ":recoveryKey", recoveryKey(now, orderId),
                ":now", now,
                ":here", s(region.name()));
        return changes.update(
                "recovery-mark",
                orderId,
                r -> r.updateExpression("SET #state = :open, openShard = :shard, openCustomerId = customerId,"
                                + " recoveryShard = :recoveryShard, recoveryKey = :recoveryKey,"
                                + " foundAt = :now, foundIn = :here" + set
                                + " REMOVE closedShard, closedAt, closedIn, reopenedAt, recoveryNote,"
                                + " replayedAt, replayedIn")
                        .conditionExpression(condition + " AND payloadHash = :hash")
                        .expressionAttributeValues(with(values, given)));
    }

    Uni<Void> report(String orderId, Missing missing) {
        var found = time(missing.foundAt());
        var values = new HashMap<>(Map.of(
                ":recoveryShard", ShardedIndex.shard(orderId),
                ":recoveryKey", recoveryKey(found, orderId),
                ":found", found));
        if (missing.confirmedAt() != null) values.put(":confirmed", time(missing.confirmedAt()));
        var confirmed = missing.confirmedAt() == null ? "" : ", confirmedAt = :confirmed";
        return dynamo.idempotent(
                        "recovery-report-again",
                        client -> client.updateItem(r -> r.tableName(dynamo.name(DynamoTable.ORDER_JOURNAL))
                                .key(key(orderId))
                                .updateExpression("SET recoveryShard = :recoveryShard, recoveryKey = :recoveryKey,"
                                        + " foundAt = :found" + confirmed)
                                .conditionExpression("attribute_exists(orderId) AND attribute_not_exists(foundAt)")
                                .expressionAttributeValues(values)))
                .replaceWithVoid()
                .onFailure(ConditionalCheckFailedException.class)
                .recoverWithNull();
    }

    Uni<Boolean> replaceWithSql(State seen, JournalEntry fromSql, String note) {
        boolean wasConfirmed = seen == State.CONFIRMED;
        var expected = EnumSet.of(seen);
        return changes.replace(
                "recovery-adopt",
                fromSql,
                report(fromSql.orderId(), note),
                wasConfirmed ? CONFIRMED_BEFORE : "",
                isAbsentOr(expected),
                with(states(expected), wasConfirmed ? UNKNOWN : Map.of()));
    }

    private static AttributeValue recoveryKey(AttributeValue foundAt, String orderId) {
        return s(foundAt.s() + "#" + orderId);
    }
}
