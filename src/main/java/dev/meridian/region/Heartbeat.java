package dev.meridian.region;

import dev.meridian.region.Health.Check;
import dev.meridian.sqlpool.Timeline;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;

/// The health of a Region as one of its processes last found it. Versions before [TaskBeat] know no other
/// heartbeat.
///
/// @param region the Region
/// @param at when it was written, by that process's clock
/// @param checks each store by name
/// @param timeline the newest timeline of the SQL writer that the process knows of
record Heartbeat(
        String region, Instant at, Health.State status, String message, Map<String, Check> checks, Timeline timeline) {
    static Heartbeat of(String region, Health health, Timeline timeline) {
        return new Heartbeat(
                region,
                Instant.now().truncatedTo(ChronoUnit.MILLIS),
                health.status(),
                health.message(),
                health.checks(),
                timeline);
    }
}
