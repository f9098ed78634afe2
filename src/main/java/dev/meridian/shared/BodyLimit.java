package dev.meridian.shared;

import io.quarkus.vertx.http.runtime.RouteConstants;
import io.quarkus.vertx.http.runtime.VertxHttpRecorder;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/// Bounds request bodies: `text/csv`, which only imports take, may be larger than all else. Quarkus has one
/// bound for all (`quarkus.http.limits.max-body-size`, set to the larger one), answers without a problem and
/// cuts the connection.
@ApplicationScoped
class BodyLimit {
    private static final String CSV = "text/csv";
    private static final int TOO_LARGE = 413;

    private final ProblemRoutes problems;
    private final long bodyMax;
    private final long csvMax;

    BodyLimit(HttpConfig config, ProblemRoutes problems) {
        this.problems = problems;
        this.bodyMax = config.bodySizeMax().asLongValue();
        this.csvMax = config.csvSizeMax().asLongValue();
    }

    void onRouter(@Observes Router router) {
        // Before Quarkus looks at the announced length, and after it has noted its bound for bodies without one.
        router.route().order(RouteConstants.ROUTE_ORDER_UPLOAD_LIMIT - 1).handler(this::checkLength);
        router.route().order(RouteConstants.ROUTE_ORDER_UPLOAD_LIMIT + 1).handler(this::boundStream);
    }

    private void checkLength(RoutingContext context) {
        var header = context.request().getHeader(HttpHeaders.CONTENT_LENGTH);
        if (header == null) {
            context.next();
            return;
        }
        long length = length(header);
        if (length <= max(context)) {
            context.next();
            return;
        }
        // What comes is dropped as it comes, so that the sender gets to read the answer.
        context.request().resume();
        problems.answer(context, TOO_LARGE);
    }

    private void boundStream(RoutingContext context) {
        context.put(VertxHttpRecorder.MAX_REQUEST_SIZE_KEY, max(context));
        context.next();
    }

    private long max(RoutingContext context) {
        var type = context.request().getHeader(HttpHeaders.CONTENT_TYPE);
        return type != null && type.regionMatches(true, 0, CSV, 0, CSV.length()) ? csvMax : bodyMax;
    }

    private static long length(String header) {
        try {
            return Long.parseLong(header.strip());
        } catch (NumberFormatException _) {
            return Long.MAX_VALUE;
        }
    }
}
