package dev.meridian.shared;

/// Failures that any endpoint can have.
public enum SharedProblem implements ProblemCode {
    INVALID_REQUEST(400, "The request is not valid"),
    UNAUTHENTICATED(401, "A valid bearer token is required"),
    FORBIDDEN(403, "This call is not allowed here"),
    NOT_FOUND(404, "There is nothing here"),
    METHOD_NOT_ALLOWED(405, "The method is not allowed for this path"),
    NOT_ACCEPTABLE(406, "No representation fits the Accept header"),
    REQUEST_TIMEOUT(408, "The request took too long to arrive"),
    CONTENT_TOO_LARGE(413, "The request body is too large"),
    URI_TOO_LONG(414, "The request target is too long"),
    UNSUPPORTED_MEDIA_TYPE(415, "The content type is not supported"),
    HEADERS_TOO_LARGE(431, "The request headers are too large"),
    IDEMPOTENCY_KEY_REUSED(422, "The idempotency key was used with another request"),
    CLIENT_ERROR(400, "The request cannot be served"),
    INTERNAL_ERROR(500, "An unexpected fault"),
    NOT_IMPLEMENTED(501, "The method is not known here"),
    STORE_UNAVAILABLE(503, "A store does not answer"),
    PAGES_NOT_CONFIGURED(503, "The pages lack a setting");

    private final int status;
    private final String title;

    SharedProblem(int status, String title) {
        this.status = status;
        this.title = title;
    }

    @Override
    public int status() {
        return status;
    }

    @Override
    public String title() {
        return title;
    }
}
