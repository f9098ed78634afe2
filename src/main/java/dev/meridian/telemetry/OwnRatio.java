package dev.meridian.telemetry;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.IdGenerator;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.opentelemetry.sdk.trace.samplers.SamplingResult;
import java.util.List;

/// Samples a share of the requests, whatever a caller asks for. The trace id may be the caller's too, so
/// another random one decides: with its own a caller could be sampled always, or never.
final class OwnRatio implements Sampler {
    private final Sampler ratio;
    private final IdGenerator ids;

    private OwnRatio(double share, IdGenerator ids) {
        this.ratio = Sampler.traceIdRatioBased(share);
        this.ids = ids;
    }

    /// Spans within a request are sampled as the request is.
    ///
    /// @param share 0 to 1
    static Sampler of(double share, IdGenerator ids) {
        var own = new OwnRatio(share, ids);
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
        return ratio.shouldSample(parent, ids.generateTraceId(), name, kind, attributes, parentLinks);
    }

    @Override
    public String getDescription() {
        return "OwnRatio{" + ratio.getDescription() + "}";
    }
}
