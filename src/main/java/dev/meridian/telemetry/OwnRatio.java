package dev.meridian.telemetry;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.opentelemetry.sdk.trace.samplers.SamplingResult;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/// Samples a share of the requests, whatever a caller asks for. The trace id may be the caller's, so a random
/// number decides: by its id a caller could be sampled always, or never.
final class OwnRatio implements Sampler {
    private static final long ALL = 1L << 53;

    /// Of [#ALL].
    private final long sampled;

    private OwnRatio(long sampled) {
        this.sampled = sampled;
    }

    /// Spans within a request are sampled as the request is.
    ///
    /// @param share 0 to 1
    static Sampler of(double share) {
        if (!(share >= 0 && share <= 1)) throw new IllegalArgumentException("no share from 0 to 1: " + share);
        var own = new OwnRatio(Math.round(share * ALL));
        return Sampler.parentBasedBuilder(own)
                .setRemoteParentSampled(own)
                .setRemoteParentNotSampled(own)
                .build();
    }

    @Override
    public SamplingResult shouldSample(
            Context parent,
            String traceId,
            String name,
            SpanKind kind,
            Attributes attributes,
            List<LinkData> parentLinks) {
        return ThreadLocalRandom.current().nextLong(ALL) < sampled
                ? SamplingResult.recordAndSample()
                : SamplingResult.drop();
    }

    @Override
    public String getDescription() {
        return "OwnRatio{" + (double) sampled / ALL + "}";
    }
}
