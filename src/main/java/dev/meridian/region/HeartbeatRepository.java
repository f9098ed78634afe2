package dev.meridian.region;

import dev.meridian.dynamo.Dynamo;
import dev.meridian.dynamo.DynamoTable;
import dev.meridian.region.Health.Check;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/// The heartbeats in `regions`, under keys `#beat/eu-west-1`. Each is an item of its own that its Region alone writes:
/// as part of the switch's item, a heartbeat could undo a drain that another Region has just written, since the last
/// writer of an item wins.
@ApplicationScoped
class HeartbeatRepository {
    private static final String PREFIX = "#beat/";

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
                                "state", AttributeValue.fromS(check.state().name()),
                                "ms", AttributeValue.fromN(Long.toString(check.latencyMs()))))));
        return Map.of(
                DynamoTable.REGIONS.hashKey(),
                AttributeValue.fromS(PREFIX + beat.region()),
                "at",
                AttributeValue.fromS(beat.at().toString()),
                "status",
                AttributeValue.fromS(beat.status().name()),
                "message",
                AttributeValue.fromS(beat.message()),
                "checks",
                AttributeValue.fromM(checks));
    }

    /// The heartbeat that an item of the table is; empty for other items, and for what a newer version may write.
    static Optional<Heartbeat> fromItem(Map<String, AttributeValue> item) {
        var key = item.get(DynamoTable.REGIONS.hashKey()).s();
        if (!key.startsWith(PREFIX)) return Optional.empty();
        try {
            var checks = new LinkedHashMap<String, Check>();
            item.get("checks")
                    .m()
                    .forEach((name, check) -> checks.put(
                            name,
                            new Check(
                                    Health.State.valueOf(check.m().get("state").s()),
                                    Long.parseLong(check.m().get("ms").n()),
                                    null)));
            return Optional.of(new Heartbeat(
                    key.substring(PREFIX.length()),
                    Instant.parse(item.get("at").s()),
                    Health.State.valueOf(item.get("status").s()),
                    item.get("message").s(),
                    checks));
        } catch (RuntimeException _) {
            return Optional.empty();
        }
    }
}
