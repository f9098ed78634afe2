package dev.meridian.catalog;

import dev.meridian.sql.Sql;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.ZoneOffset;

/// Old rows of `stock_changes`, on the writer. [CatalogWriterRepository] writes new ones.
@ApplicationScoped
class StockChangeRepository {
    private static final String DELETE = """
            DELETE FROM stock_changes
            WHERE (product_id, change_key) IN (
                SELECT product_id, change_key FROM stock_changes WHERE changed_at < $1
                ORDER BY changed_at, product_id, change_key LIMIT $2)
            AND changed_at < $1
            RETURNING product_id""";

    private static final String COUNT = "SELECT count(*) AS count FROM stock_changes WHERE changed_at < $1";

    private final Sql sql;

    StockChangeRepository(Sql sql) {
        this.sql = sql;
    }

    /// Deletes the oldest rows. May run in several processes at once.
    ///
    /// @return how many
    Uni<Integer> delete(Instant before, int limit) {
        return sql.write("stock-changes-prune", DELETE, Tuple.of(before.atOffset(ZoneOffset.UTC), limit))
                .map(rows -> rows.size());
    }

    Uni<Integer> count(Instant before) {
        return sql.write("stock-changes-count", COUNT, Tuple.of(before.atOffset(ZoneOffset.UTC)))
                .map(rows -> Math.toIntExact(rows.iterator().next().getLong("count")));
    }
}
