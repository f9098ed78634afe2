package dev.meridian.sql;

import java.time.Duration;
import java.time.Instant;

/// SQL statements go to another writer from now on. Fired as an asynchronous CDI event (`@ObservesAsync`), once
/// for each writer, the first one of this process included. What the old writer confirmed last may be missing
/// on the new one.
///
/// @param from host and port of the writer before; empty for the first one
/// @param to host and port of the writer now
/// @param timeline of the writer now; 0 where the server has none (Aurora)
/// @param at when it was found
/// @param without how long there was no writer before
public record SqlWriterChanged(String from, String to, long timeline, Instant at, Duration without) {
    /// Whether this is the first writer of this process.
    public boolean isFirst() {
        return from.isEmpty();
    }
}
