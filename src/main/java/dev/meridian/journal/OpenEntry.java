package dev.meridian.journal;

import java.time.Instant;

/// An open entry as the index has it.
///
/// @param orderId the order's id
/// @param acceptedAt when the order was taken
public record OpenEntry(String orderId, Instant acceptedAt) {}
