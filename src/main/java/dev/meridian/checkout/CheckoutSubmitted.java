package dev.meridian.checkout;

import dev.meridian.order.Order;
import dev.meridian.shared.Money;
import java.math.BigDecimal;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/// The order of a checkout, at the prices of the checkout.
@Schema(name = "CheckoutSubmitted")
record CheckoutSubmitted(
        @Schema(examples = "7ZK3Q0V9M1N8B6C5X4A2S1D0FG") String orderId,
        @Schema(examples = "visitor@example.com") String email,
        List<CheckoutView.Line> items,

        @Schema(implementation = BigDecimal.class, examples = "58.5")
        Money subtotal,

        @Schema(implementation = BigDecimal.class, examples = "10")
        Money shipping,

        @Schema(implementation = BigDecimal.class, examples = "5")
        Money tax,

        @Schema(implementation = BigDecimal.class, examples = "73.5")
        Money total) {

    static CheckoutSubmitted of(Order order) {
        return new CheckoutSubmitted(
                order.id(),
                order.shippingAddress().email(),
                order.items().stream()
                        .map(i -> new CheckoutView.Line(
                                i.productId(), i.name(), i.quantity(), i.unitCost(), i.totalCost()))
                        .toList(),
                order.subtotal(),
                order.shipping(),
                order.tax(),
                order.subtotal().plus(order.shipping()).plus(order.tax()));
    }
}
