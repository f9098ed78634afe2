package dev.meridian.order;

/// What carrying an open entry out has changed in the journal.
public enum Settled {
    /// It is confirmed (or had been cancelled).
    CONFIRMED,
    /// It is rejected, or its id belongs to another request.
    REJECTED,
    /// It had been lost in a failover and is confirmed again.
    REPLAYED,
    /// Nothing: somebody else closed it first, or may be about to.
    LEFT
}
