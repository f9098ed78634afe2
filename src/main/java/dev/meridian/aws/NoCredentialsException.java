package dev.meridian.aws;

import software.amazon.awssdk.core.exception.SdkClientException;

/// There are no AWS credentials yet. [HeldCredentials] logs why.
public final class NoCredentialsException extends SdkClientException {
    private static final long serialVersionUID = 1L;

    NoCredentialsException() {
        super(SdkClientException.builder()
                .message("There are no AWS credentials.")
                .writableStackTrace(false));
    }
}
