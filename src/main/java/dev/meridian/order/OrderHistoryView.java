package dev.meridian.order;

import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/// The JSON of an [OrderHistory].
@Schema(name = "OrderHistory")
record OrderHistoryView(
        @Schema(examples = "2GP53PP4VF4BYGPX59XX9CPEY6") String orderId,
        Order.Status status,

        @Schema(description = "The first thing first. The last one has the order's status.")
        List<OrderEvent> events) {
    static OrderHistoryView of(OrderHistory history) {
        var order = history.order();
        return new OrderHistoryView(order.id(), order.status(), history.events());
    }
}
