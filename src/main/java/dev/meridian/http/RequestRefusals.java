package dev.meridian.http;

import dev.meridian.shared.ProblemCode;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;

/// Answers requests that no endpoint sees, while their bodies may still be on the way.
@ApplicationScoped
public class RequestRefusals {
    private static final long LINGER_MS = 2000;

    private final ProblemRoutes problems;
    private final Vertx vertx;

    RequestRefusals(ProblemRoutes problems, Vertx vertx) {
        this.problems = problems;
        this.vertx = vertx;
    }

    /// Answers with a problem, or with its page, unless a response has started. The body is not kept.
    ///
    /// @param detail this occurrence, for people
    public void refuse(RoutingContext context, ProblemCode code, String detail) {
        problems.answer(context, code, detail);
        if (hasBody(context.request())) leave(context.request());
    }

    /// Makes a problem for [#refuse(RoutingContext, PreparedProblem)]. To be called outside of requests.
    ///
    /// @param detail every occurrence, for people
    public PreparedProblem prepare(ProblemCode code, String detail) {
        return problems.prepare(code, detail);
    }

    /// As the other one, at a fraction of the cost of a request that is served.
    public void refuse(RoutingContext context, PreparedProblem prepared) {
        problems.answer(context, prepared);
        if (hasBody(context.request())) leave(context.request());
    }

    /// Whether a request has a body, which may be on its way.
    public static boolean hasBody(HttpServerRequest request) {
        return HttpLimits.hasBody(request);
    }

    /// Answers while the client may still send. The rest of the body is discarded for a short time, so that
    /// the client reads the response and not a reset connection.
    void leave(HttpServerRequest request) {
        if (request.isEnded()) return;
        long timer = vertx.setTimer(LINGER_MS, _ -> {
            if (!request.isEnded()) drop(request);
        });
        request.end().onComplete(_ -> vertx.cancelTimer(timer));
        request.resume();
    }

    static void drop(HttpServerRequest request) {
        if (request.version() == HttpVersion.HTTP_2) request.response().reset();
        else request.connection().close();
    }
}
