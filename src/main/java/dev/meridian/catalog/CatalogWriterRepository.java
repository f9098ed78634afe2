package dev.meridian.catalog;

import dev.meridian.sql.Sql;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import io.vertx.pgclient.PgException;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/// Changes `products`, `tags` and `stock_changes` on the writer; each use case is one statement that may run again.
@ApplicationScoped
class CatalogWriterRepository {
    private static final int ATTEMPTS_MORE = 2;

    // All writers lock tags first, in the order of their names, then one product: they queue, but cannot deadlock.
    private static final String PUT = """
            WITH given AS (
                SELECT * FROM unnest($8::text[], $9::text[]) AS g (name, display_name)
            ), named AS (
                INSERT INTO tags (name, display_name)
                SELECT name, display_name FROM given AS g
                WHERE NOT EXISTS (SELECT FROM tags AS t WHERE t.name = g.name AND t.display_name = g.display_name)
                ORDER BY name
                ON CONFLICT (name) DO UPDATE SET display_name = EXCLUDED.display_name
                RETURNING name
            )
            INSERT INTO products (id, name, description, price_minor, stock, image_url, tags)
            SELECT $1, $2, $3, $4, $5, $6, $7 FROM (SELECT count(*) FROM named) AS tags_first
            ON CONFLICT (id) DO UPDATE SET
                name = EXCLUDED.name, description = EXCLUDED.description, price_minor = EXCLUDED.price_minor,
                stock = EXCLUDED.stock, tags = EXCLUDED.tags, updated_at = now(),
                image_url = CASE EXCLUDED.image_url WHEN '' THEN products.image_url ELSE EXCLUDED.image_url END
            RETURNING id, name, description, price_minor, stock, image_url, xmax = 0 AS created""";

    // The row is locked before its stock is read; the key lets a repeated change through without doing it
    // again.
    private static final String ADD_STOCK = """
            WITH product AS (
                SELECT id, stock IS NULL OR stock::bigint + $2::integer BETWEEN 0 AND $4::integer AS fits
                FROM products WHERE id = $1 FOR UPDATE
            ), change AS (
                INSERT INTO stock_changes (product_id, change_key, added)
                SELECT id, $3, $2::integer FROM product WHERE fits
                ON CONFLICT DO NOTHING
                RETURNING product_id
            ), changed AS (
                UPDATE products AS p SET stock = p.stock + $2::integer, updated_at = now()
                FROM change WHERE p.id = change.product_id
                RETURNING p.*
            ), answer AS (
                SELECT *, true AS done FROM changed
                UNION ALL
                SELECT p.*, product.fits OR EXISTS (
                    SELECT FROM stock_changes WHERE product_id = $1 AND change_key = $3)
                FROM products AS p JOIN product USING (id) WHERE NOT EXISTS (SELECT FROM changed)
            )
            SELECT p.id, p.name, p.description, p.price_minor, p.stock, p.image_url, p.done,
                   (SELECT added FROM stock_changes WHERE product_id = $1 AND change_key = $3) AS added_before,
                   tag.names, tag.display_names
            FROM answer AS p
            CROSS JOIN LATERAL (
                SELECT array_agg(t.name ORDER BY lower(t.display_name), t.name) AS names,
                       array_agg(t.display_name ORDER BY lower(t.display_name), t.name) AS display_names
                FROM tags AS t WHERE t.name = ANY (p.tags)) AS tag""";

    private static final String ADD_MISSING = """
            WITH given AS (
                SELECT * FROM unnest($1::text[], $2::text[]) AS g (name, display_name)
            ), named AS (
                INSERT INTO tags (name, display_name) SELECT name, display_name FROM given ORDER BY name
                ON CONFLICT DO NOTHING
                RETURNING name
            )
            INSERT INTO products (id, name, description, price_minor, stock, image_url, tags)
            SELECT id, name, description, price_minor, stock, image_url, string_to_array(tags, ',')
            FROM unnest($3::text[], $4::text[], $5::text[], $6::bigint[], $7::integer[], $8::text[], $9::text[])
                AS p (id, name, description, price_minor, stock, image_url, tags),
                (SELECT count(*) FROM named) AS tags_first
            ORDER BY id
            ON CONFLICT DO NOTHING""";

    /// The outcome of a change of stock.
    ///
    /// @param product the product as it is now
    /// @param done whether the change was made, now or by an earlier request with this key
    /// @param addedBefore what the earlier request with this key added
    record StockChange(Product product, boolean done, Optional<Integer> addedBefore) {}

    private final Sql sql;

    CatalogWriterRepository(Sql sql) {
        this.sql = sql;
    }

    /// Creates or replaces the product and names its tags, all or nothing.
    Uni<SavedProduct> put(ProductDraft draft) {
        var parameters = Tuple.tuple()
                .addString(draft.id())
                .addString(draft.name())
                .addString(draft.description())
                .addLong(draft.price().minor())
                .addInteger(draft.stock())
                .addString(draft.imageUrl().orElse(""))
                .addArrayOfString(strings(draft.tags().stream().map(Tag::name)))
                .addArrayOfString(strings(draft.tags().stream().map(Tag::name)))
                .addArrayOfString(strings(draft.tags().stream().map(Tag::displayName)));
        return write("catalog-put", PUT, parameters).map(rows -> {
            var row = rows.iterator().next();
            return new SavedProduct(
                    CatalogRepository.product(row, byDisplayName(draft.tags())), row.getBoolean("created"));
        });
    }

    /// Adds to the stock, once for each key; a product without a limit stays without one.
    ///
    /// @param max the largest stock
    /// @return empty for an unknown product
    Uni<Optional<StockChange>> addStock(String productId, int units, String key, int max) {
        return write("catalog-stock", ADD_STOCK, Tuple.of(productId, units, key, max))
                .map(rows -> {
                    if (rows.size() == 0) return Optional.empty();
                    Row row = rows.iterator().next();
                    return Optional.of(new StockChange(
                            CatalogRepository.one(rows),
                            row.getBoolean("done"),
                            Optional.ofNullable(row.getInteger("added_before"))));
                });
    }

    /// Adds the products that are missing, and their tags.
    ///
    /// @return how many were added
    Uni<Integer> addMissing(List<Tag> tags, List<Product> products) {
        var parameters = Tuple.tuple()
                .addArrayOfString(strings(tags.stream().map(Tag::name)))
                .addArrayOfString(strings(tags.stream().map(Tag::displayName)))
                .addArrayOfString(strings(products.stream().map(Product::id)))
                .addArrayOfString(strings(products.stream().map(Product::name)))
                .addArrayOfString(strings(products.stream().map(Product::description)))
                .addArrayOfLong(products.stream().map(p -> p.price().minor()).toArray(Long[]::new))
                .addArrayOfInteger(products.stream().map(Product::stock).toArray(Integer[]::new))
                .addArrayOfString(strings(products.stream().map(Product::imageUrl)))
                .addArrayOfString(strings(products.stream()
                        .map(p -> String.join(
                                ",", p.tags().stream().map(Tag::name).sorted().toList()))));
        return write("catalog-samples", ADD_MISSING, parameters).map(RowSet::rowCount);
    }

    /// Writes of the same tags and products, such as orders, may deadlock (40P01) or, with stricter isolation,
    /// fail to serialize (40001). Both roll the statement back, so it may be repeated.
    private Uni<RowSet<Row>> write(String operation, String statement, Tuple parameters) {
        return sql.write(operation, statement, parameters)
                .onFailure(CatalogWriterRepository::isConflict)
                .retry()
                .atMost(ATTEMPTS_MORE);
    }

    private static boolean isConflict(Throwable failure) {
        return failure.getCause() instanceof PgException e
                && e.getSqlState() != null
                && e.getSqlState().startsWith("40");
    }

    private static List<Tag> byDisplayName(List<Tag> tags) {
        return tags.stream()
                .sorted(Comparator.<Tag, String>comparing(
                                tag -> tag.displayName().toLowerCase(Locale.ROOT))
                        .thenComparing(Tag::name))
                .toList();
    }

    private static String[] strings(Stream<String> values) {
        return values.toArray(String[]::new);
    }
}
