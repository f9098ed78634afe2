package dev.meridian.dynamoclient;

import software.amazon.awssdk.core.exception.SdkClientException;

/// A call that certainly never reached DynamoDB, so that nothing is written. It may be repeated whatever it was;
/// when, depends on why it was not sent.
public final class NotSentException extends SdkClientException {
    private static final long serialVersionUID = 1;

    /// Why a call was not sent.
    public enum Reason {
        /// This process has no connection or no memory free for it. That says nothing about DynamoDB.
        BUSY,
        /// No connection could be made, or a request could not be written to its end in time.
        UNREACHABLE,
        /// A connection of earlier calls was closed before the request was written to its end. The next
        /// connection may be a better one.
        STALE
    }

    private final Reason reason;

    NotSentException(Reason reason, String message, Throwable cause) {
        super(SdkClientException.builder()
                .message("DynamoDB: " + message)
                .cause(cause)
                .writableStackTrace(false));
        this.reason = reason;
    }

    /// Why it was not sent.
    public Reason reason() {
        return reason;
    }
}
