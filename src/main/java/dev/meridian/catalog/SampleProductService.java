package dev.meridian.catalog;

import dev.meridian.shared.Money;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// Creates sample products, many in one statement.
@ApplicationScoped
public class SampleProductService {
    private static final String NAME = "Sample product";
    private static final Money PRICE = new Money(1000);

    private final SampleProductRepository products;

    SampleProductService(SampleProductRepository products) {
        this.products = products;
    }

    /// Creates products with a stock of one unit each, on the writer; existing ones stay as they are.
    ///
    /// @param ids at most 1,000
    /// @return the price of each
    public Uni<Map<String, PricedProduct>> createSingleUnits(List<String> ids) {
        var prices = ids.stream()
                .collect(Collectors.toUnmodifiableMap(
                        id -> id, id -> new PricedProduct(id, NAME, PRICE, Optional.empty())));
        if (ids.isEmpty()) return Uni.createFrom().item(prices);
        return products.create(ids, NAME, PRICE, 1).replaceWith(prices);
    }
}
