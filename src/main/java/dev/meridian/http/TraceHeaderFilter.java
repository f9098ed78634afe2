package dev.meridian.http;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.smallrye.common.vertx.ContextLocals;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import org.jboss.logging.MDC;

/// Adds the trace id to each response, `X-Amzn-Trace-Id: Root=1-<seconds>-<random>;Sampled=<0 or 1>`, and to
/// each log line of the request, as `xrayTraceId` in the same form, by which X-Ray's console searches (AWS
/// X-Ray Developer Guide, "Tracing header").
@ApplicationScoped
class TraceHeaderFilter {
    private static final String NAME = "X-Amzn-Trace-Id";
    /// Semantic conventions of OpenTelemetry. The route takes the place of the path, which `telemetry` has
    /// redacted.
    private static final AttributeKey<String> URL_PATH = AttributeKey.stringKey("url.path");

    private static final String LOG_FIELD = "xrayTraceId";

    /// The number of hex digits of a trace id that are its time.
    private static final int SECONDS = 8;
    /// The key under which Quarkus REST stores the template of the matched path.
    static final String TEMPLATE = "UrlPathTemplate";

    void onFilters(@Observes Filters filters) {
        filters.register(TraceHeaderFilter::trace, FilterOrder.TRACE_HEADER);
    }

    private static void trace(RoutingContext request) {
        var span = Span.current();
        var context = span.getSpanContext();
        if (context.isValid()) {
            var id = context.getTraceId();
            var xrayId = "1-" + id.substring(0, SECONDS) + "-" + id.substring(SECONDS);
            request.response().putHeader(NAME, "Root=" + xrayId + ";Sampled=" + (context.isSampled() ? 1 : 0));
            MDC.put(LOG_FIELD, xrayId);
            if (span.isRecording()) request.addHeadersEndHandler(_ -> nameRoute(span));
        }
        request.next();
    }

    private static void nameRoute(Span span) {
        String template = ContextLocals.get(TEMPLATE, null);
        if (template != null) {
            span.setAttribute(URL_PATH, template);
        }
    }
}
