package dev.meridian.order;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.meridian.shared.Money;
import java.time.Instant;
import java.util.List;

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
/// @param pricesAsOf set when the catalog could not be read and the prices are the last known ones, of that
///     time
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Order(
        String id,
        Status status,
        String reason,
        Instant createdDate,
        String customerId,
        ShippingAddress shippingAddress,
        List<Item> items,
        Money subtotal,
        Money shipping,
        Money tax,
        String region,
        Instant pricesAsOf) {
    public Order {
        items = List.copyOf(items);
    }

    /// Where an order stands: `ACCEPTED → CONFIRMED | REJECTED`, `CONFIRMED → CANCELLED`.
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
    public record Item(String productId, String name, int quantity, Money unitCost, Money totalCost) {
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

    /// Whether the order is durable but not carried out yet, so that its answer is 202.
    @JsonIgnore
    public boolean isOpen() {
        return status == Status.ACCEPTED;
    }
}
