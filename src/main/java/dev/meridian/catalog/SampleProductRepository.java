package dev.meridian.catalog;

import dev.meridian.shared.Money;
import dev.meridian.sql.Sql;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

@ApplicationScoped
class SampleProductRepository {
    private static final String CREATE = """
            INSERT INTO products (id, name, price_minor, stock)
            SELECT id, $2, $3, $4 FROM unnest($1::text[]) AS id
            ON CONFLICT (id) DO NOTHING""";

    private final Sql sql;

    SampleProductRepository(Sql sql) {
        this.sql = sql;
    }

    /// @return how many are new
    Uni<Integer> create(List<String> ids, String name, Money price, int stock) {
        return sql.write("catalog-sample", CREATE, Tuple.of(ids.toArray(String[]::new), name, price.minor(), stock))
                .map(rows -> rows.rowCount());
    }
}
