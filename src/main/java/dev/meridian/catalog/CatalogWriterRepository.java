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

    private static final String NOT_NULL_VIOLATION = "23502";

    // All writers lock tags first, in the order of their names, then one product: they queue, but cannot deadlock.
    //
    // The precondition ($11, $12) is decided when the row is locked. A product that is not as expected gets no name,
    // so NOT NULL fails the whole statement, with what it did to tags. A product that is as the request wants it to
    // be is as expected: then an earlier try of the request has changed it (RFC 9110, section 13.1.1).
    private static final String PUT = """
            WITH given AS (
                SELECT * FROM unnest($8::text[], $9::text[]) AS g (name, display_name)
            ), possible AS (
                SELECT true WHERE $11::text[] IS NULL OR EXISTS (SELECT FROM products WHERE id = $1)
            ), named AS (
                INSERT INTO tags (name, display_name)
                SELECT name, display_name FROM given AS g, possible
                WHERE NOT EXISTS (SELECT FROM tags AS t WHERE t.name = g.name AND t.display_name = g.display_name)
                ORDER BY name
                ON CONFLICT (name) DO UPDATE SET display_name = EXCLUDED.display_name
                RETURNING name
            )
            INSERT INTO products AS p (id, name, description, price_minor, stock, image_url, tags)
            SELECT $1, $2, $3, $4, $5, $6, $7 FROM possible, (SELECT count(*) FROM named) AS tags_first
            ON CONFLICT (id) DO UPDATE SET
                name = CASE
                    WHEN $11::text[] IS NULL AND NOT $12::boolean THEN EXCLUDED.name
                    WHEN NOT $12::boolean AND ('*' = ANY ($11::text[]) OR %s = ANY ($11::text[]))
                        THEN EXCLUDED.name
                    WHEN NOT EXISTS (SELECT FROM named)
                        AND (p.name, p.description, p.price_minor, p.tags)
                            = (EXCLUDED.name, EXCLUDED.description, EXCLUDED.price_minor, EXCLUDED.tags)
                        AND EXCLUDED.image_url IN ('', p.image_url)
                        AND ($10::boolean OR p.stock IS NOT DISTINCT FROM EXCLUDED.stock) THEN EXCLUDED.name
                    END,
                description = EXCLUDED.description, price_minor = EXCLUDED.price_minor,
                stock = CASE WHEN $10::boolean THEN p.stock ELSE EXCLUDED.stock END,
                tags = EXCLUDED.tags, updated_at = now(),
                image_url = CASE EXCLUDED.image_url WHEN '' THEN p.image_url ELSE EXCLUDED.image_url END
            RETURNING p.id, p.name, p.description, p.price_minor, p.stock, p.image_url, p.xmax = 0 AS created,
                %s AS etag""".formatted(CatalogRepository.ETAG_NOW, CatalogRepository.etag("$9::text[]"));

    // The row is locked before its stock is read; the key lets a repeated change through without doing it
    // again.
    private static final String ADD_STOCK = """
            WITH product AS (
                SELECT id, stock IS NULL OR stock::bigint + $2::integer BETWEEN 0 AND $4::integer AS fits,
                       NOT $6::boolean AND ($5::text[] IS NULL OR '*' = ANY ($5::text[]) OR %s = ANY ($5::text[]))
                           AS expected
                FROM products AS p WHERE id = $1 FOR UPDATE
            ), change AS (
                INSERT INTO stock_changes (product_id, change_key, added)
                SELECT id, $3, $2::integer FROM product WHERE fits AND expected
                ON CONFLICT DO NOTHING
                RETURNING product_id
            ), changed AS (
                UPDATE products AS p SET stock = p.stock + $2::integer, updated_at = now()
                FROM change WHERE p.id = change.product_id
                RETURNING p.*
            ), answer AS (
                SELECT *, true AS done, true AS expected FROM changed
                UNION ALL
                SELECT p.*, product.fits AND product.expected OR EXISTS (
                    SELECT FROM stock_changes WHERE product_id = $1 AND change_key = $3), product.expected
                FROM products AS p JOIN product USING (id) WHERE NOT EXISTS (SELECT FROM changed)
            )
            SELECT p.id, p.name, p.description, p.price_minor, p.stock, p.image_url, p.done, p.expected, %s AS etag,
                   (SELECT added FROM stock_changes WHERE product_id = $1 AND change_key = $3) AS added_before,
                   tag.names, tag.display_names
            FROM answer AS p
            CROSS JOIN LATERAL (
                SELECT array_agg(t.name ORDER BY lower(t.display_name), t.name) AS names,
                       array_agg(t.display_name ORDER BY lower(t.display_name), t.name) AS display_names
                FROM tags AS t WHERE t.name = ANY (p.tags)) AS tag""".formatted(CatalogRepository.ETAG_NOW, CatalogRepository.ETAG_NOW);

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
    /// @param isExpected whether the product had one of the expected tags
    /// @param addedBefore what the earlier request with this key added
    record StockChange(Product product, boolean done, boolean isExpected, Optional<Integer> addedBefore) {}

    private final Sql sql;

    CatalogWriterRepository(Sql sql) {
        this.sql = sql;
    }

    /// Creates or replaces the product and names its tags, all or nothing.
    ///
    /// @return empty when the product is not as expected: nothing was changed
    Uni<Optional<SavedProduct>> put(ProductDraft draft, Precondition expected) {
        var saved = putOnce(draft, expected);
        return saved.chain(done -> done.isPresent() ? Uni.createFrom().item(done) : saved);
    }

    /// One that waited for another with the same change does not see all of it: the next one does.
    private Uni<Optional<SavedProduct>> putOnce(ProductDraft draft, Precondition expected) {
        var parameters = Tuple.tuple()
                .addString(draft.id())
                .addString(draft.name())
                .addString(draft.description())
                .addLong(draft.price().minor())
                .addInteger(draft.stock())
                .addString(draft.imageUrl().orElse(""))
                .addArrayOfString(strings(draft.tags().stream().map(Tag::name)))
                .addArrayOfString(strings(draft.tags().stream().map(Tag::name)))
                .addArrayOfString(strings(draft.tags().stream().map(Tag::displayName)))
                .addBoolean(draft.keepsStock())
                .addArrayOfString(expected.tagArray())
                .addBoolean(expected.isNew());
        return write("catalog-put", PUT, parameters)
                .map(rows -> {
                    if (rows.size() == 0) return Optional.<SavedProduct>empty();
                    var row = rows.iterator().next();
                    return Optional.of(new SavedProduct(
                            CatalogRepository.product(row, byDisplayName(draft.tags())), row.getBoolean("created")));
                })
                .onFailure(CatalogWriterRepository::isUnexpected)
                .recoverWithItem(Optional.empty());
    }

    private static boolean isUnexpected(Throwable failure) {
        return failure instanceof PgException e && NOT_NULL_VIOLATION.equals(e.getSqlState());
    }

    /// Adds to the stock, once for each key; a product without a limit stays without one.
    ///
    /// @param max the largest stock
    /// @param expected the tags that the product may have
    /// @return empty for an unknown product
    Uni<Optional<StockChange>> addStock(String productId, int units, String key, int max, Precondition expected) {
        var change = addStockOnce(productId, units, key, max, expected);
        return change.chain(
                made -> made.isEmpty() || made.get().done() || made.get().isExpected()
                        ? Uni.createFrom().item(made)
                        : change);
    }

    /// One that waited for another with the same key does not see the key: the next one does.
    private Uni<Optional<StockChange>> addStockOnce(
            String productId, int units, String key, int max, Precondition expected) {
        return write(
                        "catalog-stock",
                        ADD_STOCK,
                        Tuple.of(productId, units, key, max, expected.tagArray(), expected.isNew()))
                .map(rows -> {
                    if (rows.size() == 0) return Optional.empty();
                    Row row = rows.iterator().next();
                    return Optional.of(new StockChange(
                            CatalogRepository.one(rows),
                            row.getBoolean("done"),
                            row.getBoolean("expected"),
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
