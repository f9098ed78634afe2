package dev.meridian.dynamoclient;

import software.amazon.awssdk.core.exception.SdkClientException;

/// A call that certainly never reached DynamoDB: it found no connection, or its request was not written to
/// the end. It may be repeated whatever it was.
public final class NotSentException extends SdkClientException {
    private static final long serialVersionUID = 1;

    NotSentException(String message, Throwable cause) {
        super(SdkClientException.builder()
                .message("DynamoDB: " + message)
                .cause(cause)
                .writableStackTrace(false));
    }
}
