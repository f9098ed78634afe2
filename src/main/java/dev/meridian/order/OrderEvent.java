package dev.meridian.order;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/// What happened to an order.
///
/// @param event what happened
/// @param status the status of the order from then on
/// @param at when, to the millisecond, by the clock of the task that recorded it; null when no store says it
/// @param region where it was recorded; null when no store says it
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(name = "OrderEvent")
public record OrderEvent(
        Type event,
        Order.Status status,
        @Schema(examples = "2026-11-21T07:01:33.178Z") Instant at,
        @Schema(examples = "eu-west-1") String region) {
    /// What may happen to an order. A history has each once at most.
    @Schema(name = "OrderEventType")
    public enum Type {
        /// It was taken.
        ACCEPTED,
        /// It was confirmed, for the first time.
        CONFIRMED,
        /// A new SQL writer lacked or contradicted it, for the last time.
        LOST,
        /// It was confirmed again after that.
        REPLAYED,
        /// Its cancellation was asked for while SQL could not cancel it, for the first time.
        CANCEL_REQUESTED,
        /// It was rejected.
        REJECTED,
        /// It was cancelled.
        CANCELLED
    }
}
