package dev.meridian.shared;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The one exception for expected failures: becomes an RFC 9457 problem, carries no stack trace.
public final class ProblemException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /// One field at fault.
    ///
    /// @param field the path of the field in the request, as the client wrote it (`items[0].quantity`)
    /// @param message what is wrong with it, for people
    public record FieldError(String field, String message) {}

    private final transient ProblemCode code;
    private final transient List<FieldError> errors;
    private final transient Duration retryAfter;
    private final transient Map<String, Object> more;

    /// @param code the kind of failure
    /// @param detail this occurrence, for people; never a class name, SQL or another customer's data
    public ProblemException(ProblemCode code, String detail) {
        this(code, detail, List.of(), null, Map.of(), null);
    }

    /// @param more members of the problem besides those of every problem (RFC 9457, section 3.2), by name
    public ProblemException(ProblemCode code, String detail, Map<String, Object> more) {
        this(code, detail, List.of(), null, Map.copyOf(more), null);
    }

    /// @param retryAfter how long a client should wait before it tries again
    public ProblemException(ProblemCode code, String detail, Duration retryAfter) {
        this(code, detail, List.of(), retryAfter, Map.of(), null);
    }

    private ProblemException(
            ProblemCode code,
            String detail,
            List<FieldError> errors,
            Duration retryAfter,
            Map<String, Object> more,
            Throwable cause) {
        super(detail, cause, false, false);
        this.code = code;
        this.errors = errors;
        this.retryAfter = retryAfter;
        this.more = more;
    }

    /// A 400 that names the fields at fault.
    public static ProblemException invalid(String field, String message) {
        return invalid(List.of(new FieldError(field, message)));
    }

    /// A 400 that names the fields at fault.
    ///
    /// @param errors at least one
    public static ProblemException invalid(List<FieldError> errors) {
        var first = errors.getFirst();
        return new ProblemException(
                SharedProblem.INVALID_REQUEST,
                first.field() + ": " + first.message(),
                List.copyOf(errors),
                null,
                Map.of(),
                null);
    }

    /// A 503 with `Retry-After`.
    ///
    /// @param detail which store does not answer
    /// @param cause for the log only; may be null
    public static ProblemException unavailable(String detail, Throwable cause) {
        return new ProblemException(
                SharedProblem.STORE_UNAVAILABLE, detail, List.of(), Duration.ofSeconds(1), Map.of(), cause);
    }

    public ProblemCode code() {
        return code;
    }

    public List<FieldError> errors() {
        return errors;
    }

    /// Members of the problem besides those of every problem, by name.
    public Map<String, Object> more() {
        return more;
    }

    /// How long a client should wait before it tries again; sent as `Retry-After` in whole seconds.
    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }

    /// Whether a failure is a [ProblemException] that [#isUnavailable()].
    public static boolean isUnavailable(Throwable failure) {
        return failure instanceof ProblemException problem && problem.isUnavailable();
    }

    /// Whether a store did not answer, so that the outcome of a write is unknown.
    public boolean isUnavailable() {
        return code == SharedProblem.STORE_UNAVAILABLE;
    }
}
