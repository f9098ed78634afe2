package dev.meridian.order;

import dev.meridian.catalog.CatalogService;
import dev.meridian.catalog.PricedProduct;
import dev.meridian.customer.Address;
import dev.meridian.customer.AddressService;
import dev.meridian.shared.LineLimits;
import dev.meridian.shared.Money;
import dev.meridian.shared.ProblemException;
import dev.meridian.shared.RegionConfig;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/// Prices new orders: checks the bounds, merges the lines, takes the prices from the catalog.
@ApplicationScoped
class OrderPricing {
    private final CatalogService catalog;
    private final AddressService addresses;
    private final LineLimits limits;
    private final String region;

    OrderPricing(CatalogService catalog, AddressService addresses, LineLimits limits, RegionConfig region) {
        this.catalog = catalog;
        this.addresses = addresses;
        this.limits = limits;
        this.region = region.name();
    }

    /// @throws ProblemException 400 when a bound is exceeded
    void check(NewOrder order) {
        var lines = order.lines();
        if (lines.isEmpty() || lines.size() > limits.linesMax()) {
            throw ProblemException.invalid("items", "must be 1 to " + limits.linesMax() + " lines");
        }
        for (int i = 0; i < lines.size(); i++) {
            checkQuantity("items[" + i + "].quantity", lines.get(i).quantity());
        }
        for (var line : order.mergedLines()) {
            checkQuantity("items", line.quantity());
        }
    }

    private void checkQuantity(String field, int quantity) {
        if (quantity < 1 || quantity > limits.quantityMax()) {
            throw ProblemException.invalid(field, "must be 1 to " + limits.quantityMax() + " units of a product");
        }
    }

    /// The prices of the products of an order. Unknown products are not in the answer.
    ///
    /// @throws ProblemException 503 when the catalog does not answer and a price is not in memory
    Uni<Map<String, PricedProduct>> prices(NewOrder order) {
        return Uni.createFrom()
                .deferred(() -> catalog.prices(
                        order.lines().stream().map(NewOrder.Line::productId).collect(Collectors.toUnmodifiableSet())));
    }

    /// The order at these prices: `ACCEPTED`, taken in this Region, now (millisecond).
    ///
    /// @param id the order's id
    /// @throws ProblemException 404 unknown product, 400 when the sum is too large
    StoredOrder price(String id, NewOrder order, Map<String, PricedProduct> prices) {
        var unknown = order.mergedLines().stream()
                .map(NewOrder.Line::productId)
                .filter(productId -> !prices.containsKey(productId))
                .toList();
        if (!unknown.isEmpty()) {
            throw new ProblemException(OrderProblem.UNKNOWN_PRODUCT, "No product " + String.join(", ", unknown) + ".");
        }
        return new StoredOrder(priced(id, order, prices), order.idempotencyKey(), order.payloadHash(), false, null);
    }

    /// Where the order goes, as the country spells it; null when nothing is shipped.
    Address address(NewOrder order) {
        return order.shippingAddress() == null ? null : addresses.spelled(order.shippingAddress());
    }

    private Order priced(String id, NewOrder order, Map<String, PricedProduct> prices) {
        try {
            var items = order.mergedLines().stream()
                    .map(line -> item(line, prices.get(line.productId())))
                    .toList();
            var subtotal = items.stream().map(Order.Item::totalCost).reduce(Money.ZERO, Money::plus);
            return new Order(
                    id,
                    Order.Status.ACCEPTED,
                    null,
                    Instant.now().truncatedTo(ChronoUnit.MILLIS),
                    order.customerId(),
                    address(order),
                    items,
                    subtotal,
                    order.shipping(),
                    order.tax(),
                    region,
                    oldest(items, prices),
                    null);
        } catch (IllegalArgumentException | ArithmeticException _) {
            throw ProblemException.invalid("items", "add up to too large an amount");
        }
    }

    private static Order.Item item(NewOrder.Line line, PricedProduct product) {
        return new Order.Item(
                line.productId(),
                product.name(),
                line.quantity(),
                product.price(),
                product.price().times(line.quantity()));
    }

    /// The time of the oldest price that is not current; null when all prices are.
    private static Instant oldest(List<Order.Item> items, Map<String, PricedProduct> prices) {
        return items.stream()
                .map(item -> prices.get(item.productId()).asOf().orElse(null))
                .filter(Objects::nonNull)
                .min(Instant::compareTo)
                .map(time -> time.truncatedTo(ChronoUnit.MILLIS))
                .orElse(null);
    }
}
