package dev.meridian.telemetry;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.context.propagation.TextMapPropagator;
import io.opentelemetry.sdk.trace.IdGenerator;
import io.quarkus.opentelemetry.runtime.QuarkusContextStorage;
import io.vertx.core.Context;
import io.vertx.core.spi.observability.HttpRequest;
import io.vertx.core.spi.tracing.SpanKind;
import io.vertx.core.spi.tracing.TagExtractor;
import io.vertx.core.spi.tracing.VertxTracer;
import io.vertx.core.tracing.TracingPolicy;
import java.util.Map;
import java.util.function.BiConsumer;

/// Decides whether an HTTP request is sampled before anything is collected for its span. One that is not gets its
/// ids alone, in the log, the answer and calls of other services as before. Quarkus collects some twenty attributes
/// first: a sixth of the processor time of a short request.
///
/// @param library what Quarkus does for requests that are sampled, and for all else
final class UnsampledRequests implements VertxTracer<Object, Object> {
    /// Reads the headers of a request.
    private enum Headers implements TextMapGetter<HttpRequest> {
        OF_REQUEST;

        @Override
        public Iterable<String> keys(HttpRequest request) {
            return request.headers().names();
        }

        @Override
        public String get(HttpRequest request, String name) {
            return request == null ? null : request.headers().get(name);
        }
    }

    private final VertxTracer<Object, Object> library;
    private final OwnRatio ratio;
    private final IdGenerator ids;
    private final TextMapPropagator propagator;

    UnsampledRequests(
            VertxTracer<Object, Object> library, OwnRatio ratio, IdGenerator ids, TextMapPropagator propagator) {
        this.library = library;
        this.ratio = ratio;
        this.ids = ids;
        this.propagator = propagator;
    }

    @Override
    public <R> Object receiveRequest(
            Context context,
            SpanKind kind,
            TracingPolicy policy,
            R request,
            String operation,
            Iterable<Map.Entry<String, String>> headers,
            TagExtractor<R> tags) {
        if (policy != TracingPolicy.IGNORE && request instanceof HttpRequest http) {
            var root = io.opentelemetry.context.Context.root();
            if (!ratio.draw()) {
                var caller = propagator.extract(root, http, Headers.OF_REQUEST);
                QuarkusContextStorage.INSTANCE.attach(context, caller.with(Span.wrap(unsampled(caller))));
                return null;
            }
            QuarkusContextStorage.INSTANCE.attach(context, OwnRatio.sampled(root));
        }
        return library.receiveRequest(context, kind, policy, request, operation, headers, tags);
    }

    /// @param caller has the trace of the caller, if there is one
    private SpanContext unsampled(io.opentelemetry.context.Context caller) {
        var trace = Span.fromContext(caller).getSpanContext();
        return SpanContext.create(
                trace.isValid() ? trace.getTraceId() : ids.generateTraceId(),
                ids.generateSpanId(),
                TraceFlags.getDefault(),
                TraceState.getDefault());
    }

    /// The context of a request that is not sampled ends with the request; there is nothing to close.
    @Override
    public <R> void sendResponse(Context context, R response, Object payload, Throwable failure, TagExtractor<R> tags) {
        if (payload != null) library.sendResponse(context, response, payload, failure, tags);
    }

    @Override
    public <R> Object sendRequest(
            Context context,
            SpanKind kind,
            TracingPolicy policy,
            R request,
            String operation,
            BiConsumer<String, String> headers,
            TagExtractor<R> tags) {
        return library.sendRequest(context, kind, policy, request, operation, headers, tags);
    }

    @Override
    public <R> void receiveResponse(
            Context context, R response, Object payload, Throwable failure, TagExtractor<R> tags) {
        library.receiveResponse(context, response, payload, failure, tags);
    }

    @Override
    public void close() {
        library.close();
    }
}
