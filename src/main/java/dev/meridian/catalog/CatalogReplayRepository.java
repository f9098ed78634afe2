package dev.meridian.catalog;

import dev.meridian.catalog.CatalogJournalRepository.Indexed;
import dev.meridian.sql.Sql;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Compares `stock_changes` of the writer with the journal, and applies again what it lacks: each change
/// once, by its key, whichever processes do it.
///
/// Texts, prices, pictures and tags are those of the latest `PUT`. The stock gets the difference that a
/// change made, so sales before and after it count too. So changes may come in any order, but for one that
/// begins or ends a limit. What an administrator did on this writer since stands: a lost `PUT` does not
/// replace a later one, and a lost change of the stock is void when a later `PUT` has set it.
@ApplicationScoped
class CatalogReplayRepository {
    private static final String FIND = """
            SELECT product_id, change_key, added, changed_at FROM stock_changes
            JOIN unnest($1::text[], $2::text[]) AS given (product_id, change_key) USING (product_id, change_key)""";

    /// How much the stock is after a change of `$2` units at `$4`, if there is a limit.
    private static final String STOCK = """
            CASE WHEN p.stock IS NULL OR p.stock_set_at >= $4::timestamptz THEN p.stock
                 ELSE least(greatest(p.stock::bigint + $2::integer, 0), $5::integer)::integer END""";

    private static final String RESTOCK = """
            WITH product AS (
                SELECT id FROM products WHERE id = $1 FOR UPDATE
            ), change AS (
                INSERT INTO stock_changes (product_id, change_key, added, changed_at)
                SELECT id, $3, $2::integer, $4::timestamptz FROM product
                ON CONFLICT DO NOTHING
                RETURNING product_id
            )
            UPDATE products AS p SET stock = %s, updated_at = greatest(p.updated_at, $4::timestamptz)
            FROM change WHERE p.id = change.product_id
            RETURNING p.id""".formatted(STOCK);

    // The sequence of locks is that of CatalogWriterRepository: tags, then the product.
    private static final String PUT = """
            WITH named AS (
                INSERT INTO tags AS t (name, display_name, named_at)
                SELECT name, display_name, $4::timestamptz
                FROM unnest($13::text[], $14::text[]) AS g (name, display_name)
                ORDER BY name
                ON CONFLICT (name) DO UPDATE SET display_name = EXCLUDED.display_name, named_at = EXCLUDED.named_at
                    WHERE t.named_at IS NULL OR t.named_at < EXCLUDED.named_at
                RETURNING name
            ), product AS MATERIALIZED (
                SELECT p.id FROM products AS p, (SELECT count(*) FROM named) AS tags_first
                WHERE p.id = $1 FOR NO KEY UPDATE OF p
            ), change AS (
                INSERT INTO stock_changes (product_id, change_key, added, changed_at)
                SELECT $1, $3, $2::integer, $4::timestamptz FROM (SELECT count(*) FROM product) AS product_first
                ON CONFLICT DO NOTHING
                RETURNING changed_at
            )
            INSERT INTO products AS p (id, name, description, price_minor, stock, image_url, tags,
                                       updated_at, put_at, stock_set_at)
            SELECT $1, $6, $7, $8::bigint, $9::integer, $10, $11::text[], changed_at, changed_at,
                   CASE WHEN NOT $12::boolean THEN changed_at END
            FROM change
            ON CONFLICT (id) DO UPDATE SET
                name = CASE WHEN p.put_at >= EXCLUDED.put_at THEN p.name ELSE EXCLUDED.name END,
                description =
                    CASE WHEN p.put_at >= EXCLUDED.put_at THEN p.description ELSE EXCLUDED.description END,
                price_minor =
                    CASE WHEN p.put_at >= EXCLUDED.put_at THEN p.price_minor ELSE EXCLUDED.price_minor END,
                tags = CASE WHEN p.put_at >= EXCLUDED.put_at THEN p.tags ELSE EXCLUDED.tags END,
                image_url = CASE WHEN p.put_at >= EXCLUDED.put_at OR EXCLUDED.image_url = '' THEN p.image_url
                                 ELSE EXCLUDED.image_url END,
                stock = CASE WHEN $12::boolean OR p.stock_set_at >= EXCLUDED.put_at THEN p.stock
                             WHEN p.stock IS NULL OR EXCLUDED.stock IS NULL THEN EXCLUDED.stock
                             ELSE %s END,
                updated_at = greatest(p.updated_at, EXCLUDED.updated_at),
                put_at = greatest(p.put_at, EXCLUDED.put_at)
            RETURNING p.id""".formatted(STOCK);

    private static final int ATTEMPTS_MORE = 2;

    private final Sql sql;
    private final CatalogConfig config;

    CatalogReplayRepository(Sql sql, CatalogConfig config) {
        this.sql = sql;
        this.config = config;
    }

    /// The key of a change of a product.
    record Key(String productId, String key) {}

    /// What the writer has of a change.
    record Stored(int added, Instant at) {}

    /// Those of the changes that the writer has.
    Uni<Map<Key, Stored>> find(List<Indexed> changes) {
        var keys = Tuple.tuple()
                .addArrayOfString(changes.stream().map(Indexed::productId).toArray(String[]::new))
                .addArrayOfString(changes.stream().map(Indexed::key).toArray(String[]::new));
        return sql.write("catalog-recheck", FIND, keys).map(rows -> {
            var found = new HashMap<Key, Stored>();
            for (var row : rows)
                found.put(
                        new Key(row.getString("product_id"), row.getString("change_key")),
                        new Stored(
                                row.getInteger("added"),
                                row.getOffsetDateTime("changed_at").toInstant()));
            return found;
        });
    }

    /// Applies a decided change unless the writer has it.
    ///
    /// @return whether this call did; not when it is a restock of a product that the writer lacks
    Uni<Boolean> apply(ProductChange change) {
        var parameters =
                Tuple.of(change.productId(), change.units(), change.key(), utc(change.at()), config.stockMax());
        var applied = change.draft()
                .map(draft -> sql.write("catalog-put-again", PUT, add(parameters, draft)))
                .orElseGet(() -> sql.write("catalog-stock-again", RESTOCK, parameters));
        return applied.onFailure(CatalogWriterRepository::isConflict)
                .retry()
                .atMost(ATTEMPTS_MORE)
                .map(CatalogReplayRepository::isDone);
    }

    private static boolean isDone(RowSet<Row> rows) {
        return rows.size() > 0;
    }

    /// The parameters $6 to $14.
    private static Tuple add(Tuple parameters, ProductDraft draft) {
        var names = draft.tags().stream().map(Tag::name).toArray(String[]::new);
        return parameters
                .addString(draft.name())
                .addString(draft.description())
                .addLong(draft.price().minor())
                .addInteger(draft.stock())
                .addString(draft.imageUrl().orElse(""))
                .addArrayOfString(names)
                .addBoolean(draft.keepsStock())
                .addArrayOfString(names)
                .addArrayOfString(draft.tags().stream().map(Tag::displayName).toArray(String[]::new));
    }

    private static OffsetDateTime utc(Instant time) {
        return time.atOffset(ZoneOffset.UTC);
    }
}
