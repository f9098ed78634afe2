package dev.meridian.cart;

import dev.meridian.catalog.PricedProduct;
import dev.meridian.shared.Money;
import java.math.BigDecimal;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/// One line of a cart.
///
/// @param itemId the product
/// @param quantity how many, 1 to `meridian.limits.quantity-max`
/// @param unitPrice the price of one unit: today's, or that of the day when the line was last written
@Schema(name = "CartItem", description = "One line of a cart.")
public record CartItem(
        @Schema(description = "The product.", examples = "p-17")
        String itemId,

        @Schema(description = "How many.", examples = "3") int quantity,

        @Schema(
                description = "What one unit costs today. While the catalog cannot be read: what it cost when the line "
                        + "was last written.",
                implementation = BigDecimal.class,
                examples = "19.5")
        Money unitPrice) {
    public CartItem {
        if (quantity < 1) throw new IllegalArgumentException("A line has at least one unit");
    }

    /// This line at the price that the catalog tells, if it does.
    ///
    /// @param prices by product
    public CartItem at(Map<String, PricedProduct> prices) {
        var now = prices.get(itemId);
        return now == null ? this : new CartItem(itemId, quantity, now.price());
    }
}
