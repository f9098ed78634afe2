package dev.meridian.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.meridian.shared.Problem;
import dev.meridian.shared.ProblemCode;
import dev.meridian.shared.RegionConfig;
import io.quarkus.logging.Log;
import io.vertx.core.http.HttpHeaders;
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

    ProblemRoutes(ObjectMapper json, RegionConfig region, ErrorPages pages) {
        this.json = json;
        this.region = region;
        this.pages = pages;
    }

    void onRouter(@Observes Router router) {
        for (int status : STATUSES) {
            router.errorHandler(status, context -> answer(context, status));
        }
    }

    /// Answers with the generic problem for a status, unless a response has started.
    void answer(RoutingContext context, int status) {
        if (status >= 500 && context.failure() != null && !isAnswered(context)) {
            Log.errorf(context.failure(), "unexpected fault");
        }
        answer(context, status, ProblemMapper.ofStatus(status));
    }

    /// Answers with a problem, unless a response has started.
    void answer(RoutingContext context, ProblemCode code) {
        answer(context, code.status(), code);
    }

    private static boolean isAnswered(RoutingContext context) {
        return context.response().ended() || context.response().headWritten();
    }

    private void answer(RoutingContext context, int status, ProblemCode code) {
        if (isAnswered(context)) return;
        var response = context.response();
        try {
            if (status == 503) response.putHeader(HttpHeaders.RETRY_AFTER, "1");
            var problem = Problem.of(code, status, code.title() + ".", List.of());
            if (ErrorPageFilter.wantsPage(
                    context.request().path(), context.request().getHeader(HttpHeaders.ACCEPT))) {
                HtmlHeaders.ALL.forEach(response::putHeader);
                response.setStatusCode(status)
                        .putHeader("X-Region", region.name())
                        .putHeader(HttpHeaders.CONTENT_TYPE, HtmlHeaders.HTML)
                        .end(pages.page(problem, ErrorPageFilter.retry(context.request())));
                return;
            }
            var body = json.writeValueAsString(problem);
            response.setStatusCode(status)
                    .putHeader("X-Region", region.name())
                    .putHeader(HttpHeaders.CONTENT_TYPE, Problem.MEDIA_TYPE)
                    .end(body);
        } catch (JsonProcessingException e) {
            Log.error("cannot write a problem", e);
            response.setStatusCode(500).end();
        }
    }
}
