package dev.meridian.order;

import dev.meridian.shared.Money;
import java.util.List;

/// An order to be taken.
///
/// @param customerId who orders
/// @param idempotencyKey with the customer it makes the order's id: the same two are the same order in every Region
/// @param shippingAddress where it goes
/// @param lines what is ordered; the prices come from the catalog
/// @param shipping what shipping costs
/// @param tax the tax
public record NewOrder(
        String customerId,
        String idempotencyKey,
        ShippingAddress shippingAddress,
        List<Line> lines,
        Money shipping,
        Money tax) {
    public NewOrder {
        lines = List.copyOf(lines);
    }

    /// One product of an order.
    ///
    /// @param productId the product
    /// @param quantity 1 to the configured maximum
    public record Line(String productId, int quantity) {}
}
