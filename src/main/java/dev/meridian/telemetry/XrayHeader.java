package dev.meridian.telemetry;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanId;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceId;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.context.propagation.TextMapPropagator;
import io.opentelemetry.context.propagation.TextMapSetter;
import java.util.Collection;
import java.util.regex.Pattern;

/// Reads `X-Amzn-Trace-Id` with or without a parent. A load balancer sends `Root=1-<seconds>-<random>` alone,
/// or after its own `Self=…` (Elastic Load Balancing, "Request tracing for your Application Load Balancer");
/// the library's propagator, which writes the header here, ignores it without a parent.
///
/// A malformed part counts as absent, and so does a header without a root. `Sampled` is not read: [OwnRatio]
/// decides.
///
/// @param library writes the header
record XrayHeader(TextMapPropagator library) implements TextMapPropagator {
    private static final String NAME = "X-Amzn-Trace-Id";

    /// More is no header of a load balancer.
    private static final int LENGTH_MAX = 1000;

    private static final Pattern ROOT = part("Root", "1-([0-9a-f]{8})-([0-9a-f]{24})");
    private static final Pattern PARENT = part("Parent", "([0-9a-f]{16})");

    /// A trace without a span of the caller's: the request's span has no parent.
    private record Root(String traceId) implements SpanContext {
        @Override
        public String getTraceId() {
            return traceId;
        }

        @Override
        public String getSpanId() {
            return SpanId.getInvalid();
        }

        @Override
        public TraceFlags getTraceFlags() {
            return TraceFlags.getDefault();
        }

        @Override
        public TraceState getTraceState() {
            return TraceState.getDefault();
        }

        /// So that the SDK continues the trace.
        @Override
        public boolean isValid() {
            return true;
        }

        @Override
        public boolean isRemote() {
            return true;
        }
    }

    private static Pattern part(String name, String value) {
        return Pattern.compile("(?:^|;)\\s*" + name + "=" + value + "\\s*(?=;|$)");
    }

    @Override
    public <C> Context extract(Context context, C carrier, TextMapGetter<C> getter) {
        var header = getter.get(carrier, NAME);
        if (header == null || header.length() > LENGTH_MAX) return context;
        var root = ROOT.matcher(header);
        if (!root.find()) return context;
        var traceId = root.group(1) + root.group(2);
        if (!TraceId.isValid(traceId)) return context;
        var parent = PARENT.matcher(header);
        var caller = parent.find() && SpanId.isValid(parent.group(1))
                ? SpanContext.createFromRemoteParent(
                        traceId, parent.group(1), TraceFlags.getDefault(), TraceState.getDefault())
                : new Root(traceId);
        return context.with(Span.wrap(caller));
    }

    @Override
    public <C> void inject(Context context, C carrier, TextMapSetter<C> setter) {
        library.inject(context, carrier, setter);
    }

    @Override
    public Collection<String> fields() {
        return library.fields();
    }
}
