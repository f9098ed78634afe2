package dev.meridian.journal;

import dev.meridian.journal.JournalEvent.Kind;
import java.time.Instant;
import java.util.List;

/// One order in the journal.
///
/// @param orderId the order's id, the key of the entry
/// @param customerId who ordered
/// @param idempotencyKey the key under which the order was taken
/// @param payloadHash identifies the request: a retry has the same hash, another request under the same key has
///     not. The payload itself may differ between a request and its retry, since prices change
/// @param state the state of the order
/// @param reason why the order is rejected; null otherwise
/// @param acceptedAt when the order was taken, to the millisecond
/// @param region where the order was taken
/// @param payload what was ordered
/// @param missing what a failover of the SQL writer did to the order; null for nearly all
/// @param events what happened to the order, in the order of their times; empty in an entry that is not stored yet
public record JournalEntry(
        String orderId,
        String customerId,
        String idempotencyKey,
        String payloadHash,
        State state,
        String reason,
        Instant acceptedAt,
        String region,
        Payload payload,
        Missing missing,
        List<JournalEvent> events) {
    public JournalEntry {
        events = List.copyOf(events);
    }

    /// The state of an order: `ACCEPTED → CONFIRMED | REJECTED`, `CONFIRMED → CANCELLED`. An entry is open
    /// while it is `ACCEPTED`; every other state is closed.
    public enum State {
        ACCEPTED,
        CONFIRMED,
        REJECTED,
        CANCELLED
    }

    /// The content of an entry, which the journal does not interpret.
    ///
    /// @param format the version of the content's format, at least 1
    /// @param content text of the owner
    public record Payload(int format, String content) {}

    /// A new SQL writer lacked or contradicted the order although the journal had it closed, or may have lacked
    /// it.
    ///
    /// @param foundAt when this was found
    /// @param confirmedAt when the journal had closed the entry; null when that is not known
    /// @param note what SQL had instead, or why it may have lacked the order; null when it had nothing
    public record Missing(Instant foundAt, Instant confirmedAt, String note) {}

    /// Whether SQL has not decided about the order yet, as far as the journal knows.
    public boolean isOpen() {
        return state == State.ACCEPTED;
    }

    /// When the order was confirmed first; null when it never was, as far as the journal knows. An open entry that
    /// has it was opened again: by a cancellation, or since a new SQL writer lacked the order.
    public Instant confirmedAt() {
        return at(Kind.CONFIRMED);
    }

    /// When a customer asked to cancel the order while SQL could not; null when nobody did.
    public Instant cancelRequestedAt() {
        return at(Kind.CANCEL_REQUESTED);
    }

    private Instant at(Kind kind) {
        return events.stream()
                .filter(event -> event.kind() == kind)
                .map(JournalEvent::at)
                .findFirst()
                .orElse(null);
    }
}
