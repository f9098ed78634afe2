package dev.meridian.catalog;

import dev.meridian.shared.Money;
import dev.meridian.shared.NewerFormat;
import dev.meridian.shared.ProblemException;
import dev.meridian.sql.Sql;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.StreamSupport;

/// Reads `products` and `tags` on the reader of this Region; each use case is one statement.
@ApplicationScoped
class CatalogRepository {
    private static final String TABLE = "products";

    /// The picture of a product that has none.
    static final String NO_PICTURE = "/assets/products/_parcel.svg";

    /// The entity tag of a product `p`: a hash of all that clients read of it, also of the display names of
    /// its tags in the order of their names. A hash, and no counter: after a failover that lost changes no
    /// other state may have a tag that a client holds. The first element is the number of this format.
    private static final String ETAG = """
            left(encode(sha256(convert_to(jsonb_build_array(1, p.id, p.name, p.description, p.price_minor, p.stock,
                p.image_url, p.tags, %s)::text, 'UTF8')), 'hex'), 32)""";

    /// [#ETAG] with the display names that `tags` has.
    static final String ETAG_NOW = ETAG.formatted("""
            ARRAY (SELECT t.display_name FROM tags AS t WHERE t.name = ANY (p.tags) ORDER BY t.name COLLATE "C")""");

    /// [#ETAG] with these display names.
    ///
    /// @param names an expression, an array
    static String etag(String names) {
        return ETAG.formatted(names);
    }

    private static final String TAGGED = """
            SELECT p.id, p.name, p.description, p.price_minor, p.stock, p.image_url, tag.names, tag.display_names,
                   %s AS etag
            FROM (%%s) AS p
            CROSS JOIN LATERAL (
                SELECT array_agg(t.name ORDER BY lower(t.display_name), t.name) AS names,
                       array_agg(t.display_name ORDER BY lower(t.display_name), t.name) AS display_names,
                       array_agg(t.display_name ORDER BY t.name COLLATE "C") AS by_name
                FROM tags AS t WHERE t.name = ANY (p.tags)) AS tag
            ORDER BY %%s""".formatted(etag("coalesce(tag.by_name, '{}')"));

    private static final String FIND = TAGGED.formatted("SELECT * FROM products WHERE id = $1", "p.id");

    private static final String LIST = """
            SELECT * FROM products %s ORDER BY %s LIMIT $1 OFFSET $2""";

    private static final Map<ProductOrder, String> LISTS = lists("");
    private static final Map<ProductOrder, String> LISTS_OF_TAGS = lists("WHERE tags && $3");

    private static final String SIZE = "SELECT count(*) AS n FROM products";
    private static final String SIZE_OF_TAGS = "SELECT count(*) AS n FROM products WHERE tags && $1";

    private static final String TAGS = """
            SELECT name, display_name FROM tags ORDER BY lower(display_name), name LIMIT $1""";

    private static final String PRICES = """
            SELECT id, name, price_minor FROM products WHERE id = ANY ($1)""";

    // All is compared without accents (`folded`, with the keyword's words and emoji in `sought`). Exact hits are found
    // by full text (all words, stemmed) or by a tag, mistyped keywords by trigrams: `%>>`
    // compares with whole words of the name, `%>` with any part of the description. Both read their thresholds
    // from settings, so the first step sets these for this one statement. A similarity far below the best one,
    // or below an exact hit, is dropped as noise. ts_rank counts weight A (name) as 1 and B (description) as
    // one half.
    private static final String SEARCH = """
            WITH wanted AS MATERIALIZED (
                SELECT set_config('pg_trgm.strict_word_similarity_threshold', $2, true),
                       set_config('pg_trgm.word_similarity_threshold', $3, true),
                       folded($1) AS keyword,
                       sought($1) AS query,
                       ARRAY (SELECT name FROM tags WHERE to_tsvector('english', folded(name || ' ' || display_name))
                           || symbols(display_name) @@ sought($1)) AS hit_tags,
                       ARRAY (SELECT name FROM tags
                           WHERE strict_word_similarity(folded($1), folded(display_name)) >= 0.35) AS like_tags
                WHERE similarity('a', 'a') > 0 -- loads the extension, so that its settings exist
            ), candidate AS ( -- a step for each index: an OR of them all would read every product
                SELECT p.id FROM wanted AS w JOIN products AS p ON p.search_document @@ w.query
                UNION SELECT p.id FROM wanted AS w JOIN products AS p ON folded(p.name) %>> w.keyword
                UNION SELECT p.id FROM wanted AS w JOIN products AS p ON folded(p.description) %> w.keyword
                UNION SELECT p.id FROM wanted AS w JOIN products AS p ON p.tags && (w.hit_tags || w.like_tags)
            ), found AS (
                SELECT p.*,
                       p.search_document @@ w.query OR p.tags && w.hit_tags AS exact,
                       ts_rank('{0, 0, 0.5, 1}', p.search_document, w.query)
                           + CASE WHEN p.tags && w.hit_tags THEN 0.3 ELSE 0 END AS rank,
                       greatest(strict_word_similarity(w.keyword, folded(p.name)),
                                word_similarity(w.keyword, folded(p.description)) / 2,
                                CASE WHEN p.tags && w.like_tags THEN 0.4 ELSE 0 END) AS likeness
                FROM wanted AS w
                CROSS JOIN candidate AS c
                CROSS JOIN LATERAL (SELECT * FROM products WHERE id = c.id OFFSET 0) AS p
            ), weighed AS (
                SELECT *, rank + likeness / 2 + CASE WHEN exact THEN 1 ELSE 0 END AS score, bool_or(exact) OVER () AS any_exact, max(likeness) OVER () AS best
                FROM found
            )
            SELECT * FROM weighed
            WHERE exact OR likeness >= CASE WHEN any_exact THEN 0.6 ELSE least(0.6, best * 0.8) END
            ORDER BY score DESC, lower(name), id LIMIT $4 OFFSET $5""";

    /// The whole search statement; a test reads its plan.
    static final String SEARCH_TAGGED = TAGGED.formatted(SEARCH, "p.score DESC, lower(p.name), p.id");

    private final Sql sql;
    private final CatalogConfig config;

    CatalogRepository(Sql sql, CatalogConfig config) {
        this.sql = sql;
        this.config = config;
    }

    Uni<Optional<Product>> find(String id) {
        return sql.read("catalog-find", FIND, Tuple.of(id))
                .map(rows -> rows.size() == 0 ? Optional.empty() : Optional.of(one(rows)));
    }

    /// One page; the offset may be beyond the end.
    ///
    /// @param tags products with any of these; absent for all products
    Uni<List<Product>> list(Optional<Set<String>> tags, ProductOrder order, int limit, long offset) {
        var parameters = tags.map(names -> Tuple.of(limit, offset, names.toArray(String[]::new)))
                .orElseGet(() -> Tuple.of(limit, offset));
        return sql.read("catalog-list", (tags.isPresent() ? LISTS_OF_TAGS : LISTS).get(order), parameters)
                .map(CatalogRepository::products);
    }

    Uni<Long> size(Optional<Set<String>> tags) {
        return tags.map(names -> sql.read("catalog-size", SIZE_OF_TAGS, Tuple.of(names.toArray(String[]::new))))
                .orElseGet(() -> sql.read("catalog-size", SIZE, Tuple.tuple()))
                .map(rows -> rows.iterator().next().getLong("n"));
    }

    Uni<List<Tag>> tags() {
        return sql.read("catalog-tags", TAGS, Tuple.of(config.tagListMax()))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .flatMap(row -> NewerFormat.ifReadable("tags", row, CatalogRepository::tag).stream())
                        .toList());
    }

    Uni<List<Product>> search(String keyword, int limit, long offset) {
        var parameters = Tuple.of(
                keyword,
                share(config.nameSimilarityPercent()),
                share(config.descriptionSimilarityPercent()),
                limit,
                offset);
        return sql.read("catalog-search", SEARCH_TAGGED, parameters).map(CatalogRepository::products);
    }

    Uni<Map<String, PricedProduct>> prices(Set<String> productIds) {
        return sql.read("catalog-prices", PRICES, Tuple.of(productIds.toArray(String[]::new)))
                .map(rows -> {
                    var prices = new HashMap<String, PricedProduct>();
                    for (var row : rows) {
                        var price = NewerFormat.one(TABLE, row, CatalogRepository::priced);
                        prices.put(price.productId(), price);
                    }
                    return prices;
                });
    }

    private static PricedProduct priced(Row row) {
        return new PricedProduct(
                row.getString("id"),
                Objects.requireNonNull(row.getString("name")),
                new Money(row.getLong("price_minor")),
                Optional.empty());
    }

    private static Tag tag(Row row) {
        return new Tag(row.getString("name"), Objects.requireNonNull(row.getString("display_name")));
    }

    /// @param row with the columns of a product and its `etag`
    static Product product(Row row, List<Tag> tags) {
        var picture = row.getString("image_url");
        return new Product(
                row.getString("id"),
                row.getString("name"),
                row.getString("description"),
                new Money(row.getLong("price_minor")),
                row.getInteger("stock"),
                picture.isEmpty() ? NO_PICTURE : picture,
                tags,
                row.getString("etag"));
    }

    private static List<Product> products(RowSet<Row> rows) {
        return NewerFormat.readable(TABLE, rows, CatalogRepository::product);
    }

    /// The product of the first row.
    ///
    /// @param rows with `names` and `display_names` of its tags; not empty
    /// @throws ProblemException 503 when a newer version wrote the row
    static Product one(RowSet<Row> rows) {
        return NewerFormat.one(TABLE, rows.iterator().next(), CatalogRepository::product);
    }

    private static Product product(Row row) {
        var tags = new ArrayList<Tag>();
        var names = row.getArrayOfStrings("names");
        var displayNames = row.getArrayOfStrings("display_names");
        for (int i = 0; names != null && i < names.length; i++) {
            tags.add(new Tag(names[i], displayNames[i]));
        }
        return product(row, tags);
    }

    private static Map<ProductOrder, String> lists(String where) {
        var statements = new EnumMap<ProductOrder, String>(ProductOrder.class);
        for (var order : ProductOrder.values()) {
            var by = switch (order) {
                case NAME -> "lower(name), id";
                case PRICE_ASC -> "price_minor, id";
                case PRICE_DESC -> "price_minor DESC, id DESC";
            };
            statements.put(order, TAGGED.formatted(LIST.formatted(where, by), by));
        }
        return statements;
    }

    private static String share(int percent) {
        return BigDecimal.valueOf(percent, 2).toPlainString();
    }
}
