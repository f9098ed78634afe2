package dev.meridian.region;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/// One Region as this one sees it.
///
/// @param region its name
/// @param isHere whether it is the Region of this process, which knows itself at first hand
/// @param standing how it fares, as far as is known here
/// @param isDrained whether its switch says that it should get no traffic
/// @param heardAgo the age of its last heartbeat here: up to its interval, plus replication, plus what the clocks
///     differ by; empty for this Region and for one that was never heard of
/// @param checks each store by name, as that Region found it; empty when it was never heard of
public record RegionStatus(
        String region,
        boolean isHere,
        Standing standing,
        boolean isDrained,
        Optional<Duration> heardAgo,
        Map<String, Health.Check> checks) {

    /// How a Region fares.
    public enum Standing {
        UP,
        DOWN,
        DRAINED,
        /// Nothing was heard of it for some time: it, its DynamoDB or the replication is down.
        SILENT
    }
}
