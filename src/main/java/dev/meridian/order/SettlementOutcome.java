package dev.meridian.order;

/// What settling an open journal entry changed.
public enum SettlementOutcome {
    /// The entry is closed: the order is confirmed.
    CONFIRMED,
    /// The entry is closed: the order is cancelled.
    CANCELLED,
    /// The entry is closed: the order is rejected, or its id belongs to another request.
    REJECTED,
    /// The entry is closed: a failover had lost the order, and now it is confirmed again.
    REPLAYED,
    /// Nothing changed: another process closed the entry first, a cancellation of it may still be running, or
    /// too many orders of one product wait for SQL.
    UNCHANGED
}
