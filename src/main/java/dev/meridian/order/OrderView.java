package dev.meridian.order;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.meridian.shared.Money;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/// The JSON of an [Order] in the order API.
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(name = "Order")
record OrderView(
        @Schema(examples = "2GP53PP4VF4BYGPX59XX9CPEY6") String id,
        Order.Status status,
        @Schema(examples = "OUT_OF_STOCK: p-17") String reason,
        @Schema(examples = "2026-11-21T07:01:33.123Z") Instant createdDate,
        @Schema(examples = "c-81") String customerId,
        ShippingAddress shippingAddress,
        List<Order.Item> items,
        @Schema(examples = "58.5") Money subtotal,
        @Schema(examples = "10") Money shipping,
        @Schema(examples = "5") Money tax,
        @Schema(examples = "eu-west-1") String region,
        Instant pricesAsOf,

        @Schema(description = "When its cancellation was asked for, if that is not carried out yet.")
        Instant cancelRequestedAt) {
    static OrderView of(Order order) {
        var address = order.shippingAddress();
        return new OrderView(
                order.id(),
                order.status(),
                order.reason(),
                order.createdDate(),
                order.customerId(),
                address == null ? null : ShippingAddress.of(address),
                order.items(),
                order.subtotal(),
                order.shipping(),
                order.tax(),
                order.region(),
                order.pricesAsOf(),
                order.cancelRequestedAt());
    }
}
