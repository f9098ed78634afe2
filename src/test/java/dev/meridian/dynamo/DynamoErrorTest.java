package dev.meridian.dynamo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.meridian.dynamoclient.NotSent;
import dev.meridian.dynamoclient.NotSentException;
import dev.meridian.shared.ProblemException;
import io.smallrye.mutiny.TimeoutException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.ReplicatedWriteConflictException;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;

class DynamoErrorTest {
    /// The exceptions of the SDK's release that we use: a new one fails here until it is in the table.
    @Test
    void everyExceptionOfTheModelIsListed() {
        var exceptions = new ClassFileImporter()
                .importPackages(DynamoDbException.class.getPackageName()).stream()
                        .filter(type -> type.isAssignableTo(DynamoDbException.class))
                        .map(JavaClass::getSimpleName)
                        .filter(name -> name.endsWith("Exception") && !name.equals("DynamoDbException"))
                        .toList();
        assertTrue(exceptions.size() >= 36, exceptions.toString());
        assertEquals(
                List.of(),
                exceptions.stream()
                        .filter(name -> !DynamoError.TABLE.containsKey(name.replaceFirst("Exception$", "")))
                        .toList());
    }

    private static DynamoDbException coded(int status, String code) {
        return (DynamoDbException) DynamoDbException.builder()
                .statusCode(status)
                .message("as it is")
                .awsErrorDetails(AwsErrorDetails.builder().errorCode(code).build())
                .build();
    }

    /// Codes that the model has no class for, and codes that are in no list.
    @ParameterizedTest
    @CsvSource({
        "400, ThrottlingException, THROTTLED",
        "400, RequestLimitExceeded, THROTTLED",
        "429, NeverHeardOf, THROTTLED",
        "400, SlowDown, THROTTLED",
        "400, KMSThrottlingException, THROTTLED",
        "400, ReplicatedWriteConflictException, CONFLICT",
        "400, ExpiredTokenException, REFUSED",
        "400, UnrecognizedClientException, REFUSED",
        "400, InvalidSignatureException, REFUSED",
        "400, MissingAuthenticationToken, REFUSED",
        "400, MissingAuthenticationTokenException, REFUSED",
        "400, IncompleteSignature, REFUSED",
        "400, AccessDeniedException, REFUSED",
        "400, KMSAccessDeniedException, REFUSED",
        "400, KMSInvalidKeyUsageException, REFUSED",
        "403, NeverHeardOf, REFUSED",
        "500, InternalServerError, FAILED",
        "503, ServiceUnavailable, FAILED",
        "503, NeverHeardOf, FAILED",
        "502, , FAILED",
        "201, , FAILED",
        "302, , FAILED",
        "400, , FAILED",
        "404, , FAILED",
        "408, , FAILED",
        "413, , FAILED",
        "408, NeverHeardOf, FAILED",
        "403, , REFUSED",
        "429, , THROTTLED",
        "400, RequestExpired, SKEWED",
        "400, RequestTimeTooSkewed, SKEWED",
        "400, TableNotFoundException, MISSING",
        "400, ValidationException, OURS",
        "400, SerializationException, OURS",
        "400, NeverHeardOf, OURS"
    })
    void codesWithoutAClassAreClassified(int status, String code, DynamoError expected) {
        assertEquals(expected, DynamoError.of(coded(status, code)));
    }

    /// A signature is wrong by the key, or by the clock, which the time of the answer tells.
    @ParameterizedTest
    @CsvSource({"0, 0, REFUSED", "600, 0, SKEWED", "-600, 0, SKEWED", "600, 600, REFUSED", "0, 600, SKEWED"})
    void aSignatureThatIsWrongByTheClockIsNoFaultOfTheCredentials(long answered, long assumed, DynamoError expected) {
        var date = DateTimeFormatter.RFC_1123_DATE_TIME.format(
                Instant.now().plusSeconds(answered).atOffset(ZoneOffset.UTC));
        var failure = DynamoDbException.builder()
                .statusCode(400)
                .clockSkew(Duration.ofSeconds(-assumed))
                .awsErrorDetails(AwsErrorDetails.builder()
                        .errorCode("InvalidSignatureException")
                        .sdkHttpResponse(SdkHttpResponse.builder()
                                .statusCode(400)
                                .putHeader("Date", date)
                                .build())
                        .build())
                .build();
        assertEquals(expected, DynamoError.of(failure));
        assertEquals(expected == DynamoError.REFUSED, DynamoError.areCredentialsRejected(failure));
    }

    @ParameterizedTest
    @CsvSource({
        "None|TransactionConflict, CONFLICT",
        "TransactionConflict|ThrottlingError, THROTTLED",
        "ProvisionedThroughputExceeded|None, THROTTLED",
        "ConditionalCheckFailed|TransactionConflict, CONDITION",
        "None|ConditionalCheckFailed, CONDITION",
        "ValidationError|TransactionConflict, OURS",
        "AccessDenied|None, REFUSED",
        "NeverHeardOf|None, OURS"
    })
    void aCancelledTransactionIsWhatItsReasonsAre(String reasons, DynamoError expected) {
        var failure = TransactionCanceledException.builder()
                .cancellationReasons(Stream.of(reasons.split("\\|"))
                        .map(code -> CancellationReason.builder().code(code).build())
                        .toList())
                .build();
        assertEquals(expected, DynamoError.of(failure));
    }

    @Test
    void aCancelledTransactionWithoutReasonsIsAConflict() {
        assertEquals(
                DynamoError.CONFLICT,
                DynamoError.of(TransactionCanceledException.builder().build()));
    }

    @Test
    void whatIsCertainlyNotWrittenMayBeRepeatedByEveryCall() {
        for (var error : DynamoError.values()) {
            boolean isUnsent = error == DynamoError.BUSY || error == DynamoError.UNREACHABLE;
            boolean isPassing = error == DynamoError.CONFLICT
                    || error == DynamoError.THROTTLED
                    || isUnsent
                    || error == DynamoError.SKEWED;
            boolean isUnknown = error == DynamoError.FAILED || error == DynamoError.LATE;
            assertEquals(isPassing, error.isRepeated(false), error.name());
            assertEquals(isPassing || isUnknown, error.isRepeated(true), error.name());
            assertEquals(sign(error), error.sign(), error.name());
        }
    }

    /// What says nothing of the store is neither its life nor its failure.
    private static DynamoError.Sign sign(DynamoError error) {
        return switch (error) {
            case CONDITION, CONFLICT, THROTTLED, SKEWED, MISSING, OURS -> DynamoError.Sign.LIFE;
            case REFUSED, FAILED, LATE, UNREACHABLE -> DynamoError.Sign.FAILURE;
            case NO_CREDENTIALS, BUSY, BUG -> DynamoError.Sign.NONE;
        };
    }

    @Test
    void aFailureIsPassedOnOrBecomesA503ThatTellsWhenToRetry() {
        var condition = ConditionalCheckFailedException.builder().build();
        assertSame(condition, DynamoError.of(condition).toProblem(condition));
        var bug = new IllegalStateException("a bug");
        assertSame(bug, DynamoError.of(bug).toProblem(bug));
        var invalid = coded(400, "ValidationException");
        assertSame(invalid, DynamoError.of(invalid).toProblem(invalid));
        for (var failure : Stream.of(
                        ReplicatedWriteConflictException.builder().build(),
                        coded(400, "ThrottlingException"),
                        coded(400, "ExpiredTokenException"),
                        coded(500, "InternalServerError"),
                        NotSent.because(NotSentException.Reason.BUSY),
                        NotSent.because(NotSentException.Reason.UNREACHABLE),
                        NotSent.because(NotSentException.Reason.STALE),
                        SdkClientException.create("no connection"),
                        new TimeoutException())
                .toList()) {
            var problem = (ProblemException) DynamoError.of(failure).toProblem(failure);
            assertTrue(problem.isUnavailable());
            assertEquals(Duration.ofSeconds(1), problem.retryAfter().orElseThrow());
            assertSame(failure, problem.getCause());
            assertFalse(problem.getMessage().contains("as it is"), "text of AWS is for the log");
        }
    }

    @Test
    void aRefusalNamesItsCode() {
        var failure = coded(400, "ExpiredTokenException");
        assertEquals(
                "DynamoDB refuses this service: ExpiredTokenException.",
                DynamoError.of(failure).toProblem(failure).getMessage());
    }
}
