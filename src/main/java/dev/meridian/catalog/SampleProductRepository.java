package dev.meridian.catalog;

import dev.meridian.shared.Money;
import dev.meridian.sql.Sql;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

@ApplicationScoped
class SampleProductRepository {
    private static final String CREATE = """
            INSERT INTO products (id, name, price_minor, stock)
            SELECT id, $2, $3, $4 FROM unnest($1::text[]) AS id
            ON CONFLICT (id) DO NOTHING""";

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

    private final Sql sql;

    SampleProductRepository(Sql sql) {
        this.sql = sql;
    }

    /// @return how many are new
    Uni<Integer> create(List<String> ids, String name, Money price, int stock) {
        return sql.write("catalog-sample", CREATE, Tuple.of(ids.toArray(String[]::new), name, price.minor(), stock))
                .map(rows -> rows.rowCount());
    }

    /// Adds the products that are missing, and their tags.
    ///
    /// @return how many were added
    Uni<Integer> addMissing(List<Tag> tags, List<Product> products) {
        var parameters = Tuple.tuple()
                .addArrayOfString(CatalogWriterRepository.strings(tags.stream().map(Tag::name)))
                .addArrayOfString(CatalogWriterRepository.strings(tags.stream().map(Tag::displayName)))
                .addArrayOfString(
                        CatalogWriterRepository.strings(products.stream().map(Product::id)))
                .addArrayOfString(
                        CatalogWriterRepository.strings(products.stream().map(Product::name)))
                .addArrayOfString(
                        CatalogWriterRepository.strings(products.stream().map(Product::description)))
                .addArrayOfLong(products.stream().map(p -> p.price().minor()).toArray(Long[]::new))
                .addArrayOfInteger(products.stream().map(Product::stock).toArray(Integer[]::new))
                .addArrayOfString(
                        CatalogWriterRepository.strings(products.stream().map(Product::imageUrl)))
                .addArrayOfString(CatalogWriterRepository.strings(products.stream()
                        .map(p -> String.join(
                                ",", p.tags().stream().map(Tag::name).sorted().toList()))));
        return sql.write("catalog-samples", ADD_MISSING, parameters)
                .onFailure(CatalogWriterRepository::isConflict)
                .retry()
                .atMost(2)
                .map(RowSet::rowCount);
    }
}
