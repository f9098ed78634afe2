package dev.meridian.telemetry;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.ContextKey;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.opentelemetry.sdk.trace.samplers.SamplingResult;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/// Samples a share of the requests, whatever a caller asks for. The trace id may be the caller's, so a random
/// number decides: by its id a caller could be sampled always, or never.
final class OwnRatio implements Sampler {
    private static final long ALL = 1L << 53;
    private static final ContextKey<Boolean> DECIDED = ContextKey.named("meridian-sampled");

    /// Of [#ALL].
    private final long sampled;

    private OwnRatio(long sampled) {
        this.sampled = sampled;
    }

    /// @param share 0 to 1
    static OwnRatio of(double share) {
        if (!(share >= 0 && share <= 1)) throw new IllegalArgumentException("no share from 0 to 1: " + share);
        return new OwnRatio(Math.round(share * ALL));
    }

    /// Spans within a request are sampled as the request is.
    Sampler withParents() {
        return Sampler.parentBasedBuilder(this)
                .setRemoteParentSampled(this)
                .setRemoteParentNotSampled(this)
                .build();
    }

    /// Decides about one request.
    boolean draw() {
        return ThreadLocalRandom.current().nextLong(ALL) < sampled;
    }

    /// The context of a request about which [#draw] has decided that it is sampled.
    static Context sampled(Context context) {
        return context.with(DECIDED, true);
    }

    @Override
    public SamplingResult shouldSample(
            Context parent,
            String traceId,
            String name,
            SpanKind kind,
            Attributes attributes,
            List<LinkData> parentLinks) {
        return parent.get(DECIDED) != null || draw() ? SamplingResult.recordAndSample() : SamplingResult.drop();
    }

    @Override
    public String getDescription() {
        return "OwnRatio{" + (double) sampled / ALL + "}";
    }
}
