package dev.meridian.journal;

import java.time.Instant;

/// An entry whose order a new SQL writer lacked or contradicted, or may have lacked, as the index has it.
///
/// @param orderId the order's id
/// @param customerId who ordered
/// @param state the state of the order
/// @param reason why the order is rejected; null otherwise
/// @param acceptedAt when the order was taken
/// @param region where the order was taken
/// @param missing what the failover did to the order
public record MissingEntry(
        String orderId,
        String customerId,
        JournalEntry.State state,
        String reason,
        Instant acceptedAt,
        String region,
        JournalEntry.Missing missing) {}
