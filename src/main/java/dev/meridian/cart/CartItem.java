package dev.meridian.cart;

import dev.meridian.shared.Money;
import java.math.BigDecimal;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/// One line of a cart.
///
/// @param itemId the product
/// @param quantity how many, 1 to `meridian.cart.quantity-max`
/// @param unitPrice the price of one unit when the line was last written
@Schema(name = "CartItem", description = "One line of a cart.")
public record CartItem(
        @Schema(description = "The product.", examples = "p-17")
        String itemId,

        @Schema(description = "How many.", examples = "3") int quantity,

        @Schema(
                description = "What the catalog said one unit costs when the line was last written.",
                implementation = BigDecimal.class,
                examples = "19.5")
        Money unitPrice) {
    public CartItem {
        if (quantity < 1) throw new IllegalArgumentException("A line has at least one unit");
    }
}
