package dev.meridian.journal;

import java.time.Instant;
import java.util.Optional;

/// An open entry as the index has it.
///
/// @param orderId the order's id
/// @param acceptedAt when the order was taken
/// @param entry the entry; empty when its item is damaged or a newer version wrote it
public record OpenEntry(String orderId, Instant acceptedAt, Optional<JournalEntry> entry) {}
