package dev.meridian.order;

import dev.meridian.customer.Address;
import java.time.Instant;

/// An order with what identifies its request. The journal and the table `orders` both hold one under the order's
/// id.
///
/// @param order the order
/// @param idempotencyKey the key under which it was taken
/// @param payloadHash a hash of the request, see [NewOrder#payloadHash]
/// @param isReplay whether the order was confirmed before and a new SQL writer lacked it, as far as the journal
///     knows
/// @param confirmedAt when the journal had it confirmed first; in SQL, when its row was written; null otherwise
record StoredOrder(Order order, String idempotencyKey, String payloadHash, boolean isReplay, Instant confirmedAt) {
    String id() {
        return order.id();
    }

    Order.Status status() {
        return order.status();
    }

    /// Whether both are of the same request. A retry is, another request under the same key is not.
    boolean isSameRequest(StoredOrder other) {
        return isOf(other.payloadHash, other.order.shippingAddress());
    }

    /// Whether it is of a request with this hash, to this address. The hash has no country, and an older version stores
    /// none: then any fits.
    boolean isOf(String hash, Address address) {
        return payloadHash.equals(hash) && isSameCountry(order.shippingAddress(), address);
    }

    private static boolean isSameCountry(Address one, Address other) {
        return one == null
                || other == null
                || one.country() == null
                || other.country() == null
                || one.country().equals(other.country());
    }

    /// The same order after a decision.
    StoredOrder with(Order.Status status, String reason) {
        return new StoredOrder(order.with(status, reason), idempotencyKey, payloadHash, isReplay, confirmedAt);
    }

    /// The same order, which a new SQL writer lacks although it was confirmed.
    StoredOrder asReplay() {
        return new StoredOrder(order, idempotencyKey, payloadHash, true, confirmedAt);
    }

    /// Whether it is to be cancelled as soon as SQL can.
    boolean isCancelRequested() {
        return order.cancelRequestedAt() != null;
    }
}
