package dev.meridian.order;

/// What comparing one closed entry with the writer has shown, and led to.
public enum Recheck {
    /// The writer has it as the journal does, or it is being changed.
    SAME,
    /// It was confirmed and the writer lacks it: it is open again, and in the report.
    MISSING,
    /// It was rejected or cancelled and the writer lacked it: the row is there again.
    RESTORED,
    /// It was cancelled and the writer had it confirmed: it is cancelled there again.
    CANCELLED_AGAIN,
    /// The writer has something else: the journal has that now too, and it is in the report.
    DIFFERENT
}
