package dev.meridian.telemetry;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.context.propagation.TextMapPropagator;
import io.opentelemetry.context.propagation.TextMapSetter;
import java.util.Collection;

/// Takes from a caller's `traceparent` its ids alone, as [XrayHeader] does. The sampled flag is [OwnRatio]'s to
/// decide, and `tracestate` is a text of anybody's, which would travel with our spans.
///
/// @param library reads and writes the headers
record TraceparentHeader(TextMapPropagator library) implements TextMapPropagator {
    @Override
    public <C> Context extract(Context context, C carrier, TextMapGetter<C> getter) {
        var extracted = library.extract(context, carrier, getter);
        // Without the header the library gives back what it was given.
        if (extracted == context) return context;
        var caller = Span.fromContext(extracted).getSpanContext();
        return context.with(Span.wrap(SpanContext.createFromRemoteParent(
                caller.getTraceId(), caller.getSpanId(), TraceFlags.getDefault(), TraceState.getDefault())));
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
