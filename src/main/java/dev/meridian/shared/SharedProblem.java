package dev.meridian.shared;

/// Failures that any endpoint can have.
public final class SharedProblem {
    public static final ProblemCode INVALID_REQUEST =
            new ProblemCode("INVALID_REQUEST", 400, "The request is not valid");
    public static final ProblemCode UNAUTHENTICATED =
            new ProblemCode("UNAUTHENTICATED", 401, "A valid bearer token is required");
    public static final ProblemCode INVALID_TOKEN =
            new ProblemCode("INVALID_TOKEN", 401, "The bearer token is not valid");
    public static final ProblemCode FORBIDDEN = new ProblemCode("FORBIDDEN", 403, "This call is not allowed here");
    public static final ProblemCode NOT_FOUND = new ProblemCode("NOT_FOUND", 404, "There is nothing here");
    public static final ProblemCode METHOD_NOT_ALLOWED =
            new ProblemCode("METHOD_NOT_ALLOWED", 405, "The method is not allowed for this path");
    public static final ProblemCode NOT_ACCEPTABLE =
            new ProblemCode("NOT_ACCEPTABLE", 406, "No representation fits the Accept header");
    public static final ProblemCode REQUEST_TIMEOUT =
            new ProblemCode("REQUEST_TIMEOUT", 408, "The request took too long to arrive");
    public static final ProblemCode PRECONDITION_FAILED =
            new ProblemCode("PRECONDITION_FAILED", 412, "The state is not the one that the request expects");
    public static final ProblemCode CONTENT_TOO_LARGE =
            new ProblemCode("CONTENT_TOO_LARGE", 413, "The request body is too large");
    public static final ProblemCode URI_TOO_LONG =
            new ProblemCode("URI_TOO_LONG", 414, "The request target is too long");
    public static final ProblemCode UNSUPPORTED_MEDIA_TYPE =
            new ProblemCode("UNSUPPORTED_MEDIA_TYPE", 415, "The content type is not supported");
    public static final ProblemCode HEADERS_TOO_LARGE =
            new ProblemCode("HEADERS_TOO_LARGE", 431, "The request headers are too large");
    public static final ProblemCode IDEMPOTENCY_KEY_REUSED =
            new ProblemCode("IDEMPOTENCY_KEY_REUSED", 422, "The idempotency key was used with another request");
    public static final ProblemCode CLIENT_ERROR = new ProblemCode("CLIENT_ERROR", 400, "The request cannot be served");
    public static final ProblemCode INTERNAL_ERROR = new ProblemCode("INTERNAL_ERROR", 500, "An unexpected fault");
    public static final ProblemCode NOT_IMPLEMENTED =
            new ProblemCode("NOT_IMPLEMENTED", 501, "The method is not known here");
    public static final ProblemCode STORE_UNAVAILABLE =
            new ProblemCode("STORE_UNAVAILABLE", 503, "A store does not answer");
    public static final ProblemCode NEWER_FORMAT = new ProblemCode("NEWER_FORMAT", 503, "A newer version stored this");
    public static final ProblemCode OVERLOADED =
            new ProblemCode("OVERLOADED", 503, "Too much is under way here; try again");
    public static final ProblemCode PAGES_NOT_CONFIGURED =
            new ProblemCode("PAGES_NOT_CONFIGURED", 503, "The pages lack a setting");

    public static final ProblemCode SIGN_IN_UNAVAILABLE =
            new ProblemCode("SIGN_IN_UNAVAILABLE", 503, "Nobody can sign in right now");
    public static final ProblemCode SIGN_IN_NOT_FINISHED =
            new ProblemCode("SIGN_IN_NOT_FINISHED", 400, "The sign-in was not finished");
    public static final ProblemCode GUESTS_NOT_CONFIGURED =
            new ProblemCode("GUESTS_NOT_CONFIGURED", 503, "Orders of guests lack a setting");

    private SharedProblem() {}
}
