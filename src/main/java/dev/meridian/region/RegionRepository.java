package dev.meridian.region;

import dev.meridian.shared.Dynamo;
import dev.meridian.shared.RegionConfig;
import dev.meridian.shared.Sql;
import dev.meridian.shared.Table;
import dev.meridian.shared.Tables;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/// Asks each store for something small and real. Every answer is the list of what is wrong, empty when nothing is.
@ApplicationScoped
class RegionRepository {
    private static final String READER = """
            SELECT to_regclass('products') IS NOT NULL AND to_regclass('orders') IS NOT NULL AS migrated,
                   false AS read_only""";

    private static final String WRITER = """
            SELECT to_regclass('products') IS NOT NULL AND to_regclass('orders') IS NOT NULL AS migrated,
                   pg_is_in_recovery() AS read_only""";

    private final Dynamo dynamo;
    private final Tables tables;
    private final Sql sql;
    private final String region;

    // Asked for until all tables were seen once, and again after a failure: nine calls are too many for each probe.
    private volatile boolean allTablesSeen;

    RegionRepository(Dynamo dynamo, Tables tables, Sql sql, RegionConfig region) {
        this.dynamo = dynamo;
        this.tables = tables;
        this.sql = sql;
        this.region = region.name();
    }

    /// Reads this Region's item of `regions`, and looks for missing tables unless all were there before.
    Uni<List<String>> probeDynamo() {
        return allTablesSeen
                ? readItem()
                : missingTables().chain(missing -> missing.isEmpty() ? readItem() : item(missing));
    }

    /// Reads on the reader of this Region.
    Uni<List<String>> probeReader() {
        return sql.read("health", READER, Tuple.tuple()).map(RegionRepository::faults);
    }

    /// Reads on the writer, which must not be a standby.
    Uni<List<String>> probeWriter() {
        return sql.write("health", WRITER, Tuple.tuple()).map(RegionRepository::faults);
    }

    private Uni<List<String>> readItem() {
        return dynamo.idempotent(
                        "health",
                        client -> client.getItem(r -> r.tableName(dynamo.name(Table.REGIONS))
                                .key(Map.of(Table.REGIONS.hashKey(), AttributeValue.fromS(region)))))
                .replaceWith(List.<String>of())
                .onFailure()
                .invoke(() -> allTablesSeen = false);
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
        return row.getBoolean("read_only") ? List.of("the server is a read-only standby") : List.of();
    }

    private static <T> Uni<T> item(T value) {
        return Uni.createFrom().item(value);
    }
}
