package dev.meridian.shared;

import io.quarkus.vertx.http.runtime.RouteConstants;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
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
    private final BodyHandler reader;

    BodyLimit(HttpConfig config, ProblemRoutes problems) {
        this.problems = problems;
        this.bodyMax = config.bodySizeMax().asLongValue();
        this.csvMax = config.csvSizeMax().asLongValue();
        this.reader = BodyHandler.create(false).setBodyLimit(bodyMax);
    }

    void onRouter(@Observes Router router) {
        // Before Quarkus looks at the announced length, which it answers without a problem.
        router.route()
                .order(RouteConstants.ROUTE_ORDER_UPLOAD_LIMIT - 1)
                .handler(this::checkLength)
                .failureHandler(this::answerTooLarge);
        router.route().order(RouteConstants.ROUTE_ORDER_UPLOAD_LIMIT + 1).handler(this::readUnannounced);
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

    /// A body that does not announce its length is read here, up to the bound; imports read and count theirs.
    private void readUnannounced(RoutingContext context) {
        var request = context.request();
        boolean unannounced = request.getHeader(HttpHeaders.CONTENT_LENGTH) == null
                && (request.version() == HttpVersion.HTTP_2
                        || request.getHeader(HttpHeaders.TRANSFER_ENCODING) != null);
        if (unannounced && !isCsv(context)) {
            reader.handle(context);
        } else {
            context.next();
        }
    }

    private void answerTooLarge(RoutingContext context) {
        if (context.statusCode() == TOO_LARGE) {
            problems.answer(context, TOO_LARGE);
        } else {
            context.next();
        }
    }

    private long max(RoutingContext context) {
        return isCsv(context) ? csvMax : bodyMax;
    }

    private static boolean isCsv(RoutingContext context) {
        var type = context.request().getHeader(HttpHeaders.CONTENT_TYPE);
        return type != null && type.regionMatches(true, 0, CSV, 0, CSV.length());
    }

    private static long length(String header) {
        try {
            return Long.parseLong(header.strip());
        } catch (NumberFormatException _) {
            return Long.MAX_VALUE;
        }
    }
}
