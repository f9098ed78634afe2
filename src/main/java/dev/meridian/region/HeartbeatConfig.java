package dev.meridian.region;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

/// Heartbeats, which show the health of each Region on the page `/status`, tell the tasks of a Region of each
/// other, and carry the newest timeline of the SQL writer to all processes.
@ConfigMapping(prefix = "meridian.heartbeat")
interface HeartbeatConfig {
    /// Whether this process writes heartbeats: its own, and that of its Region.
    @WithDefault("true")
    boolean enabled();

    /// How often each process writes its own, and one process of a Region the Region's: each is one write,
    /// replicated to every Region. A process that misses three is taken for dead.
    @WithDefault("5s")
    @DurationMin(seconds = 1)
    @DurationMax(minutes = 10)
    Duration interval();

    /// A Region whose newest heartbeat is older than this is silent. Longer than interval and replication
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
