package dev.meridian.sqlpool;

import java.util.List;

/// The settings of one pool.
///
/// @param servers where the servers may be
/// @param limits bounds of the pool
/// @param timing how often servers are probed
public record PoolSettings(ServerSettings servers, PoolLimits limits, DiscoveryTiming timing) {
    List<Endpoint> endpoints() {
        return servers.endpoints(limits);
    }
}
