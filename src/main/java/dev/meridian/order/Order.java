package dev.meridian.order;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.meridian.shared.Money;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/// An order as clients see it.
///
/// @param id 26 characters of Crockford base32, derived from customer and idempotency key
/// @param status where it stands
/// @param reason why it was rejected; absent otherwise
/// @param createdDate when it was taken
/// @param customerId who ordered
/// @param shippingAddress where it goes
/// @param items what was ordered, at the prices of the time
/// @param subtotal the sum of the items
/// @param shipping what shipping costs
/// @param tax the tax
/// @param region where it was taken
/// @param pricesAsOf the time of the prices, when the catalog did not answer and the last known ones were taken;
///     else absent
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(name = "Order")
public record Order(
        @Schema(examples = "2GP53PP4VF4BYGPX59XX9CPEY6") String id,
        Status status,
        @Schema(examples = "OUT_OF_STOCK: p-17") String reason,
        @Schema(examples = "2026-11-21T07:01:33.123Z") Instant createdDate,
        @Schema(examples = "c-81") String customerId,
        ShippingAddress shippingAddress,
        List<Item> items,
        @Schema(examples = "58.5") Money subtotal,
        @Schema(examples = "10") Money shipping,
        @Schema(examples = "5") Money tax,
        @Schema(examples = "eu-west-1") String region,
        Instant pricesAsOf) {
    public Order {
        items = List.copyOf(items);
    }

    /// Where an order stands: `ACCEPTED → CONFIRMED | REJECTED`, `CONFIRMED → CANCELLED`.
    @Schema(name = "OrderStatus")
    public enum Status {
        ACCEPTED,
        CONFIRMED,
        REJECTED,
        CANCELLED
    }

    /// One line of an order.
    ///
    /// @param productId the product
    /// @param name its name when it was ordered
    /// @param quantity how many
    /// @param unitCost the price of one
    /// @param totalCost the price of all
    @Schema(name = "OrderItem")
    public record Item(
            @Schema(examples = "p-17") String productId,
            @Schema(examples = "Storm lantern") String name,
            @Schema(examples = "3") int quantity,
            @Schema(examples = "19.5") Money unitCost,
            @Schema(examples = "58.5") Money totalCost) {
        static Item of(String productId, String name, int quantity, Money unitCost) {
            return new Item(productId, name, quantity, unitCost, unitCost.times(quantity));
        }
    }

    Order with(Status newStatus, String newReason) {
        return new Order(
                id,
                newStatus,
                newReason,
                createdDate,
                customerId,
                shippingAddress,
                items,
                subtotal,
                shipping,
                tax,
                region,
                pricesAsOf);
    }

    /// Whether the order is durable but SQL has not decided about it yet. Its answer is 202.
    @JsonIgnore
    public boolean isOpen() {
        return status == Status.ACCEPTED;
    }
}
