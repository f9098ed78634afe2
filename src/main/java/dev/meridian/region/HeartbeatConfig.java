package dev.meridian.region;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

/// Heartbeats, which show the health of each Region on the page `/status`, and carry the newest timeline of the SQL
/// writer to all processes.
@ConfigMapping(prefix = "meridian.heartbeat")
interface HeartbeatConfig {
    /// Whether this process writes the heartbeat of its Region.
    @WithDefault("true")
    boolean enabled();

    /// How often each process writes it: one write, replicated to every Region.
    @WithDefault("5s")
    @DurationMin(seconds = 1)
    @DurationMax(minutes = 10)
    Duration interval();

    /// A Region whose heartbeat is older than this is shown as silent. Longer than interval and replication
    /// together.
    @WithDefault("30s")
    @DurationMin(seconds = 2)
    Duration silentAfter();

    /// How long the page uses one read of the table.
    @WithDefault("1s")
    @DurationMin(millis = 1)
    @DurationMax(minutes = 1)
    Duration cacheFor();
}
