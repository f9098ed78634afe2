package dev.meridian.order;

/// What comparing a closed journal entry with the SQL writer showed, and what was done.
public enum RecheckOutcome {
    /// Both agree, or the order is changing right now. Nothing was done.
    SAME,
    /// The order was confirmed and the writer lacks it. The entry is open again and in the report.
    MISSING,
    /// The order was rejected or cancelled and the writer lacked it. The row is written again.
    RESTORED,
    /// The order was cancelled and the writer had it confirmed. It is cancelled there again.
    CANCELLED_AGAIN,
    /// The order was confirmed in the journal and the writer had it cancelled. The journal has that now. Nothing
    /// was lost: another Region cancelled it, and its entry had not arrived, or was closed over by one that came
    /// late.
    CANCELLED_ELSEWHERE,
    /// The writer has something else. The journal now has the same, and the entry is in the report.
    DIFFERENT
}
