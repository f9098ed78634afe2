package dev.meridian.sqlpool;

import java.time.Duration;
import java.time.Instant;

/// Statements go to another writer from now on. The last writes that the old writer acknowledged may be missing on the
/// new one.
///
/// @param from host and port of the writer before; empty for the first one this process found
/// @param to host and port of the writer now; the same as `from` when the name resolves to another server by
///     now, or the server was promoted
/// @param timeline of the writer now; 0 where the server has none (Aurora)
/// @param at when it was found
/// @param outage how long there was no writer before; for the first one, the time to find it
public record WriterChanged(String from, String to, long timeline, Instant at, Duration outage) {
    /// Whether this is the first writer of this process.
    public boolean isFirst() {
        return from.isEmpty();
    }
}
