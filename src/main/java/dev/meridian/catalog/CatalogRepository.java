package dev.meridian.catalog;

import dev.meridian.shared.Money;
import dev.meridian.shared.Sql;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

@ApplicationScoped
class CatalogRepository {
    private static final String PRICES = """
            SELECT id, name, price_minor FROM products WHERE id = ANY ($1)""";

    private final Sql sql;

    CatalogRepository(Sql sql) {
        this.sql = sql;
    }

    Uni<Map<String, PricedProduct>> prices(Set<String> productIds) {
        return sql.read("catalog-prices", PRICES, Tuple.of(productIds.toArray(String[]::new)))
                .map(rows -> {
                    var prices = new HashMap<String, PricedProduct>();
                    for (var row : rows) {
                        var id = row.getString("id");
                        var price = new Money(row.getLong("price_minor"));
                        prices.put(id, new PricedProduct(id, row.getString("name"), price, Optional.empty()));
                    }
                    return prices;
                });
    }
}
