package dev.meridian.like;

import java.util.Optional;

/// A writer of counters, and the replica that it writes to.
///
/// @param name in the keys of its counters and of its registration: the Region, or `eu-west-1~us-east-1` when it writes
///     to another Region's replica
/// @param fallbackRegion the Region of that replica, if it is not the writer's own
record LikeWriter(String name, Optional<String> fallbackRegion) {}
