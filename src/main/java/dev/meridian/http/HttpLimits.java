package dev.meridian.http;

import dev.meridian.shared.ProblemCode;
import dev.meridian.shared.SharedProblem;
import io.quarkus.vertx.http.ManagementInterface;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.Vertx;
import io.vertx.core.VertxException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Set;
import java.util.regex.Pattern;

/// Refuses, with a problem, requests that are too large, whose target is not a URI, whose path is
/// [ambiguous][#AMBIGUOUS], that name two hosts, or another version than HTTP/1. The HTTP server's own limits are
/// higher; it answers without a body, also to a request with both `Content-Length` and `Transfer-Encoding`.
@ApplicationScoped
class HttpLimits {
    /// RFC 9110, section 8.3.1, with any parameters.
    private static final Pattern MEDIA_TYPE =
            Pattern.compile("\\s*[\\w!#$%&'*+.^`|~-]+/[\\w!#$%&'*+.^`|~-]+\\s*(;.*)?");

    /// Characters that one component reads as a part of a path segment and another as its end: `;`, plain or
    /// escaped, and escaped slashes. With them a rule on paths could see another path than the endpoint
    /// (CVE-2026-50559).
    private static final Pattern AMBIGUOUS = Pattern.compile(";|%(?:3b|2f|5c)", Pattern.CASE_INSENSITIVE);

    private static final Set<HttpMethod> WITHOUT_BODY =
            Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.DELETE, HttpMethod.OPTIONS);

    private static final String CUT = HttpLimits.class.getName();

    /// How often an import is looked at within the time that it may be silent.
    private static final int CHECKS = 10;

    private final HttpConfig config;
    private final ProblemRoutes problems;
    private final RequestRefusals refusals;
    private final BodyLimit bodies;
    private final Connections connections;
    private final Vertx vertx;

    HttpLimits(
            HttpConfig config,
            ProblemRoutes problems,
            RequestRefusals refusals,
            BodyLimit bodies,
            Connections connections,
            Vertx vertx) {
        this.config = config;
        this.problems = problems;
        this.refusals = refusals;
        this.bodies = bodies;
        this.connections = connections;
        this.vertx = vertx;
    }

    void onFilters(@Observes Filters filters) {
        filters.register(this::begin, FilterOrder.CONNECTIONS);
        filters.register(this::check, FilterOrder.LIMITS);
    }

    /// The management port has its own routes, without these filters.
    void onManagement(@Observes ManagementInterface management) {
        management.router().route().order(Integer.MIN_VALUE + 1).handler(context -> {
            if (!connections.begin(context)) return;
            if (isPlain(context.request().uri()) && hasOneHost(context.request())) context.next();
            else refuse(context, SharedProblem.INVALID_REQUEST);
        });
    }

    /// An endpoint whose request was cut fails, and cannot answer any more. The router itself fails a request that
    /// names no host.
    void onRouter(@Observes Router router) {
        router.route().order(Integer.MIN_VALUE).failureHandler(context -> {
            boolean isWithoutHost = context.failure() instanceof VertxException
                    && !context.request().headers().contains(HttpHeaders.HOST);
            if (isWithoutHost || isOfAnotherVersion(context.request())) refuse(context, SharedProblem.INVALID_REQUEST);
            else if (context.get(CUT) == null) context.next();
        });
    }

    private void begin(RoutingContext context) {
        if (!connections.begin(context)) return;
        if (isOfAnotherVersion(context.request())) refuse(context, SharedProblem.INVALID_REQUEST);
        else context.next();
    }

    /// Whether a request line names no version of HTTP/1: HTTP/2 has no such line.
    private static boolean isOfAnotherVersion(HttpServerRequest request) {
        return request.version() == null || Connections.isOfAnotherVersion(request);
    }

    private void check(RoutingContext context) {
        var request = context.request();
        if (request.uri().length() > config.targetLengthMax()) {
            problems.answer(context, 414);
        } else if (!isPlain(request.uri())) {
            problems.answer(context, 400);
        } else if (!hasOneHost(request)) {
            refuse(context, SharedProblem.INVALID_REQUEST);
        } else if (headersLength(request) > config.headersLengthMax()) {
            problems.answer(context, 431);
        } else if (bodyLength(request) > bodies.max(request.getHeader(HttpHeaders.CONTENT_TYPE))) {
            problems.answer(context, 413);
            refusals.leave(request);
        } else if (hasBrokenType(request) && !ignoresType(request) || hasBody(request) && isEncoded(request)) {
            problems.answer(context, 415);
        } else if (hasBody(request) && !connections.hasRoomFor(bodyLength(request))) {
            refusals.refuse(context, SharedProblem.OVERLOADED, SharedProblem.OVERLOADED.title() + ".");
        } else {
            if (request.headers().contains(HttpHeaders.TRANSFER_ENCODING)) {
                context.addEndHandler(_ -> {
                    if (!request.isEnded()) refusals.leave(request);
                });
            }
            if (hasBody(request)) watch(context);
            context.next();
        }
    }

    /// Cuts a body that is too slow: one that is not complete in time, and an import that sends nothing for a
    /// time.
    private void watch(RoutingContext context) {
        var request = context.request();
        long timer;
        if (bodies.isImport(request.getHeader(HttpHeaders.CONTENT_TYPE))) {
            long silenceMax = config.csvSilenceMax().toMillis();
            var progress = new Progress(request);
            timer = vertx.setPeriodic(Math.max(1, silenceMax / CHECKS), _ -> {
                if (context.response().ended() || progress.silence().toMillis() >= silenceMax) cut(context);
            });
        } else {
            timer = vertx.setTimer(config.bodyTimeMax().toMillis(), _ -> cut(context));
        }
        request.end().onComplete(_ -> vertx.cancelTimer(timer));
    }

    /// When a body last made progress.
    private final class Progress {
        private final HttpServerRequest request;
        private long bytes;
        private long last = System.nanoTime();

        Progress(HttpServerRequest request) {
            this.request = request;
        }

        Duration silence() {
            long now = System.nanoTime();
            if (request.bytesRead() != bytes || connections.isPaused(request)) last = now;
            bytes = request.bytesRead();
            return Duration.ofNanos(now - last);
        }
    }

    private void cut(RoutingContext context) {
        var request = context.request();
        if (request.isEnded()) return;
        context.put(CUT, true);
        refuse(context, SharedProblem.REQUEST_TIMEOUT);
        RequestRefusals.drop(request);
    }

    /// Answers, if there is no answer yet, and serves nothing more on this connection.
    private void refuse(RoutingContext context, ProblemCode code) {
        var request = context.request();
        boolean isAlone = request.version() != HttpVersion.HTTP_2;
        if (isAlone && !context.response().headWritten()) {
            context.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        }
        if (isAlone) connections.end(request);
        problems.answer(context, code, code.title() + ".");
        refusals.leave(request);
        if (isAlone) request.end().onComplete(_ -> request.connection().close());
    }

    /// Whether a target is a URI whose path is not ambiguous; the query may hold anything. Quarkus's own check
    /// for a URI answers without a body, so `Meridian` switches it off.
    static boolean isPlain(String target) {
        if (isSimple(target)) return true;
        try {
            new URI(target);
            int query = target.indexOf('?');
            var matcher = AMBIGUOUS.matcher(target);
            return !(query < 0 ? matcher : matcher.region(0, query)).find();
        } catch (URISyntaxException _) {
            return false;
        }
    }

    /// Whether a target is plain at first sight, as nearly all are: an absolute path and a query of characters
    /// that mean the same everywhere.
    private static boolean isSimple(String target) {
        if (!target.startsWith("/") || target.startsWith("//")) return false;
        boolean isQuery = false;
        for (int i = 1; i < target.length(); i++) {
            char c = target.charAt(i);
            if (c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '-' && c <= '9' || c == '_') continue;
            if (c == '?' && !isQuery) isQuery = true;
            else if (!isQuery || c != '=' && c != '&') return false;
        }
        return true;
    }

    /// Whether the content type is malformed; the REST layer would answer 500.
    private static boolean hasBrokenType(HttpServerRequest request) {
        var type = request.getHeader(HttpHeaders.CONTENT_TYPE);
        return type != null && !MEDIA_TYPE.matcher(type).matches();
    }

    /// Whether a body is compressed: nothing here would read it.
    private static boolean isEncoded(HttpServerRequest request) {
        var encoding = request.getHeader(HttpHeaders.CONTENT_ENCODING);
        return encoding != null && !encoding.isBlank() && !"identity".equalsIgnoreCase(encoding.strip());
    }

    /// Removes a malformed content type from methods without a body, which do not use it.
    private static boolean ignoresType(HttpServerRequest request) {
        if (!WITHOUT_BODY.contains(request.method())) return false;
        request.headers().remove(HttpHeaders.CONTENT_TYPE);
        return true;
    }

    private static int headersLength(HttpServerRequest request) {
        int length = 0;
        for (var header : request.headers()) {
            length += header.getKey().length() + header.getValue().length();
        }
        return length;
    }

    /// RFC 9112, section 3.2: a request with two is refused, since another server may believe the other.
    private static boolean hasOneHost(HttpServerRequest request) {
        return request.headers().getAll(HttpHeaders.HOST).size() <= 1;
    }

    static boolean hasBody(HttpServerRequest request) {
        return request.headers().contains(HttpHeaders.TRANSFER_ENCODING) || bodyLength(request) > 0;
    }

    /// By `Content-Length`; [BodyLimit] bounds a body without one while it is read.
    private static long bodyLength(HttpServerRequest request) {
        var length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        try {
            return length == null ? 0 : Long.parseLong(length.strip());
        } catch (NumberFormatException _) {
            return Long.MAX_VALUE;
        }
    }
}
