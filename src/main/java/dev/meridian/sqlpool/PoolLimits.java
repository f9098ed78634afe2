package dev.meridian.sqlpool;

import java.time.Duration;

/// The limits of one pool.
///
/// @param connections at most, 1 or more
/// @param queue statements that may wait for a connection or for a server; further ones fail at once
/// @param connect longest wait for a new connection, TLS and login included, and again for the first query
/// @param silence a server that owes answers and sends none for this long is probed over a new connection
/// @param probe longest wait for that connection, and again for its query, unless connecting is known to take
///     longer: then three times as long, at most `connect`. A server that answers neither there, nor on a second
///     one that is opened at once, nor on any other connection meanwhile, counts as lost
public record PoolLimits(int connections, int queue, Duration connect, Duration silence, Duration probe) {
    public PoolLimits {
        if (connections < 1) throw new IllegalArgumentException("connections must be 1 or more");
        if (queue < 1) throw new IllegalArgumentException("queue must be 1 or more");
        atLeastOneMilli(connect, "connect");
        atLeastOneMilli(silence, "silence");
        atLeastOneMilli(probe, "probe");
    }

    private static void atLeastOneMilli(Duration value, String name) {
        if (value.toMillis() < 1) throw new IllegalArgumentException(name + " must be 1 ms or more");
    }
}
