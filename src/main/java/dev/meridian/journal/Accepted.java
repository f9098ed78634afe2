package dev.meridian.journal;

/// The stored entry after [JournalService#accept].
///
/// @param entry the new entry, or the one that was there before
/// @param isNew whether this call wrote it; false when an earlier attempt of the same call did
public record Accepted(JournalEntry entry, boolean isNew) {}
