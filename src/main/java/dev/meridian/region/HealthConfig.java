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
    /// Longest wait for the stores, which are asked side by side. At most 1.8 s, so that health answers within 2 s.
    @WithDefault("1500ms")
    @DurationMin(millis = 10)
    @DurationMax(millis = 1800)
    Duration timeout();

    /// How long an answer is given again before the stores are asked anew.
    @WithDefault("1s")
    @DurationMax(minutes = 1)
    Duration cacheFor();

    /// Failed probes in a row that take the Region down. One is enough by default: a probe holds a retry of its
    /// own, and what asks (Route 53, a load balancer) counts failures again.
    @WithDefault("1")
    @Min(1)
    @Max(100)
    int downAfter();

    /// Good probes in a row that bring the Region up again, so that a store that is half back does not make it flap.
    @WithDefault("2")
    @Min(1)
    @Max(100)
    int upAfter();

    /// Whether the Region is down when only the SQL writer fails. Off by default: the writer is one for all Regions, so
    /// traffic that goes elsewhere would find the same.
    @WithDefault("false")
    boolean writerRequired();
}
