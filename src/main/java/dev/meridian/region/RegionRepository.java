package dev.meridian.region;

import static dev.meridian.dynamo.Attributes.s;
import static dev.meridian.dynamo.Attributes.text;

import dev.meridian.dynamo.Dynamo;
import dev.meridian.dynamo.DynamoSchema;
import dev.meridian.dynamo.DynamoTable;
import dev.meridian.shared.NewerFormat;
import dev.meridian.shared.RegionConfig;
import dev.meridian.sql.Sql;
import dev.meridian.sql.SqlTable;
import io.quarkus.logging.Log;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/// Probes each store with a small read. The result is the list of failures, empty when the store works.
///
/// Each read of the table `regions` also tells [Sql] which server is the writer: the writer epoch, and the
/// timelines and changes that the heartbeats carry.
@ApplicationScoped
class RegionRepository {
    /// Asks for all privileges on the reader too: those of a standby are the writer's, and a Region whose
    /// user may not write is down, though one whose writer is away is not.
    private static final String PROBE = """
            SELECT bool_and(to_regclass(name) IS NOT NULL) AS migrated,
                   string_agg(privilege || ' on ' || name, ', ')
                       FILTER (WHERE NOT has_table_privilege(to_regclass(name)::oid, privilege)) AS refused,
                   %s AS read_only
            FROM\s""" + SqlTable.NEEDED;

    private static final String READER = PROBE.formatted("false");
    private static final String WRITER = PROBE.formatted("pg_is_in_recovery()");

    static final String TABLE = DynamoTable.REGIONS.baseName();

    /// Enough for some hundred tasks; with more it takes another call.
    private static final int PAGE = 400;

    private final Dynamo dynamo;
    private final DynamoSchema tables;
    private final Sql sql;
    private final String region;

    // Checked until all tables exist, and again after a failure: nine calls are too many for each probe.
    private volatile boolean allTablesSeen;
    // Static stability: the last value read stays in use while the table cannot be read.
    private volatile boolean drained;
    private volatile RegionsTable last = RegionsTable.EMPTY;
    // By System.nanoTime.
    private volatile long readAt = System.nanoTime() - Duration.ofDays(1).toNanos();
    private volatile boolean isEpochStrange;
    private volatile Optional<WriterEpoch> readEpoch = Optional.empty();

    RegionRepository(Dynamo dynamo, DynamoSchema tables, Sql sql, RegionConfig region) {
        this.dynamo = dynamo;
        this.tables = tables;
        this.sql = sql;
        this.region = region.name();
    }

    /// Reads `regions`, and looks for missing tables until all exist.
    Uni<List<String>> probeDynamo() {
        return allTablesSeen
                ? readTable()
                : missingTables().chain(missing -> missing.isEmpty() ? readTable() : item(missing));
    }

    /// Reads `regions` unless that was done lately.
    Uni<Void> look(Duration notWithin) {
        return Uni.createFrom()
                .deferred(() -> System.nanoTime() - readAt < notWithin.toNanos()
                        ? Uni.createFrom().voidItem()
                        : items("health").replaceWithVoid());
    }

    /// The fallback Region, while calls go to its replica.
    Optional<String> fallback() {
        return dynamo.fallbackRegion();
    }

    /// Reads on the reader of this Region.
    Uni<List<String>> probeReader() {
        return sql.read("health", READER, Tuple.tuple()).map(RegionRepository::faults);
    }

    /// Reads on the writer, which must not be a standby.
    Uni<List<String>> probeWriter() {
        var refusal = sql.writerRefusal();
        if (refusal.isPresent()) return item(List.of(refusal.get()));
        return sql.write("health", WRITER, Tuple.tuple()).map(RegionRepository::faults);
    }

    /// The writer epoch, in words.
    Optional<String> epoch() {
        return sql.epoch();
    }

    /// The writer epoch as the table had it when it could be read last.
    Optional<WriterEpoch> readEpoch() {
        return readEpoch;
    }

    /// Whether this Region was drained when the table was read last.
    boolean isDrained() {
        return drained;
    }

    /// All drain states, by name of the Region, and all heartbeats.
    Uni<RegionsTable> rows() {
        return items("region-list").map(_ -> last);
    }

    /// As [#rows], as it was read last by whichever call; empty before the first one.
    RegionsTable last() {
        return last;
    }

    private static RegionsTable table(List<Map<String, AttributeValue>> items) {
        return new RegionsTable(
                items.stream()
                        .filter(item -> item.containsKey("state"))
                        .flatMap(item -> NewerFormat.ifReadable(TABLE, item, RegionRepository::drainState).stream())
                        .sorted(Comparator.comparing(DrainState::region))
                        .toList(),
                items.stream()
                        .flatMap(item -> HeartbeatRepository.fromItem(item).stream())
                        .toList(),
                items.stream()
                        .flatMap(item -> HeartbeatRepository.task(item).stream())
                        .toList());
    }

    /// Whether a Region of this name has ever sent a heartbeat or had a drain state, in whatever format.
    Uni<Boolean> isKnown(String name) {
        var keys = Set.of(name, HeartbeatRepository.PREFIX + name);
        return items("region-list")
                .map(items -> last.regions().contains(name)
                        || items.stream().anyMatch(item -> keys.contains(text(item, DynamoTable.REGIONS.hashKey()))));
    }

    /// Sets a drain state. Of two concurrent writes in two Regions the later one wins.
    Uni<Void> set(DrainState wanted) {
        return dynamo.idempotent(
                        "region-set",
                        client -> client.putItem(r -> r.tableName(dynamo.name(DynamoTable.REGIONS))
                                .item(Map.of(
                                        "region", s(wanted.region()),
                                        "state", s(wanted.state().name()),
                                        "changedAt", s(wanted.changedAt().toString())))))
                .replaceWithVoid();
    }

    private static DrainState drainState(Map<String, AttributeValue> item) {
        return new DrainState(text(item, "region"), state(item), Instant.parse(text(item, "changedAt")));
    }

    private static DrainState.State state(Map<String, AttributeValue> item) {
        return DrainState.State.valueOf(text(item, "state"));
    }

    /// @return the last known value when a newer version wrote a state that this one does not know
    private boolean isDrained(List<Map<String, AttributeValue>> items) {
        var own = items.stream()
                .filter(item -> region.equals(text(item, DynamoTable.REGIONS.hashKey())))
                .filter(item -> item.containsKey("state"))
                .findFirst();
        return own.isPresent() && isDrained(own.get());
    }

    private boolean isDrained(Map<String, AttributeValue> item) {
        return NewerFormat.ifReadable(TABLE, item, RegionRepository::state)
                .map(state -> state == DrainState.State.DRAINED)
                .orElse(drained);
    }

    private Uni<List<String>> readTable() {
        return items("health").replaceWith(List.<String>of()).onFailure().invoke(() -> allTablesSeen = false);
    }

    private Uni<List<Map<String, AttributeValue>>> items(String operation) {
        return items(operation, null).invoke(this::learn);
    }

    /// All items in one call: one read unit for each 4 KB, about 30 tasks.
    ///
    /// @param after the key after which to go on; null for the beginning
    private Uni<List<Map<String, AttributeValue>>> items(String operation, Map<String, AttributeValue> after) {
        return dynamo.idempotent(
                        operation,
                        client -> client.scan(r -> r.tableName(dynamo.name(DynamoTable.REGIONS))
                                .limit(PAGE)
                                .exclusiveStartKey(after)
                                .consistentRead(true)))
                .chain(page -> page.lastEvaluatedKey().isEmpty()
                        ? item(page.items())
                        : items(operation, page.lastEvaluatedKey())
                                .map(rest -> Stream.concat(page.items().stream(), rest.stream())
                                        .toList()));
    }

    private void learn(List<Map<String, AttributeValue>> items) {
        readAt = System.nanoTime();
        drained = isDrained(items);
        last = table(items);
        last.beats().forEach(beat -> sql.learnTimeline(beat.timeline()));
        last.tasks().forEach(beat -> {
            sql.learnTimeline(beat.timeline());
            sql.learnWriterChange(beat.writerChangedAt());
        });
        items.stream()
                .filter(WriterEpochRepository::isEpoch)
                .findFirst()
                .ifPresentOrElse(this::learnEpoch, sql::learnNoEpoch);
    }

    private void learnEpoch(Map<String, AttributeValue> item) {
        try {
            var epoch = WriterEpochRepository.toEpoch(item);
            sql.learnEpoch(epoch.epoch(), epoch.writer(), epoch.changedAt());
            readEpoch = Optional.of(epoch);
            isEpochStrange = false;
        } catch (RuntimeException e) {
            if (!isEpochStrange) Log.errorf("the writer epoch in the table cannot be understood: %s", e.getMessage());
            isEpochStrange = true;
        }
    }

    private Uni<List<String>> missingTables() {
        return tables.missing().map(missing -> {
            allTablesSeen = missing.isEmpty();
            return missing.stream()
                    .sorted()
                    .map(name -> "missing table " + name)
                    .toList();
        });
    }

    private static List<String> faults(RowSet<Row> rows) {
        var row = rows.iterator().next();
        if (!row.getBoolean("migrated")) return List.of("the schema is missing, run the migrate command");
        if (row.getString("refused") != null) {
            return List.of("no privilege to " + row.getString("refused") + ", run the migrate command");
        }
        return row.getBoolean("read_only") ? List.of("the server is a read-only standby") : List.of();
    }

    private static <T> Uni<T> item(T value) {
        return Uni.createFrom().item(value);
    }
}
