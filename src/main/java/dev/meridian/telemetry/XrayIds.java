package dev.meridian.telemetry;

import io.opentelemetry.api.trace.SpanId;
import io.opentelemetry.api.trace.TraceId;
import io.opentelemetry.sdk.trace.IdGenerator;
import java.time.Instant;
import java.util.concurrent.ThreadLocalRandom;

/// Trace ids that AWS X-Ray accepts: the first 32 of the 128 bits are the time in seconds since 1970, the rest is
/// random (AWS X-Ray Developer Guide, "Tracing header").
final class XrayIds implements IdGenerator {
    private static final long LOW_INT = 0xFFFF_FFFFL;

    @Override
    public String generateTraceId() {
        var random = ThreadLocalRandom.current();
        long high = Instant.now().getEpochSecond() << Integer.SIZE | random.nextInt() & LOW_INT;
        return TraceId.fromLongs(high, random.nextLong());
    }

    @Override
    public String generateSpanId() {
        var random = ThreadLocalRandom.current();
        long id;
        do {
            id = random.nextLong();
        } while (id == 0);
        return SpanId.fromLong(id);
    }
}
