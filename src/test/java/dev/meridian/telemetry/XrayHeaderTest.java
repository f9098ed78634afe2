package dev.meridian.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanId;
import io.opentelemetry.context.Context;
import io.opentelemetry.contrib.awsxray.propagator.AwsXrayPropagator;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class XrayHeaderTest {
    private static final String ID = "67891233abcdef012345678912345678";
    private static final String ROOT = "Root=1-67891233-abcdef012345678912345678";

    private static final XrayHeader HEADER = new XrayHeader(AwsXrayPropagator.getInstance());

    private static SpanContext read(String value) {
        var context = HEADER.extract(Context.root(), Map.of("X-Amzn-Trace-Id", value), HeaderMap.GETTER);
        return Span.fromContext(context).getSpanContext();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ROOT,
                ROOT + ";",
                ROOT + ";Sampled=0",
                ROOT + ";Sampled=1",
                ROOT + ";Sampled=maybe",
                "Self=1-67891234-12456789abcdef012345678;" + ROOT,
                "Self=1-67891234-12456789abcdef0123456789;" + ROOT + ";CalledFrom=app",
                "  " + ROOT + " ; Sampled=?",
                ROOT + ";Parent=",
                ROOT + ";Parent=nonsense",
                ROOT + ";Parent=0000000000000000",
                ROOT + ";Lineage=25:a87bd80c:1"
            })
    void aRootWithoutAParentGoesOn(String value) {
        var caller = read(value);
        assertEquals(ID, caller.getTraceId());
        assertEquals(SpanId.getInvalid(), caller.getSpanId());
        assertTrue(caller.isValid() && caller.isRemote());
    }

    @Test
    void aParentIsTheCallersSpan() {
        for (var value : new String[] {
            ROOT + ";Parent=53995c3f42cd8ad8;Sampled=1",
            ROOT + "; Parent=53995c3f42cd8ad8",
            "Parent=53995c3f42cd8ad8;Sampled=0;" + ROOT
        }) {
            var caller = read(value);
            assertEquals(ID, caller.getTraceId(), value);
            assertEquals("53995c3f42cd8ad8", caller.getSpanId(), value);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                ";;;",
                "nonsense",
                "Root=",
                "Root=1-67891233",
                "Root=1-67891233-abcdef01234567891234567",
                ROOT + "9",
                "x" + ROOT,
                "Root=2-67891233-abcdef012345678912345678",
                "Root=1-67891233-ABCDEF012345678912345678",
                "Root=1-00000000-000000000000000000000000",
                "Root=1-6789123g-abcdef012345678912345678",
                "Self=1-67891233-abcdef012345678912345678",
                "Parent=53995c3f42cd8ad8;Sampled=1"
            })
    void nonsenseIsNoTrace(String value) {
        assertFalse(read(value).isValid());
        assertFalse(read(value + ";" + "x".repeat(2000) + ";" + ROOT).isValid());
    }

    @Test
    void withoutAHeaderTheContextStays() {
        assertEquals(Context.root(), HEADER.extract(Context.root(), Map.of(), HeaderMap.GETTER));
    }

    @Test
    void theLibraryWritesTheHeader() {
        var sent = new HashMap<String, String>();
        var context = HEADER.extract(
                Context.root(), Map.of("X-Amzn-Trace-Id", ROOT + ";Parent=53995c3f42cd8ad8"), HeaderMap.GETTER);
        HEADER.inject(context, sent, (carrier, name, value) -> carrier.put(name, value));
        assertEquals(Map.of("X-Amzn-Trace-Id", ROOT + ";Parent=53995c3f42cd8ad8;Sampled=0"), sent);
    }
}
