package dev.meridian.like;

import java.util.Optional;

/// Who writes counters, and where.
///
/// @param name what its counters and its registration carry: the Region, or `eu-west-1~us-east-1` for what it writes
///     through the other one's replica
/// @param fallbackRegion the Region whose replica it writes to, when that is not its own
record LikeWriter(String name, Optional<String> fallbackRegion) {}
