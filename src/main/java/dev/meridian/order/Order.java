package dev.meridian.order;

import dev.meridian.customer.Address;
import dev.meridian.shared.Money;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/// An order.
///
/// @param id 26 characters of Crockford base32, derived from customer and idempotency key
/// @param status its status
/// @param reason why it was rejected; absent otherwise
/// @param createdDate when it was taken
/// @param customerId who ordered
/// @param shippingAddress where it goes; null when nothing is shipped
/// @param items what was ordered, at the prices of the time
/// @param subtotal the sum of the items
/// @param shipping what shipping costs
/// @param tax the tax
/// @param region where it was taken
/// @param pricesAsOf the time of the last known prices, if they were used because the catalog did not answer;
///     else absent
/// @param cancelRequestedAt when its cancellation was asked for, if it is not carried out yet; else absent
public record Order(
        String id,
        Status status,
        String reason,
        Instant createdDate,
        String customerId,
        Address shippingAddress,
        List<Item> items,
        Money subtotal,
        Money shipping,
        Money tax,
        String region,
        Instant pricesAsOf,
        Instant cancelRequestedAt) {
    public Order {
        items = List.copyOf(items);
    }

    /// The status of an order: `ACCEPTED → CONFIRMED | REJECTED | CANCELLED`, `CONFIRMED → CANCELLED`.
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
        return with(newStatus, newReason, cancelRequestedAt);
    }

    /// The same order while its cancellation is asked for. One that is rejected or cancelled stays as it is.
    Order cancelRequested(Instant at) {
        return with(status, reason, at);
    }

    private Order with(Status newStatus, String newReason, Instant requestedAt) {
        boolean isDone = newStatus == Status.CANCELLED || newStatus == Status.REJECTED;
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
                pricesAsOf,
                isDone ? null : requestedAt);
    }

    /// Whether the order is durable but SQL has not decided about it yet. The response is 202.
    public boolean isOpen() {
        return status == Status.ACCEPTED;
    }
}
