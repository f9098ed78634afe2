package dev.meridian.catalog;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import java.util.Set;

/// The catalog: products, tags, stock, search.
@ApplicationScoped
public class CatalogService {
    private final CatalogRepository products;

    CatalogService(CatalogRepository products) {
        this.products = products;
    }

    /// What products cost. Unknown products are not in the answer.
    public Uni<Map<String, PricedProduct>> prices(Set<String> productIds) {
        return products.prices(productIds);
    }
}
