package dev.meridian.journal;

import java.time.Instant;

/// What happened to an order, as its entry has it.
///
/// @param kind what happened
/// @param at when, to the millisecond, by the clock of the task that recorded it
/// @param region where it was recorded; null when the entry does not say
public record JournalEvent(Kind kind, Instant at, String region) {
    /// What may happen to an order. Of each kind an entry has one event at most.
    public enum Kind {
        /// The order was taken.
        ACCEPTED,
        /// SQL confirmed it, for the first time.
        CONFIRMED,
        /// A new SQL writer lacked or contradicted it, or may have lacked it, for the last time.
        LOST,
        /// It was confirmed again after that.
        REPLAYED,
        /// A customer asked to cancel it while SQL could not, for the first time.
        CANCEL_REQUESTED,
        /// SQL rejected it.
        REJECTED,
        /// It was cancelled.
        CANCELLED
    }
}
