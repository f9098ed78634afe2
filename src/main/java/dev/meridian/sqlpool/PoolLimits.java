package dev.meridian.sqlpool;

import java.time.Duration;

/// The limits of one pool.
///
/// @param connections at most, 1 or more
/// @param queue statements that may wait for a connection or for a server; further ones fail at once
/// @param connect longest wait for a new connection, including the handshake and the first query
/// @param silence a server that owes answers, sends none for this long, and then does not answer a new connection
///     within the same time, counts as lost
/// @param statement what the server itself allows a statement (`statement_timeout`); not less than the longest
///     timeout that callers use, so that it only ends statements whose callers have given up
public record PoolLimits(int connections, int queue, Duration connect, Duration silence, Duration statement) {
    public PoolLimits {
        if (connections < 1) throw new IllegalArgumentException("connections must be 1 or more");
        if (queue < 1) throw new IllegalArgumentException("queue must be 1 or more");
        atLeastOneMilli(connect, "connect");
        atLeastOneMilli(silence, "silence");
        atLeastOneMilli(statement, "statement");
    }

    private static void atLeastOneMilli(Duration value, String name) {
        if (value.toMillis() < 1) throw new IllegalArgumentException(name + " must be 1 ms or more");
    }
}
