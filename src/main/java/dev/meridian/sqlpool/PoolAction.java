package dev.meridian.sqlpool;

import dev.meridian.sqlpool.Endpoint.Server;
import dev.meridian.sqlpool.SqlPoolException.Reason;
import java.time.Duration;

/// An action that [PoolState] requests. Its owner runs the actions in order, without holding the lock.
///
/// @param <S> a statement
/// @param <C> a connection
sealed interface PoolAction<S, C> {
    /// Send the statement; report the answer to [PoolState#answered].
    ///
    /// @param limit when the server is to end the statement
    record Send<S, C>(S statement, C connection, Duration limit) implements PoolAction<S, C> {}

    /// Hand the server's answer, rows or an error, to the caller.
    record Complete<S, C>(S statement) implements PoolAction<S, C> {}

    /// Tell the caller that there is no answer.
    record Fail<S, C>(S statement, Reason reason) implements PoolAction<S, C> {}

    /// Call [PoolState#checkTime] after this delay, unless the statement ends earlier.
    record Wake<S, C>(S statement, Duration delay) implements PoolAction<S, C> {}

    /// Open new connections to the server; report each to [PoolState#opened] or [PoolState#openFailed].
    ///
    /// @param near the statement that needs them, whose thread is the best place for them; null for none
    record Open<S, C>(Server server, long epoch, int count, S near) implements PoolAction<S, C> {}

    /// Call [PoolState#openMore] after a pause.
    record OpenLater<S, C>() implements PoolAction<S, C> {}

    /// Report the end of a new connection to [PoolState#ended] from now on, then call [PoolState#ready].
    record Watch<S, C>(C connection) implements PoolAction<S, C> {}

    /// Close the connection now, whatever is in flight on it.
    record Close<S, C>(C connection) implements PoolAction<S, C> {}

    /// Connect to the silent server once more, close that connection, and report to [PoolState#verified].
    record Verify<S, C>(Server server, long epoch) implements PoolAction<S, C> {}

    /// Begin a new search for a server.
    record Search<S, C>() implements PoolAction<S, C> {}

    /// Tell the owner of the pool that a server is in use.
    record TellFound<S, C>(Server server) implements PoolAction<S, C> {}

    /// Tell the owner of the pool that the server is gone.
    record TellLost<S, C>() implements PoolAction<S, C> {}
}
