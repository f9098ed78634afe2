package dev.meridian.ticket;

import dev.meridian.ticket.Ticket.Priority;
import dev.meridian.ticket.Ticket.Status;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;

/// A change as it is stored. It never changes itself, so Regions cannot overwrite each other's.
///
/// @param key time, Region and a ULID, `2026-11-21T07:01:33.000001Z#eu-west-1#01KAH…`: changes of a ticket sort by
///     it. `0##` and the version for a state whose time is not known
/// @param version the version that it made
record StoredChange(String key, long version, String description, String assigned, Priority priority, Status status) {
    private static final String SEPARATOR = "#";
    private static final int PARTS = 3;
    private static final String UNKNOWN = "0";

    /// Of fixed length, so that times sort as text.
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

    /// The state of a ticket as a change.
    static StoredChange of(String key, Ticket ticket) {
        return new StoredChange(
                key, ticket.version(), ticket.description(), ticket.assigned(), ticket.priority(), ticket.status());
    }

    /// The key of a new change: later than the last one that is known, whatever the clock says.
    ///
    /// @param after the key of that one
    static String key(Instant now, String after, String region, String id) {
        var last = parts(after).getFirst();
        var time = now.truncatedTo(ChronoUnit.MICROS);
        if (!last.equals(UNKNOWN) && !time.isAfter(Instant.parse(last))) time = next(last);
        return String.join(SEPARATOR, TIME.format(time), region, id);
    }

    /// The key of a state that a version of the service made which keeps no changes. The same in every Region.
    ///
    /// @param after the key of the change before it; null when there is none
    static String unknownKey(String after, long version) {
        var last = after == null ? UNKNOWN : parts(after).getFirst();
        var time = last.equals(UNKNOWN) ? UNKNOWN : TIME.format(next(last));
        return String.join(SEPARATOR, time, "", "%015d".formatted(version));
    }

    private static Instant next(String time) {
        return Instant.parse(time).plus(1, ChronoUnit.MICROS);
    }

    private static List<String> parts(String key) {
        var parts = List.of(key.split(SEPARATOR, -1));
        if (parts.size() != PARTS) throw new IllegalArgumentException("no key of a change");
        return parts;
    }

    /// What clients see of it.
    TicketChange toChange(Ticket ticket) {
        var parts = parts(key);
        var time = parts.getFirst().equals(UNKNOWN) ? null : Instant.parse(parts.getFirst());
        return new TicketChange(
                version,
                time == null && version == 1 ? ticket.createdOn() : time,
                parts.get(1).isEmpty() ? null : parts.get(1),
                description,
                assigned,
                priority,
                status);
    }
}
