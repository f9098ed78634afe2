package dev.meridian.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.meridian.shared.Problem;
import dev.meridian.shared.ProblemCode;
import dev.meridian.shared.RegionConfig;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.TraceId;
import io.quarkus.logging.Log;
import io.smallrye.common.vertx.ContextLocals;
import io.smallrye.common.vertx.VertxContext;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.List;

/// Problems for requests that reach no REST endpoint: unknown paths, bodies over the limit, malformed paths.
@ApplicationScoped
class ProblemRoutes {
    private static final int[] STATUSES = {400, 401, 403, 404, 405, 406, 408, 413, 414, 415, 431, 500, 501, 503};

    private final ObjectMapper json;
    private final RegionConfig region;
    private final ErrorPages pages;
    private final SecurityHeaders headers;

    ProblemRoutes(ObjectMapper json, RegionConfig region, ErrorPages pages, SecurityHeaders headers) {
        this.json = json;
        this.region = region;
        this.pages = pages;
        this.headers = headers;
    }

    void onRouter(@Observes Router router) {
        for (int status : STATUSES) {
            router.errorHandler(status, context -> answer(context, status));
        }
    }

    /// Answers with the generic problem for a status, unless a response has started.
    void answer(RoutingContext context, int status) {
        if (status == 500 && context.failure() != null && ProblemMapper.isOfReading(context.failure())) {
            Log.debugf(context.failure(), "a request that the router cannot read");
            answer(context, 400);
            return;
        }
        if (status >= 500 && context.failure() != null && !isAnswered(context)) {
            Log.errorf(context.failure(), "unexpected fault");
        }
        var code = ProblemMapper.ofStatus(status);
        answer(context, status, code, code.title() + ".");
    }

    /// Answers with a problem, unless a response has started.
    void answer(RoutingContext context, ProblemCode code, String detail) {
        answer(context, code.status(), code, detail);
    }

    /// Makes the JSON of a problem in advance.
    PreparedProblem prepare(ProblemCode code, String detail) {
        var none = TraceId.getInvalid();
        try {
            var parts = json.writeValueAsString(Problem.of(code, code.status(), detail, List.of()))
                    .split(none, 2);
            if (parts.length < 2) throw new IllegalStateException("a problem is prepared within a trace");
            return new PreparedProblem(code, detail, parts[0], parts[1]);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a record of ours is no JSON", e);
        }
    }

    /// As [#answer], for a problem that is answered often. Its page is no cheaper than that of any other.
    void answer(RoutingContext context, PreparedProblem prepared) {
        if (isAnswered(context)) return;
        var request = context.request();
        int status = prepared.code().status();
        if (ErrorPageFilter.wantsPage(request.path(), request.getHeader(HttpHeaders.ACCEPT))) {
            answer(context, status, prepared.code(), prepared.detail());
            return;
        }
        headers.add(context);
        // Else the meter of requests looks for the endpoint of this path, at a third of the cost of the refusal.
        if (VertxContext.isOnDuplicatedContext()) ContextLocals.put(TraceHeaderFilter.TEMPLATE, HttpMetrics.OTHER);
        var trace = Span.current().getSpanContext().getTraceId();
        if (status == 503) context.response().putHeader(HttpHeaders.RETRY_AFTER, "1");
        end(context.response(), status, prepared.beforeTrace() + trace + prepared.afterTrace());
    }

    private void end(HttpServerResponse response, int status, String json) {
        response.setStatusCode(status)
                .putHeader("X-Region", region.name())
                .putHeader(HttpHeaders.CONTENT_TYPE, Problem.MEDIA_TYPE)
                .end(json);
    }

    private static boolean isAnswered(RoutingContext context) {
        return context.response().ended() || context.response().headWritten();
    }

    private void answer(RoutingContext context, int status, ProblemCode code, String detail) {
        if (isAnswered(context)) return;
        var response = context.response();
        // The router fails some requests before any filter.
        headers.add(context);
        try {
            if (status == 503) response.putHeader(HttpHeaders.RETRY_AFTER, "1");
            var problem = Problem.of(code, status, detail, List.of());
            if (ErrorPageFilter.wantsPage(
                    context.request().path(), context.request().getHeader(HttpHeaders.ACCEPT))) {
                HtmlHeaders.ALL.forEach(response::putHeader);
                response.setStatusCode(status)
                        .putHeader("X-Region", region.name())
                        .putHeader(HttpHeaders.CONTENT_TYPE, HtmlHeaders.HTML)
                        .end(pages.page(problem, ErrorPageFilter.retry(context.request())));
                return;
            }
            end(response, status, json.writeValueAsString(problem));
        } catch (JsonProcessingException e) {
            Log.error("cannot write a problem", e);
            response.setStatusCode(500).end();
        }
    }
}
