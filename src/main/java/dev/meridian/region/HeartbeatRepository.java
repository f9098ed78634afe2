package dev.meridian.region;

import static dev.meridian.dynamo.Attributes.n;
import static dev.meridian.dynamo.Attributes.number;
import static dev.meridian.dynamo.Attributes.numberOrZero;
import static dev.meridian.dynamo.Attributes.s;
import static dev.meridian.dynamo.Attributes.text;
import static dev.meridian.dynamo.Attributes.textOrNull;

import dev.meridian.dynamo.Dynamo;
import dev.meridian.dynamo.DynamoTable;
import dev.meridian.region.Health.Check;
import dev.meridian.shared.NewerFormat;
import dev.meridian.sqlpool.Timeline;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;

/// The heartbeats in `regions`. Each is a separate item: in the same item as the drain state, a heartbeat
/// could undo a drain that another Region has just written, since the last writer of an item wins.
///
/// | Key | Written by | has |
/// |---|---|---|
/// | `#beat/eu-west-1` | one task of the Region after the other | what it found at the stores; stays when the Region is
/// lost |
/// | `#beat/eu-west-1/7GQ…` | that task | that it lives, until `expiresAt` (seconds since 1970) |
///
/// A version before the second kind leaves those items out, since they say nothing of the stores. An MRSC
/// table has no TTL, so tasks delete what is long expired.
@ApplicationScoped
class HeartbeatRepository {
    static final String PREFIX = "#beat/";

    private final Dynamo dynamo;

    HeartbeatRepository(Dynamo dynamo) {
        this.dynamo = dynamo;
    }

    /// Replaces the heartbeat of a Region.
    Uni<Void> write(Heartbeat beat) {
        return dynamo.idempotent(
                        "region-beat",
                        client -> client.putItem(r ->
                                r.tableName(dynamo.name(DynamoTable.REGIONS)).item(toItem(beat))))
                .replaceWithVoid();
    }

    /// Replaces the heartbeat of a task.
    Uni<Void> write(TaskBeat beat) {
        return dynamo.idempotent(
                        "task-beat",
                        client -> client.putItem(r ->
                                r.tableName(dynamo.name(DynamoTable.REGIONS)).item(toItem(beat))))
                .replaceWithVoid();
    }

    /// Deletes the heartbeat of a task, unless it is another one by now.
    Uni<Void> remove(TaskBeat beat) {
        return dynamo.idempotent(
                        "task-beat-remove",
                        client -> client.deleteItem(r -> r.tableName(dynamo.name(DynamoTable.REGIONS))
                                .key(Map.of(DynamoTable.REGIONS.hashKey(), s(key(beat))))
                                .conditionExpression("expiresAt = :seen")
                                .expressionAttributeValues(
                                        Map.of(":seen", n(beat.expiresAt().getEpochSecond())))))
                .replaceWithVoid()
                .onFailure(ConditionalCheckFailedException.class)
                .recoverWithNull();
    }

    private static String key(TaskBeat beat) {
        return PREFIX + beat.region() + "/" + beat.task();
    }

    private static Map<String, AttributeValue> toItem(TaskBeat beat) {
        var item = new HashMap<>(Map.of(
                DynamoTable.REGIONS.hashKey(),
                s(key(beat)),
                "at",
                s(beat.at().toString()),
                "expiresAt",
                n(beat.expiresAt().getEpochSecond()),
                "settles",
                AttributeValue.fromBool(beat.settles())));
        if (!beat.timeline().system().isEmpty()) {
            item.put("system", s(beat.timeline().system()));
            item.put("timeline", n(beat.timeline().number()));
        }
        if (beat.writerChangedAt().isAfter(Instant.EPOCH))
            item.put("writerChangedAt", s(beat.writerChangedAt().toString()));
        return item;
    }

    private static Map<String, AttributeValue> toItem(Heartbeat beat) {
        var checks = new LinkedHashMap<String, AttributeValue>();
        beat.checks()
                .forEach((name, check) -> checks.put(
                        name,
                        AttributeValue.fromM(Map.of(
                                "state", s(check.state().name()),
                                "ms", n(check.latencyMs())))));
        return Map.of(
                DynamoTable.REGIONS.hashKey(),
                s(PREFIX + beat.region()),
                "at",
                s(beat.at().toString()),
                "status",
                s(beat.status().name()),
                "message",
                s(beat.message()),
                "checks",
                AttributeValue.fromM(checks),
                "system",
                s(beat.timeline().system()),
                "timeline",
                n(beat.timeline().number()));
    }

    /// Aurora has none, and older versions write none.
    private static Timeline timeline(Map<String, AttributeValue> item) {
        var system = textOrNull(item, "system");
        return system == null ? Timeline.NONE : new Timeline(system, numberOrZero(item, "timeline"));
    }

    /// The heartbeat of a Region; empty for other items and for formats of newer versions.
    static Optional<Heartbeat> fromItem(Map<String, AttributeValue> item) {
        return isBeat(item) && !isTask(item)
                ? NewerFormat.ifReadable(RegionRepository.TABLE, item, HeartbeatRepository::beat)
                : Optional.empty();
    }

    /// The heartbeat of a task; empty for other items and for formats of newer versions.
    static Optional<TaskBeat> task(Map<String, AttributeValue> item) {
        return isBeat(item) && isTask(item)
                ? NewerFormat.ifReadable(RegionRepository.TABLE, item, HeartbeatRepository::taskBeat)
                : Optional.empty();
    }

    private static boolean isBeat(Map<String, AttributeValue> item) {
        return text(item, DynamoTable.REGIONS.hashKey()).startsWith(PREFIX);
    }

    private static boolean isTask(Map<String, AttributeValue> item) {
        return text(item, DynamoTable.REGIONS.hashKey()).indexOf('/', PREFIX.length()) > 0;
    }

    private static TaskBeat taskBeat(Map<String, AttributeValue> item) {
        var key = text(item, DynamoTable.REGIONS.hashKey());
        int slash = key.indexOf('/', PREFIX.length());
        return new TaskBeat(
                key.substring(PREFIX.length(), slash),
                key.substring(slash + 1),
                Instant.parse(text(item, "at")),
                Instant.ofEpochSecond(number(item, "expiresAt")),
                item.get("settles").bool(),
                timeline(item),
                item.containsKey("writerChangedAt") ? Instant.parse(text(item, "writerChangedAt")) : Instant.EPOCH);
    }

    private static Heartbeat beat(Map<String, AttributeValue> item) {
        var checks = new LinkedHashMap<String, Check>();
        item.get("checks")
                .m()
                .forEach((name, check) -> checks.put(
                        name,
                        new Check(Health.State.valueOf(text(check.m(), "state")), number(check.m(), "ms"), null)));
        return new Heartbeat(
                text(item, DynamoTable.REGIONS.hashKey()).substring(PREFIX.length()),
                Instant.parse(text(item, "at")),
                Health.State.valueOf(text(item, "status")),
                text(item, "message"),
                checks,
                timeline(item));
    }
}
