package dev.meridian.http;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.InvalidDefinitionException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import dev.meridian.shared.Problem;
import dev.meridian.shared.ProblemCode;
import dev.meridian.shared.ProblemException;
import dev.meridian.shared.SharedProblem;
import io.quarkus.logging.Log;
import io.vertx.core.VertxException;
import jakarta.validation.ConstraintViolation;
import jakarta.validation.ConstraintViolationException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.io.CharConversionException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/// Maps failures of REST endpoints to problems, and nothing else does. A failure is logged here, once: a
/// fault of ours as ERROR with its stack, a 503 as a warning ([Warnings]), all else as DEBUG.
class ProblemMapper {
    private static final int METHOD_NOT_ALLOWED = 405;
    private static final int SERVICE_UNAVAILABLE = 503;

    private static final String OURS = "dev.meridian.";
    /// It stands between the framework and its own readers.
    private static final String READER = BodyLimit.class.getName();

    private static final String ROUTER = "io.vertx.ext.web.impl.Route";
    private static final String HANDLERS = "org.jboss.resteasy.reactive.server.handlers.";

    /// Those that call our code or write its answer.
    private static final Pattern AFTER_READING =
            Pattern.compile("Invocation|Response|ResourceResponse|Uni|Publisher|CompletionStage|Sse");

    private final Warnings warnings;

    ProblemMapper(Warnings warnings) {
        this.warnings = warnings;
    }

    @ServerExceptionMapper
    Response problem(ProblemException e) {
        if (e.code().status() == SERVICE_UNAVAILABLE) {
            warnings.add(e);
        } else if (e.code().status() >= 500) {
            Log.errorf(e.getCause(), "%s: %s", e.code().name(), e.getMessage());
        } else {
            Log.debugf("%s: %s", e.code().name(), e.getMessage());
        }
        var response = response(Problem.of(e));
        e.retryAfter().ifPresent(wait -> response.header(HttpHeaders.RETRY_AFTER, Math.max(1, wait.toSeconds())));
        if (e.code() == SharedProblem.UNAUTHENTICATED) response.header(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
        // RFC 6750, section 3.
        if (e.code() == SharedProblem.INVALID_TOKEN) {
            response.header(HttpHeaders.WWW_AUTHENTICATE, "Bearer error=\"invalid_token\"");
        }
        return response.build();
    }

    @ServerExceptionMapper
    Response invalid(ConstraintViolationException e) {
        var errors = e.getConstraintViolations().stream()
                .map(v -> new ProblemException.FieldError(field(v), v.getMessage()))
                .sorted((a, b) -> a.field().compareTo(b.field()))
                .toList();
        return problem(ProblemException.invalid(errors));
    }

    /// The path of the field as the client wrote it: without the method and its parameter, unless the parameter is
    /// all.
    private static String field(ConstraintViolation<?> violation) {
        var names = StreamSupport.stream(violation.getPropertyPath().spliterator(), false)
                .map(Object::toString)
                .toList();
        var rest = names.stream().skip(2).collect(Collectors.joining("."));
        if (rest.isEmpty()) return names.getLast().equals("request") ? "body" : names.getLast();
        return rest.replaceAll("\\.?<[a-z ]+>", "");
    }

    /// MismatchedInputException is named too: Quarkus has a mapper for it that answers without a body.
    @ServerExceptionMapper({JacksonException.class, MismatchedInputException.class})
    Response malformed(JacksonException e) {
        if (e.getCause() instanceof ProblemException problem) return problem(problem);
        if (isWriting(e)) return unexpected(e);
        var where = e instanceof JsonMappingException mapping ? path(mapping) : "";
        var location = e.getLocation();
        if (e.getMessage() != null && e.getMessage().startsWith("Duplicate field")) {
            return problem(new ProblemException(
                    SharedProblem.INVALID_REQUEST,
                    "A name comes twice in an object (line " + location.getLineNr() + ", column "
                            + location.getColumnNr() + ")."));
        }
        var position = location == null || location.getLineNr() < 1
                ? ""
                : " (line " + location.getLineNr() + ", column " + location.getColumnNr() + ")";
        return where.isEmpty()
                ? problem(new ProblemException(
                        SharedProblem.INVALID_REQUEST, "The body is not valid JSON" + position + "."))
                : problem(ProblemException.invalid(where, "has the wrong type or form" + position));
    }

    /// Jackson tells a body's encoding by its first bytes, and says what does not keep to it with an exception that is
    /// none of its own.
    @ServerExceptionMapper({CharConversionException.class, CharacterCodingException.class})
    Response misencoded(IOException e) {
        Log.debugf("a body in no encoding of JSON: %s", e.getMessage());
        return problem(new ProblemException(SharedProblem.INVALID_REQUEST, "The body is not text in UTF-8."));
    }

    /// Whether JSON could not be written, which is an error in the program. A failure to read has a position,
    /// except for numbers with an exponent out of range.
    private static boolean isWriting(JacksonException e) {
        return e.getProcessor() instanceof JsonGenerator
                || e instanceof JsonMappingException
                        && e.getLocation() == null
                        && !(e.getProcessor() instanceof JsonParser)
                        && !(e.getCause() instanceof JacksonException)
                        && !(e.getCause() instanceof NumberFormatException);
    }

    private static String path(JsonMappingException e) {
        var path = new StringBuilder();
        for (var reference : e.getPath()) {
            if (reference.getFieldName() == null) {
                path.append('[').append(reference.getIndex()).append(']');
            } else {
                path.append(path.isEmpty() ? "" : ".").append(reference.getFieldName());
            }
        }
        return path.toString();
    }

    @ServerExceptionMapper
    Response web(WebApplicationException e) {
        for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
            switch (cause) {
                case ProblemException problem -> {
                    return problem(problem);
                }
                case JacksonException json -> {
                    return malformed(json);
                }
                case CharConversionException text -> {
                    return misencoded(text);
                }
                case CharacterCodingException text -> {
                    return misencoded(text);
                }
                default -> {}
            }
        }
        int status = e.getResponse().getStatus();
        if (status < 400) return e.getResponse();
        // JAX-RS throws this with a cause when a query parameter cannot be converted.
        if (status == 404 && e.getCause() != null) {
            return problem(
                    new ProblemException(SharedProblem.INVALID_REQUEST, "A parameter has the wrong type or form."));
        }
        var code = ofStatus(status);
        if (status >= 500) {
            Log.errorf(e, "%s", code.name());
        } else {
            Log.debugf("%s", code.name());
        }
        var response = response(Problem.of(code, status, code.title() + ".", List.of()));
        // RFC 9110, section 15.5.6: a 405 has an Allow header.
        if (status == METHOD_NOT_ALLOWED) response.header(HttpHeaders.ALLOW, String.join(", ", Routes.allowedHere()));
        return response.build();
    }

    /// Named, since Quarkus has a mapper for it that answers without a body. A class of ours that Jackson
    /// cannot read is a fault of ours.
    @ServerExceptionMapper
    Response undefined(InvalidDefinitionException e) {
        return unexpected(e);
    }

    @ServerExceptionMapper
    Response unexpected(Throwable e) {
        if (!isClosedConnection(e) && isOfReading(e)) {
            Log.debugf(e, "a request that the framework cannot read");
            return problem(new ProblemException(SharedProblem.INVALID_REQUEST, "The request cannot be read."));
        }
        if (isClosedConnection(e)) {
            Log.debugf("the connection was closed");
        } else {
            Log.errorf(e, "unexpected fault");
        }
        var code = SharedProblem.INTERNAL_ERROR;
        var problem = Problem.of(code, code.status(), "The fault is in the log under the trace id.", List.of());
        return response(problem).build();
    }

    /// Whether the framework failed while it read the request, before any code of ours ran for it: what it
    /// throws then, of whatever class, is about what the client sent.
    static boolean isOfReading(Throwable e) {
        if (!(e instanceof RuntimeException)) return false;
        for (var frame : e.getStackTrace()) {
            if (frame.getClassName().startsWith(READER)) continue;
            if (frame.getClassName().startsWith(OURS)) return false;
            if (frame.getClassName().startsWith(ROUTER)) return true;
            if (frame.getClassName().startsWith(HANDLERS)) {
                var handler = frame.getClassName().substring(HANDLERS.length());
                return !AFTER_READING.matcher(handler).lookingAt();
            }
        }
        return false;
    }

    /// The client closed the connection, or [HttpLimits] did: no fault of ours.
    private static boolean isClosedConnection(Throwable e) {
        for (var cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof VertxException && "Connection was closed".equals(cause.getMessage())) return true;
        }
        return false;
    }

    /// The generic problem for a status that the HTTP layer chose.
    static ProblemCode ofStatus(int status) {
        return switch (status) {
            case 400 -> SharedProblem.INVALID_REQUEST;
            case 401 -> SharedProblem.UNAUTHENTICATED;
            case 403 -> SharedProblem.FORBIDDEN;
            case 404 -> SharedProblem.NOT_FOUND;
            case 405 -> SharedProblem.METHOD_NOT_ALLOWED;
            case 406 -> SharedProblem.NOT_ACCEPTABLE;
            case 408 -> SharedProblem.REQUEST_TIMEOUT;
            case 413 -> SharedProblem.CONTENT_TOO_LARGE;
            case 414 -> SharedProblem.URI_TOO_LONG;
            case 415 -> SharedProblem.UNSUPPORTED_MEDIA_TYPE;
            case 431 -> SharedProblem.HEADERS_TOO_LARGE;
            case 501 -> SharedProblem.NOT_IMPLEMENTED;
            case 503 -> SharedProblem.STORE_UNAVAILABLE;
            default -> status < 500 ? SharedProblem.CLIENT_ERROR : SharedProblem.INTERNAL_ERROR;
        };
    }

    private static Response.ResponseBuilder response(Problem problem) {
        return Response.status(problem.status()).type(Problem.MEDIA_TYPE).entity(problem);
    }
}
