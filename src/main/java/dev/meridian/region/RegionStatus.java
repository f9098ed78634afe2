package dev.meridian.region;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/// The status of one Region, as this Region knows it.
///
/// @param region its name
/// @param isHere whether it is the Region of this process
/// @param standing its health, as far as it is known here
/// @param isDrained whether it is drained
/// @param heardAgo the age of its last heartbeat: up to the interval, plus replication lag, plus clock skew; empty for
///     this Region and for a Region without a heartbeat
/// @param checks each store by name, as that Region found it; empty without a heartbeat
public record RegionStatus(
        String region,
        boolean isHere,
        Standing standing,
        boolean isDrained,
        Optional<Duration> heardAgo,
        Map<String, Health.Check> checks) {

    /// The health of a Region.
    public enum Standing {
        UP,
        DOWN,
        DRAINED,
        /// Its last heartbeat is old: the Region, its DynamoDB or the replication is down.
        SILENT
    }
}
