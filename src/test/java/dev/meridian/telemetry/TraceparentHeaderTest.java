package dev.meridian.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TraceparentHeaderTest {
    private static final String TRACE = "5f84c7a1e7d1852db8c4fd35d88bf49a";
    private static final String SPAN = "53995c3f42cd8ad8";

    private static final TraceparentHeader HEADER = new TraceparentHeader(W3CTraceContextPropagator.getInstance());

    @Test
    void onlyTheIdsOfACallerAreTaken() {
        var headers = Map.of("traceparent", "00-" + TRACE + "-" + SPAN + "-01", "tracestate", "vendor=grete");
        var caller = Span.fromContext(HEADER.extract(Context.root(), headers, HeaderMap.GETTER))
                .getSpanContext();
        assertEquals(TRACE, caller.getTraceId());
        assertEquals(SPAN, caller.getSpanId());
        assertTrue(caller.isRemote());
        assertFalse(caller.isSampled());
        assertTrue(caller.getTraceState().isEmpty(), caller::toString);
    }

    @Test
    void withoutIdsNothingChanges() {
        for (var value : new String[] {"", "nonsense", "00-" + TRACE + "-0000000000000000-01", "ff-" + TRACE}) {
            var headers = Map.of("traceparent", value, "tracestate", "vendor=grete");
            assertSame(Context.root(), HEADER.extract(Context.root(), headers, HeaderMap.GETTER), value);
        }
        assertSame(Context.root(), HEADER.extract(Context.root(), Map.of(), HeaderMap.GETTER));
    }
}
