package dev.meridian.catalog;

import dev.meridian.sql.Sql;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import io.vertx.pgclient.PgException;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
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
    private static final String UNIQUE_VIOLATION = "23505";

    // All writers lock tags first, in the order of their names, then one product: they queue, but cannot deadlock.
    //
    // The precondition ($11, $12) is decided when the row is locked. A product that is not as expected gets no name,
    // so NOT NULL fails the whole statement, with what it did to tags. A product that is as the request wants it to
    // be is as expected: then an earlier try of the request has changed it (RFC 9110, section 13.1.1).
    //
    // The time of a change is later than that of every earlier change of the product, whatever the clock says. A row of
    // stock_changes ($13) says that the change was made, so that it is made once, also again after a failover. NOT NULL
    // of `added` fails the statement when another one has created the product since it began: the stock before is
    // not known.
    private static final String PUT =
            """
            WITH given AS (
                SELECT * FROM unnest($8::text[], $9::text[]) AS g (name, display_name)
            ), possible AS (
                SELECT true WHERE ($11::text[] IS NULL OR EXISTS (SELECT FROM products WHERE id = $1))
                    AND NOT EXISTS (SELECT FROM stock_changes WHERE product_id = $1 AND change_key = $13)
            ), named AS (
                INSERT INTO tags (name, display_name, named_at)
                SELECT name, display_name, clock_timestamp() FROM given AS g, possible
                WHERE NOT EXISTS (SELECT FROM tags AS t WHERE t.name = g.name AND t.display_name = g.display_name)
                ORDER BY name
                ON CONFLICT (name) DO UPDATE SET display_name = EXCLUDED.display_name, named_at = clock_timestamp()
                RETURNING name
            ), before AS MATERIALIZED (
                SELECT p.stock, p.updated_at FROM products AS p, (SELECT count(*) FROM named) AS tags_first
                WHERE p.id = $1 FOR NO KEY UPDATE OF p
            ), decided AS MATERIALIZED (
                SELECT count(*) AS rows, max(stock) AS stock,
                       greatest(clock_timestamp(), max(updated_at) + interval '1 microsecond') AS at
                FROM before
            ), put AS (
                INSERT INTO products AS p (id, name, description, price_minor, stock, image_url, tags,
                                           updated_at, put_at, stock_set_at)
                SELECT $1, $2, $3, $4, $5, $6, $7, at, at, at FROM possible, decided
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
                    tags = EXCLUDED.tags,
                    image_url = CASE EXCLUDED.image_url WHEN '' THEN p.image_url ELSE EXCLUDED.image_url END,
                    updated_at = EXCLUDED.updated_at, put_at = EXCLUDED.put_at,
                    stock_set_at = CASE WHEN $10::boolean THEN p.stock_set_at ELSE EXCLUDED.stock_set_at END
                RETURNING p.*, p.xmax = 0 AS created
            ), noted AS (
                INSERT INTO stock_changes (product_id, change_key, added, changed_at)
                SELECT p.id, $13, CASE WHEN p.created OR p.stock IS NULL THEN 0
                                       WHEN decided.rows > 0 THEN p.stock - coalesce(decided.stock, p.stock) END,
                       p.updated_at
                FROM put AS p, decided
                RETURNING added
            )
            SELECT p.id, p.name, p.description, p.price_minor, p.stock, p.image_url, p.created,
                   p.updated_at AS decided_at, noted.added, %s AS etag
            FROM put AS p, noted
            UNION ALL
            SELECT p.id, p.name, p.description, p.price_minor, p.stock, p.image_url, false, c.changed_at, c.added, %s
            FROM products AS p JOIN stock_changes AS c ON c.product_id = p.id AND c.change_key = $13
            WHERE p.id = $1""".formatted(CatalogRepository.ETAG_NOW, CatalogRepository.etag("$9::text[]"), CatalogRepository.ETAG_NOW);

    // The row is locked before its stock is read; the key lets a repeated change through without doing it
    // again.
    private static final String ADD_STOCK = """
            WITH product AS (
                SELECT id, updated_at, stock IS NULL OR stock::bigint + $2::integer BETWEEN 0 AND $4::integer AS fits,
                       NOT $6::boolean AND ($5::text[] IS NULL OR '*' = ANY ($5::text[]) OR %s = ANY ($5::text[]))
                           AS expected
                FROM products AS p WHERE id = $1 FOR UPDATE
            ), decided AS MATERIALIZED (
                SELECT greatest(clock_timestamp(), max(updated_at) + interval '1 microsecond') AS at FROM product
            ), change AS (
                INSERT INTO stock_changes (product_id, change_key, added, changed_at)
                SELECT id, $3, $2::integer, at FROM product, decided WHERE fits AND expected
                ON CONFLICT DO NOTHING
                RETURNING product_id, changed_at
            ), changed AS (
                UPDATE products AS p SET stock = p.stock + $2::integer, updated_at = change.changed_at
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
                   earlier.added AS added_before, coalesce(earlier.changed_at, decided.at) AS decided_at,
                   tag.names, tag.display_names
            FROM answer AS p
            CROSS JOIN decided
            LEFT JOIN stock_changes AS earlier ON earlier.product_id = $1 AND earlier.change_key = $3
            CROSS JOIN LATERAL (
                SELECT array_agg(t.name ORDER BY lower(t.display_name), t.name) AS names,
                       array_agg(t.display_name ORDER BY lower(t.display_name), t.name) AS display_names
                FROM tags AS t WHERE t.name = ANY (p.tags)) AS tag""".formatted(CatalogRepository.ETAG_NOW, CatalogRepository.ETAG_NOW);

    /// A product that was put.
    ///
    /// @param added by how much its stock changed; 0 when it has no limit, had none, or is new
    /// @param at when SQL decided
    record Put(SavedProduct saved, int added, Instant at) {}

    /// The outcome of a change of stock.
    ///
    /// @param product the product as it is now
    /// @param done whether the change was made, now or by an earlier request with this key
    /// @param isExpected whether the product had one of the expected tags
    /// @param addedBefore what the earlier request with this key added
    /// @param at when SQL decided, where it is done
    record StockChange(Product product, boolean done, boolean isExpected, Optional<Integer> addedBefore, Instant at) {
        /// Whether the key was used for another change.
        boolean isOfAnother(int units) {
            return addedBefore.filter(before -> before != units).isPresent();
        }
    }

    private final Sql sql;

    CatalogWriterRepository(Sql sql) {
        this.sql = sql;
    }

    /// Creates or replaces the product and names its tags, all or nothing, once for each key.
    ///
    /// @return empty when the product is not as expected: nothing was changed
    Uni<Optional<Put>> put(ProductDraft draft, String key, Precondition expected) {
        var saved = putOnce(draft, key, expected);
        return saved.chain(done -> done.isPresent() ? Uni.createFrom().item(done) : saved);
    }

    /// One that waited for another with the same change does not see all of it: the next one does.
    private Uni<Optional<Put>> putOnce(ProductDraft draft, String key, Precondition expected) {
        var parameters = parameters(draft)
                .addArrayOfString(expected.tagArray())
                .addBoolean(expected.isNew())
                .addString(key);
        return write("catalog-put", PUT, parameters)
                .map(rows -> {
                    if (rows.size() == 0) return Optional.<Put>empty();
                    var row = rows.iterator().next();
                    var product = CatalogRepository.product(row, byDisplayName(draft.tags()));
                    return Optional.of(new Put(
                            new SavedProduct(product, row.getBoolean("created")),
                            row.getInteger("added"),
                            decidedAt(row)));
                })
                .onFailure(CatalogWriterRepository::isUnexpected)
                .recoverWithItem(Optional.empty());
    }

    /// The parameters $1 to $10.
    static Tuple parameters(ProductDraft draft) {
        return Tuple.tuple()
                .addString(draft.id())
                .addString(draft.name())
                .addString(draft.description())
                .addLong(draft.price().minor())
                .addInteger(draft.stock())
                .addString(draft.imageUrl().orElse(""))
                .addArrayOfString(strings(draft.tags().stream().map(Tag::name)))
                .addArrayOfString(strings(draft.tags().stream().map(Tag::name)))
                .addArrayOfString(strings(draft.tags().stream().map(Tag::displayName)))
                .addBoolean(draft.keepsStock());
    }

    private static Instant decidedAt(Row row) {
        return row.getOffsetDateTime("decided_at").toInstant();
    }

    private static boolean isUnexpected(Throwable failure) {
        return failure instanceof PgException e
                && NOT_NULL_VIOLATION.equals(e.getSqlState())
                && "name".equals(e.getColumn());
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
                            Optional.ofNullable(row.getInteger("added_before")),
                            decidedAt(row)));
                });
    }

    private Uni<RowSet<Row>> write(String operation, String statement, Tuple parameters) {
        return sql.write(operation, statement, parameters)
                .onFailure(CatalogWriterRepository::isConflict)
                .retry()
                .atMost(ATTEMPTS_MORE);
    }

    /// Writes of the same tags and products, such as orders, may deadlock (40P01) or, with stricter isolation,
    /// fail to serialize (40001). A put may meet its own first run, or one that has just created the product.
    /// All of these roll the statement back, so it may be repeated.
    static boolean isConflict(Throwable failure) {
        if (failure instanceof PgException e)
            return UNIQUE_VIOLATION.equals(e.getSqlState())
                    || NOT_NULL_VIOLATION.equals(e.getSqlState()) && "added".equals(e.getColumn());
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

    static String[] strings(Stream<String> values) {
        return values.toArray(String[]::new);
    }
}
