package dev.meridian.order;

import java.time.Instant;
import java.util.Optional;

/// An open entry of the journal as the index has it.
///
/// @param orderId the order's id
/// @param acceptedAt when it was taken
/// @param entry the entry; empty when it cannot be read, which is a fault in the data
public record OpenOrder(String orderId, Instant acceptedAt, Optional<OrderEntry> entry) {}
