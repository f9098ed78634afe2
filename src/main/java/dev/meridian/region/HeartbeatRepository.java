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
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/// The heartbeats in `regions`, under keys `#beat/eu-west-1`. Each is a separate item that only its Region
/// writes: in the same item as the drain state, a heartbeat could undo a drain that another Region has just
/// written, since the last writer of an item wins.
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

    /// Older versions write none.
    private static Timeline timeline(Map<String, AttributeValue> item) {
        var system = textOrNull(item, "system");
        return system == null ? Timeline.NONE : new Timeline(system, numberOrZero(item, "timeline"));
    }

    /// The heartbeat of an item; empty for other items and for formats of newer versions.
    static Optional<Heartbeat> fromItem(Map<String, AttributeValue> item) {
        var key = text(item, DynamoTable.REGIONS.hashKey());
        if (!key.startsWith(PREFIX)) return Optional.empty();
        return NewerFormat.ifReadable(RegionRepository.TABLE, item, HeartbeatRepository::beat);
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
