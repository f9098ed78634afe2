package dev.meridian.shared;

import java.util.Optional;

/// A place in a list that goes through several parts one after the other, each with cursors of its own.
///
/// @param part the part's number, at least 0
/// @param after where its page before ended; empty at its beginning
public record PartCursor(int part, Optional<String> after) {
    /// @param cursor what [#next] made; empty for the beginning of the first part
    /// @throws ProblemException 400 when it is not one of ours
    public static PartCursor of(Optional<String> cursor) {
        if (cursor.isEmpty()) return new PartCursor(0, Optional.empty());
        var place = Cursor.decode(cursor.get(), 2);
        if (!place.getFirst().matches("[0-9]{1,3}")) throw Cursor.invalid();
        return new PartCursor(
                Integer.parseInt(place.getFirst()), Optional.of(place.getLast()).filter(text -> !text.isEmpty()));
    }

    /// The cursor of the next page: of this part, else of the next one; empty after the last.
    ///
    /// @param next the part's own cursor of its next page
    /// @param parts how many parts there are
    public Optional<String> next(Optional<String> next, int parts) {
        if (next.isPresent()) return Optional.of(Cursor.encode(Integer.toString(part), next.get()));
        return part + 1 < parts ? Optional.of(Cursor.encode(Integer.toString(part + 1), "")) : Optional.empty();
    }
}
