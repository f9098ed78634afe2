package dev.meridian.http;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.smallrye.common.vertx.ContextLocals;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/// Adds the trace id to each response: `X-Amzn-Trace-Id: Root=1-<seconds>-<random>;Sampled=<0
/// or 1>`, the form that X-Ray's console searches for (AWS X-Ray Developer Guide, "Tracing header").
@ApplicationScoped
class TraceHeaderFilter {
    private static final String NAME = "X-Amzn-Trace-Id";
    /// Semantic conventions of OpenTelemetry. The route takes the place of the path, which `telemetry` has redacted.
    private static final AttributeKey<String> URL_PATH = AttributeKey.stringKey("url.path");

    /// The number of hex digits of a trace id that are its time.
    private static final int SECONDS = 8;
    /// The key under which Quarkus REST stores the template of the matched path.
    private static final String TEMPLATE = "UrlPathTemplate";

    void onFilters(@Observes Filters filters) {
        filters.register(TraceHeaderFilter::trace, FilterOrder.TRACE_HEADER);
    }

    private static void trace(RoutingContext request) {
        var span = Span.current();
        var context = span.getSpanContext();
        if (context.isValid()) {
            request.response().putHeader(NAME, value(context));
            if (span.isRecording()) request.addHeadersEndHandler(_ -> nameRoute(span));
        }
        request.next();
    }

    static String value(SpanContext context) {
        var id = context.getTraceId();
        return "Root=1-" + id.substring(0, SECONDS) + "-" + id.substring(SECONDS) + ";Sampled="
                + (context.isSampled() ? 1 : 0);
    }

    private static void nameRoute(Span span) {
        String template = ContextLocals.get(TEMPLATE, null);
        if (template != null) {
            span.setAttribute(URL_PATH, template);
        }
    }
}
