package dev.meridian.order;

import java.time.Instant;

/// An order with what makes a retry of it recognisable. The journal and the `orders` table both hold one under
/// the order's id.
///
/// @param order the order
/// @param idempotencyKey the key under which it was taken
/// @param payloadHash what was asked for, see [NewOrder#payloadHash]
/// @param foundAt when it was found that a new SQL writer lacked this order although it had been confirmed; null
///     for all others
public record OrderEntry(Order order, String idempotencyKey, String payloadHash, Instant foundAt) {
    OrderEntry(Order order, String idempotencyKey, String payloadHash) {
        this(order, idempotencyKey, payloadHash, null);
    }

    /// Whether both are of the same request; a retry is, a reused key is not.
    boolean sameRequestAs(OrderEntry other) {
        return payloadHash.equals(other.payloadHash);
    }

    /// The same entry as it stands after a decision.
    OrderEntry with(Order.Status status, String reason) {
        return new OrderEntry(order.with(status, reason), idempotencyKey, payloadHash, foundAt);
    }
}
