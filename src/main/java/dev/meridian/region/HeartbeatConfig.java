package dev.meridian.region;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

/// How Regions let each other know how they fare, for the page `/status`. Nothing else depends on it.
@ConfigMapping(prefix = "meridian.heartbeat")
interface HeartbeatConfig {
    /// Whether this process writes the heartbeat of its Region.
    @WithDefault("true")
    boolean enabled();

    /// How often each process writes it: one write each time, copied to every Region.
    @WithDefault("5s")
    @DurationMin(seconds = 1)
    @DurationMax(minutes = 10)
    Duration interval();

    /// A Region whose heartbeat is older than this is shown as silent. Longer than interval and replication together.
    @WithDefault("30s")
    @DurationMin(seconds = 2)
    Duration silentAfter();

    /// How long the table of Regions is shown as it was read, before it is read anew.
    @WithDefault("1s")
    @DurationMin(millis = 1)
    @DurationMax(minutes = 1)
    Duration cacheFor();
}
