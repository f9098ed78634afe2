package dev.meridian.dynamo;

import dev.meridian.aws.NoCredentialsException;
import dev.meridian.dynamoclient.NotSentException;
import dev.meridian.shared.ProblemException;
import io.smallrye.mutiny.TimeoutException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;

/// What a failed call means: whether something may be written, whether it is repeated, whether the Region is at
/// fault, and what the caller gets. The one table of all exceptions of DynamoDB's model and of the codes that have
/// no class (DynamoDB Developer Guide, "Error handling"; IAM, "Common errors").
enum DynamoError {
    /// A condition is false. Nothing is written. Passed on: it is an answer.
    CONDITION("condition-failed", Repeat.NEVER, Sign.LIFE, null),
    /// Another write of the same item is under way, in a transaction or in another Region. Nothing is written.
    CONFLICT("conflict", Repeat.ALWAYS, Sign.LIFE, "Too many requests change the same item at once."),
    /// DynamoDB works, but takes no more of these calls now. Nothing is written.
    THROTTLED("throttled", Repeat.ALWAYS, Sign.LIFE, "DynamoDB takes no more requests now."),
    /// DynamoDB refuses the credentials or the access, or has no access to the key of a table. Nothing is
    /// written, and a second try changes nothing.
    ///
    /// The Region is at fault: with a broken role or key it cannot serve, though another Region's replica may.
    /// Credentials that are refused everywhere do no harm, since calls move only after the fallback has answered.
    REFUSED("refused", Repeat.NEVER, Sign.FAILURE, "DynamoDB refuses this service: "),
    /// DynamoDB refuses the time of the request: a clock is wrong. Nothing is written. The client takes over the
    /// time of the answer, so the next try may pass.
    SKEWED("refused", Repeat.ALWAYS, Sign.LIFE, "DynamoDB refuses this service: "),
    /// This service has no credentials yet. Nothing is sent; why is logged where they are asked for.
    NO_CREDENTIALS("refused", Repeat.NEVER, Sign.NONE, "There are no AWS credentials."),
    /// A table or an index is missing. Nothing is written.
    MISSING("failed", Repeat.NEVER, Sign.LIFE, "A DynamoDB table is missing here."),
    /// A server error, or no answer. Whether something is written is unknown.
    FAILED("failed", Repeat.IDEMPOTENT, Sign.FAILURE, "DynamoDB does not answer."),
    /// No answer in time. Whether something is written is unknown.
    LATE("failed", Repeat.IDEMPOTENT, Sign.FAILURE, "DynamoDB does not answer in time."),
    /// No connection, or none that took the request. Nothing is sent.
    UNREACHABLE("failed", Repeat.ALWAYS, Sign.FAILURE, "DynamoDB does not answer."),
    /// This process has too many calls under way. Nothing is sent.
    BUSY("busy", Repeat.ALWAYS, Sign.NONE, "Too many calls wait for DynamoDB."),
    /// DynamoDB calls the request wrong, which is an error in the program. Nothing is written. Passed on.
    OURS("failed", Repeat.NEVER, Sign.LIFE, null),
    /// An exception of the program itself. Passed on.
    BUG("failed", Repeat.NEVER, Sign.NONE, null);

    /// Which calls are repeated after an error.
    private enum Repeat {
        NEVER,
        /// Something may be written: only calls that may run twice.
        IDEMPOTENT,
        /// Nothing is written: every call.
        ALWAYS
    }

    /// What an error says about the replica that was called.
    enum Sign {
        /// It answers, if only with a refusal.
        LIFE,
        /// Another Region's replica may do better.
        FAILURE,
        /// Nothing: it was not asked.
        NONE
    }

    private static final int BAD_REQUEST = 400;
    private static final int FORBIDDEN = 403;
    private static final int REQUEST_TIMEOUT = 408;
    private static final int SERVER_ERROR = 500;
    /// With newer credentials the same call may pass.
    private static final Set<String> OF_CREDENTIALS = Set.of(
            "ExpiredToken",
            "UnrecognizedClient",
            "InvalidClientTokenId",
            "InvalidAccessKeyId",
            "InvalidSignature",
            "SignatureDoesNotMatch");

    private static final String SUFFIX = "Exception";

    /// By the name of the class or the code, without `Exception` at the end, or the reason of a cancelled
    /// transaction.
    static final Map<String, DynamoError> TABLE = table();

    private final String outcome;
    private final Repeat repeat;
    private final Sign sign;
    private final String detail;

    /// @param outcome of the metric `meridian.store.calls`
    /// @param detail of the 503 problem; null when the failure is passed on
    DynamoError(String outcome, Repeat repeat, Sign sign, String detail) {
        this.outcome = outcome;
        this.repeat = repeat;
        this.sign = sign;
        this.detail = detail;
    }

    private static Map<String, DynamoError> table() {
        var table = new HashMap<String, DynamoError>();
        CONDITION.add(table, "ConditionalCheckFailed");
        // Unless its reasons say more.
        CONFLICT.add(table, "TransactionCanceled", "TransactionConflict", "ReplicatedWriteConflict");
        THROTTLED.add(table, "ProvisionedThroughputExceeded", "RequestLimitExceeded", "Throttling", "ThrottlingError");
        THROTTLED.add(table, "TooManyRequests", "LimitExceeded", "KMSThrottling");
        REFUSED.add(table, "AccessDenied", "NotAuthorized", "AuthFailure", "OptInRequired", "ExpiredToken");
        REFUSED.add(table, "UnrecognizedClient", "InvalidClientTokenId", "InvalidAccessKeyId", "InvalidSignature");
        REFUSED.add(table, "SignatureDoesNotMatch", "IncompleteSignature", "MissingAuthenticationToken");
        SKEWED.add(table, "RequestExpired", "RequestTimeTooSkewed", "RequestInTheFuture");
        REFUSED.add(table, "KMSAccessDenied", "KMSDisabled", "KMSInvalidState", "KMSNotFound");
        REFUSED.add(table, "KMSOptInRequired");
        MISSING.add(table, "ResourceNotFound", "TableNotFound", "IndexNotFound");
        FAILED.add(table, "InternalServerError", "InternalFailure", "KMSInternal", "ServiceUnavailable");
        FAILED.add(table, "RequestTimeout", "RequestAborted", "TransactionInProgress");
        OURS.add(table, "Validation", "ValidationError", "Serialization", "UnknownOperation", "DuplicateItem");
        OURS.add(table, "ItemCollectionSizeLimitExceeded", "IdempotentParameterMismatch");
        // Only commands on tables, backups and streams give these. The service sends none.
        OURS.add(table, "BackupInUse", "BackupNotFound", "ContinuousBackupsUnavailable", "ExportConflict");
        OURS.add(table, "ExportNotFound", "GlobalTableAlreadyExists", "GlobalTableNotFound", "ImportConflict");
        OURS.add(table, "ImportNotFound", "InvalidExportTime", "InvalidRestoreTime", "PolicyNotFound");
        OURS.add(table, "PointInTimeRecoveryUnavailable", "ReplicaAlreadyExists", "ReplicaNotFound");
        OURS.add(table, "ResourceInUse", "TableAlreadyExists", "TableInUse", "ExpiredIterator", "TrimmedDataAccess");
        return Map.copyOf(table);
    }

    private void add(Map<String, DynamoError> table, String... names) {
        for (var name : names) table.put(name, this);
    }

    static DynamoError of(Throwable failure) {
        return switch (failure) {
            case TransactionCanceledException e when e.hasCancellationReasons() -> of(e.cancellationReasons());
            case DynamoDbException e -> of(e);
            case TimeoutException _ -> LATE;
            case NoCredentialsException _ -> NO_CREDENTIALS;
            // Closed connections, one after the other: as good as none.
            case NotSentException e -> e.reason() == NotSentException.Reason.BUSY ? BUSY : UNREACHABLE;
            case SdkClientException _ -> FAILED;
            default -> BUG;
        };
    }

    /// Whether DynamoDB refuses the credentials themselves, and neither what they may do nor the time.
    static boolean areCredentialsRejected(Throwable failure) {
        return failure instanceof DynamoDbException e
                && OF_CREDENTIALS.contains(name(code(e)))
                && of(failure) != SKEWED;
    }

    private static DynamoError of(DynamoDbException e) {
        // It looks at the time of the answer: a wrong signature may mean a wrong clock.
        if (e.isClockSkewException()) return SKEWED;
        var known = TABLE.get(name(code(e)));
        if (known != null) return known;
        if (e.isThrottlingException()) return THROTTLED;
        if (e.statusCode() == FORBIDDEN || code(e).startsWith("KMS")) return REFUSED;
        return e.statusCode() >= SERVER_ERROR || !isOfDynamo(e) ? FAILED : OURS;
    }

    /// Whether DynamoDB says what is wrong. Else a proxy answered, and nobody knows what became of the request.
    private static boolean isOfDynamo(DynamoDbException e) {
        var details = e.awsErrorDetails();
        return e.statusCode() >= BAD_REQUEST
                && e.statusCode() != REQUEST_TIMEOUT
                && details != null
                && details.errorCode() != null;
    }

    /// A cancelled transaction is repeated only if no part of it has another reason than a conflict or throttling.
    private static DynamoError of(List<CancellationReason> reasons) {
        var errors = reasons.stream()
                .map(CancellationReason::code)
                .filter(code -> code != null && !code.equals("None"))
                .map(code -> TABLE.getOrDefault(code, OURS))
                .toList();
        for (var error : List.of(CONDITION, OURS, MISSING, REFUSED, FAILED, THROTTLED)) {
            if (errors.contains(error)) return error;
        }
        return CONFLICT;
    }

    /// DynamoDB's name of an error: `ExpiredTokenException`.
    private static String code(DynamoDbException e) {
        var details = e.awsErrorDetails();
        var code = details == null ? null : details.errorCode();
        return code == null ? e.getClass().getSimpleName() : code;
    }

    private static String name(String code) {
        return code.endsWith(SUFFIX) ? code.substring(0, code.length() - SUFFIX.length()) : code;
    }

    /// For the metric `meridian.store.calls`.
    String outcome() {
        return outcome;
    }

    /// Whether a call that failed so is repeated.
    ///
    /// @param isIdempotent whether the call may run twice
    boolean isRepeated(boolean isIdempotent) {
        return repeat == Repeat.ALWAYS || isIdempotent && repeat == Repeat.IDEMPOTENT;
    }

    /// Of the replica that was called. A Region that answers or throttles works.
    Sign sign() {
        return sign;
    }

    /// What the caller gets: the failure itself, or a 503 problem with `Retry-After`.
    Throwable toProblem(Throwable failure) {
        if (detail == null) return failure;
        // The log has one line a minute for each detail, so for each code.
        var isNamed = this == REFUSED || this == SKEWED;
        var text = isNamed && failure instanceof DynamoDbException e ? detail + code(e) + "." : detail;
        return ProblemException.unavailable(text, failure);
    }
}
