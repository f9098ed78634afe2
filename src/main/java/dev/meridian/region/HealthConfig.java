package dev.meridian.region;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

/// Deep health, `GET /health`.
@ConfigMapping(prefix = "meridian.health")
interface HealthConfig {
    /// Longest wait for the stores, which are probed in parallel. At most 1.8 s, so that health answers within 2 s.
    @WithDefault("1500ms")
    @DurationMin(millis = 10)
    @DurationMax(millis = 1800)
    Duration timeout();

    /// How long an answer is cached.
    @WithDefault("1s")
    @DurationMax(minutes = 1)
    Duration cacheFor();

    /// Failed probes in a row that take the Region down. One by default: a probe includes a retry, and its callers
    /// (Route 53, a load balancer) count failures again.
    @WithDefault("1")
    @Min(1)
    @Max(100)
    int downAfter();

    /// Good probes in a row that bring the Region up again, so that an unstable store does not make it flap.
    @WithDefault("2")
    @Min(1)
    @Max(100)
    int upAfter();

    /// Whether the Region is down when only the SQL writer fails. Off by default: all Regions share the writer, so
    /// moving traffic to another Region does not help.
    @WithDefault("false")
    boolean writerRequired();
}
