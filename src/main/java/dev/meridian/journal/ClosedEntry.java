package dev.meridian.journal;

/// A closed entry as the index has it.
///
/// @param orderId the order's id
/// @param state the state of the order, never `ACCEPTED`
/// @param payloadHash identifies the request, see [JournalEntry]
public record ClosedEntry(String orderId, JournalEntry.State state, String payloadHash) {}
