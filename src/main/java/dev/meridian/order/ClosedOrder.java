package dev.meridian.order;

/// A closed entry of the journal as the index has it.
///
/// @param orderId the order's id
/// @param status its end
/// @param payloadHash what was asked for
public record ClosedOrder(String orderId, Order.Status status, String payloadHash) {}
