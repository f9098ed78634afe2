package dev.meridian.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.opentelemetry.sdk.trace.samplers.SamplingDecision;
import java.util.List;
import org.junit.jupiter.api.Test;

class OwnRatioTest {
    private static final String ANY = "5f84c7a1e7d1852db8c4fd35d88bf49a";
    /// Ids that a sampler by trace id takes always, and never.
    private static final List<String> CHOSEN =
            List.of("5f84c7a1000000000000000000000001", "5f84c7a1ffffffff7fffffffffffffff");

    private static int sampled(Sampler sampler, Context parent, String traceId) {
        int count = 0;
        for (int i = 0; i < 2000; i++) {
            var result = sampler.shouldSample(parent, traceId, "GET", SpanKind.SERVER, Attributes.empty(), List.of());
            if (result.getDecision() == SamplingDecision.RECORD_AND_SAMPLE) count++;
        }
        return count;
    }

    private static Context remote(String traceId, TraceFlags flags) {
        return Context.root()
                .with(Span.wrap(SpanContext.createFromRemoteParent(
                        traceId, "53995c3f42cd8ad8", flags, TraceState.getDefault())));
    }

    /// 2000 requests, a quarter of them: six standard deviations are 116.
    @Test
    void neitherTheFlagNorTheIdOfTheCallerDecides() {
        var sampler = OwnRatio.of(0.25).withParents();
        for (var traceId : CHOSEN) {
            for (var flags : List.of(TraceFlags.getSampled(), TraceFlags.getDefault())) {
                int count = sampled(sampler, remote(traceId, flags), traceId);
                assertTrue(count > 384 && count < 616, () -> count + " of " + traceId + " " + flags);
            }
        }
        int own = sampled(sampler, Context.root(), ANY);
        assertTrue(own > 384 && own < 616, () -> "own " + own);
    }

    @Test
    void noneAndAllAreExact() {
        for (var flags : List.of(TraceFlags.getSampled(), TraceFlags.getDefault())) {
            assertEquals(0, sampled(OwnRatio.of(0).withParents(), remote(ANY, flags), ANY));
            assertEquals(2000, sampled(OwnRatio.of(1).withParents(), remote(ANY, flags), ANY));
        }
    }

    @Test
    void whatIsDecidedIsNotDrawnAgain() {
        var sampler = OwnRatio.of(0).withParents();
        assertEquals(2000, sampled(sampler, OwnRatio.sampled(remote(ANY, TraceFlags.getDefault())), ANY));
    }

    @Test
    void spansWithinARequestFollowIt() {
        var sampler = OwnRatio.of(0.5).withParents();
        for (var flags : List.of(TraceFlags.getSampled(), TraceFlags.getDefault())) {
            var local = Context.root()
                    .with(Span.wrap(SpanContext.create(ANY, "53995c3f42cd8ad8", flags, TraceState.getDefault())));
            assertEquals(flags.isSampled() ? 2000 : 0, sampled(sampler, local, ANY));
        }
    }
}
