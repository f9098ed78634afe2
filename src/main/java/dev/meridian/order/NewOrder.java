package dev.meridian.order;

import dev.meridian.customer.Address;
import dev.meridian.shared.Ids;
import dev.meridian.shared.Money;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/// A client's request for an order.
///
/// @param customerId who orders
/// @param idempotencyKey the order's id is derived from it and the customer: the same pair is the same order in
///     every Region
/// @param shippingAddress where it is shipped to; null when nothing is shipped
/// @param lines what is ordered, without prices: they come from the catalog, or are agreed. Lines of one product
///     become one
/// @param shipping what shipping costs
/// @param tax the tax
public record NewOrder(
        String customerId,
        String idempotencyKey,
        Address shippingAddress,
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

    /// The id of the order, the same in every Region.
    String id() {
        return Ids.derive("order", customerId, idempotencyKey);
    }

    /// The lines with each product once, in the order in which the products first appear.
    ///
    /// @throws ArithmeticException when the quantities of a product add up to more than an `int`
    List<Line> mergedLines() {
        var quantities = new LinkedHashMap<String, Integer>();
        lines.forEach(line -> quantities.merge(line.productId(), line.quantity(), Math::addExact));
        return quantities.entrySet().stream()
                .map(entry -> new Line(entry.getKey(), entry.getValue()))
                .toList();
    }

    /// A hash of the request: customer, products with their quantities, address. The prices are not in it: they
    /// may change between a request and its retry. Nor is the country: an older version, which the retry may meet,
    /// knows none.
    String payloadHash() {
        var parts = new ArrayList<String>();
        parts.add(customerId);
        for (var line : mergedLines().stream()
                .sorted((a, b) -> a.productId().compareTo(b.productId()))
                .toList()) {
            parts.add(line.productId());
            parts.add(Integer.toString(line.quantity()));
        }
        parts.add("to");
        if (shippingAddress != null) {
            var address = OrderPayload.toMap(shippingAddress);
            address.remove("country");
            address.forEach((name, value) -> {
                parts.add(name);
                parts.add(value);
            });
        }
        return Ids.hash(parts.toArray(String[]::new));
    }
}
