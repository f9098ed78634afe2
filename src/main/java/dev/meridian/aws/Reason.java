package dev.meridian.aws;

import io.smallrye.mutiny.TimeoutException;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkServiceException;

/// Why a source has no credentials, for the log.
final class Reason {
    private Reason() {}

    /// The code of an answer, which is what operators look up, else the first cause.
    static String of(Throwable failure) {
        if (failure instanceof TimeoutException) return "their source does not answer";
        var first = failure;
        for (var cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof AwsServiceException e && e.awsErrorDetails() != null) {
                var details = e.awsErrorDetails();
                return "%s, status %d: %s".formatted(details.errorCode(), e.statusCode(), details.errorMessage());
            }
            if (cause instanceof SdkServiceException e) {
                return "their source answers %d: %s".formatted(e.statusCode(), e.getMessage());
            }
            first = cause;
        }
        return first.toString();
    }
}
