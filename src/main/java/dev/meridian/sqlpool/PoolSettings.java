package dev.meridian.sqlpool;

import java.util.List;

/// All that one pool is told.
///
/// @param servers where the servers may be
/// @param limits bounds of the pool
/// @param timing how often servers are asked
public record PoolSettings(ServerSettings servers, PoolLimits limits, DiscoveryTiming timing) {
    List<Endpoint> endpoints() {
        return servers.endpoints(limits);
    }
}
