package dev.meridian.sqlpool;

/// Thrown when no database server answers a statement. Carries no stack trace.
public final class SqlPoolException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /// Why there is no answer, and whether the statement may have been carried out.
    public enum Reason {
        /// No server was found in time. The statement was not sent, or was refused as read-only: nothing was
        /// done.
        NO_SERVER,
        /// All connections were busy until too little of the time was left for an answer. The statement was not
        /// sent.
        BUSY,
        /// Too many statements already wait. The statement was not sent.
        QUEUE_FULL,
        /// The server ended the statement at its time limit, or somebody cancelled it there. Nothing was done.
        CANCELLED,
        /// The statement was sent and not answered in time. Its outcome is unknown.
        TIMEOUT,
        /// The connection broke after the statement was sent. Its outcome is unknown, even when a second try
        /// was not sent.
        LOST,
        /// The pool was closed.
        CLOSED;

        /// Whether the statement may have been carried out. If false, it was not.
        boolean isOutcomeUnknown() {
            return this == TIMEOUT || this == LOST || this == CLOSED;
        }
    }

    private final Reason reason;

    SqlPoolException(Reason reason, Throwable cause) {
        super("no answer from PostgreSQL: " + reason, cause, false, false);
        this.reason = reason;
    }

    /// Why there is no answer.
    public Reason reason() {
        return reason;
    }
}
