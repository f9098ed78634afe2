package dev.meridian.shared;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.opentelemetry.api.trace.Span;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/// The body of every error answer, `application/problem+json` (RFC 9457), with `code` and `message` for the
/// catalog's older clients.
///
/// @param type the kind of problem, a URN that never changes
/// @param title the kind of problem, for people
/// @param status the HTTP status
/// @param detail this occurrence, for people
/// @param traceId the trace of the request, 32 hexadecimal digits; the log has it too
/// @param errors the fields at fault; absent when there are none
/// @param code the HTTP status again
/// @param message the detail again
/// @param more members that only this kind of problem has, by name
// No endpoint returns this type, so Quarkus does not register it for JSON in a native image.
@RegisterForReflection(targets = {Problem.class, ProblemException.FieldError.class})
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@Schema(name = "Problem", description = "An error (RFC 9457).")
public record Problem(
        @Schema(examples = "urn:meridian:problem:not-found") String type,
        @Schema(examples = "There is nothing here") String title,
        @Schema(examples = "404") int status,
        @Schema(examples = "No product p-17.") String detail,

        @Schema(examples = "6a8f1d0c2b7e4f53a1c09d8e7f6b5a43")
        String traceId,

        List<ProblemException.FieldError> errors,
        @Schema(examples = "404") int code,
        @Schema(examples = "No product p-17.") String message,
        @JsonAnyGetter @Schema(hidden = true) Map<String, Object> more) {

    /// The media type of problems.
    public static final String MEDIA_TYPE = "application/problem+json";

    /// A problem of the request whose span is current.
    ///
    /// @param status the HTTP status, where it is not the one of the code
    public static Problem of(ProblemCode code, int status, String detail, List<ProblemException.FieldError> errors) {
        return of(code, status, detail, errors, Map.of());
    }

    /// The problem of a failure, in the request whose span is current.
    public static Problem of(ProblemException e) {
        return of(e.code(), e.code().status(), e.getMessage(), e.errors(), e.more());
    }

    private static Problem of(
            ProblemCode code,
            int status,
            String detail,
            List<ProblemException.FieldError> errors,
            Map<String, Object> more) {
        var traceId = Span.current().getSpanContext().getTraceId();
        return new Problem(code.type(), code.title(), status, detail, traceId, errors, status, detail, more);
    }
}
