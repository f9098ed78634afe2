package dev.meridian.sqlpool;

import dev.meridian.sqlpool.Endpoint.Server;
import dev.meridian.sqlpool.SqlPoolException.Reason;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/// The state machine of a pool. Does no I/O and takes no lock: each method is one event, changes the state, and
/// returns the actions to run now.
///
/// A sign that the server is gone, read-only or silent empties the pool at once and starts a search. Each time
/// a server is found or lost a new epoch begins; reports from an older epoch change nothing. Each statement has
/// its own deadline, whatever state the pool is in.
///
/// @param <S> a statement; told apart by `equals`
/// @param <C> a connection; told apart by `equals`
final class PoolState<S, C> {
    private final PoolLimits limits;
    private final Role role;
    private final BiPredicate<S, C> isNear;
    private final LongSupplier clock;

    private final Map<S, StatementProgress<C>> statements = new HashMap<>();
    private final Set<S> waiting = new LinkedHashSet<>();
    private final Set<C> connections = new LinkedHashSet<>();
    private final Deque<C> idle = new ArrayDeque<>();
    private int opening;
    private long epoch;
    private Server server;
    private boolean searchedWithoutResult;
    private boolean suspected;
    /// Whether the server took no new connection the last time.
    private boolean isRefusing;
    private boolean closed;
    private long answeredAt;
    /// The actions for the current event.
    private List<PoolAction<S, C>> actions = new ArrayList<>();

    /// What differs between the writer's pool and the reader's.
    ///
    /// @param writes whether the server must take writes, and statements wait until there is one; if not, they fail
    ///     once no server answers
    /// @param admits whether a server may be used
    record Role(boolean writes, Predicate<ServerIdentity> admits) {}

    /// @param isNear whether statement and connection share a thread; such pairs are preferred
    /// @param clock in nanoseconds
    PoolState(PoolLimits limits, Role role, BiPredicate<S, C> isNear, LongSupplier clock) {
        this.limits = limits;
        this.role = role;
        this.isNear = isNear;
        this.clock = clock;
    }

    boolean hasServer() {
        return server != null;
    }

    /// How many statements wait for a connection or a server.
    int pending() {
        return waiting.size();
    }

    int idle() {
        return idle.size();
    }

    int inUse() {
        return connections.size() - idle.size();
    }

    /// A caller submits a statement.
    ///
    /// @param repeatable whether it may run twice
    List<PoolAction<S, C>> submit(S statement, boolean repeatable, Duration timeout) {
        var progress = new StatementProgress<C>(repeatable, clock.getAsLong() + timeout.toNanos());
        statements.put(statement, progress);
        wake(statement, progress);
        place(statement);
        return take();
    }

    /// A statement was answered, or its connection broke. A reader is always read-only: a statement that writes
    /// there is the caller's mistake.
    ///
    /// @param failure null for rows
    /// @param open whether the connection is still open
    List<PoolAction<S, C>> answered(S statement, C connection, FailureKind failure, boolean open) {
        var progress = statements.get(statement);
        // It timed out earlier: the connection is closed and the caller has its failure.
        if (progress == null || progress.connection() != connection) return List.of();
        progress.returned(failure == FailureKind.CONNECTION_LOST);
        switch (failure == FailureKind.READ_ONLY && !role.writes ? FailureKind.REFUSED : failure) {
            case READ_ONLY -> {
                lose(progress.sentIn());
                repeatOrFail(statement, true, Reason.NO_SERVER);
            }
            case CONNECTION_LOST -> {
                lose(progress.sentIn());
                repeatOrFail(statement, progress.isRepeatable(), Reason.LOST);
            }
            // Rolled back, so it may run again.
            case TRANSIENT -> {
                release(connection, open);
                if (progress.mayRepeat(clock.getAsLong())) {
                    place(statement);
                } else {
                    complete(statement);
                }
            }
            case null, default -> {
                release(connection, open);
                complete(statement);
            }
        }
        return take();
    }

    /// Checks whether the server is silent and whether the statement has timed out.
    List<PoolAction<S, C>> checkTime(S statement) {
        var progress = statements.get(statement);
        if (progress == null) return List.of();
        var now = clock.getAsLong();
        if (progress.connection() != null && silenceLeft(progress, now) <= 0) suspect(progress.sentIn());
        if (progress.timeLeft(now) <= 0) {
            expire(statement, progress);
        } else {
            wake(statement, progress);
        }
        return take();
    }

    /// A search found a server, or a server on a newer timeline answered.
    ///
    /// @param connection open and verified; the pool takes it over
    List<PoolAction<S, C>> found(Server found, C connection) {
        if (closed) return List.of(new PoolAction.Close<>(connection));
        // A newer timeline may have become known since the server was probed.
        if (!role.admits.test(found.identity())) {
            return List.of(new PoolAction.Close<>(connection), new PoolAction.Search<>());
        }
        reset();
        server = found;
        answeredAt = clock.getAsLong();
        connections.add(connection);
        actions.add(new PoolAction.TellFound<>(found));
        actions.add(new PoolAction.Watch<>(connection));
        return take();
    }

    /// A search has probed every server, and found none. It continues.
    List<PoolAction<S, C>> noneFound() {
        if (server != null) return List.of();
        searchedWithoutResult = true;
        if (!role.writes) failWaiting(Reason.NO_SERVER);
        return take();
    }

    /// The server in use must not be used any more, whatever it answers.
    List<PoolAction<S, C>> lost() {
        lose(epoch);
        return take();
    }

    /// The silent server was probed over a new connection. If it answers, a statement is slow or waits for a
    /// lock, and its own deadline ends it.
    ///
    /// @param identity null when the connection failed
    /// @param failure null when it did not
    List<PoolAction<S, C>> verified(long askedIn, ServerIdentity identity, FailureKind failure) {
        if (askedIn != epoch) return List.of();
        if (identity == null ? failure == FailureKind.REFUSED : isServerInUse(identity)) {
            suspected = false;
            answeredAt = clock.getAsLong();
        } else {
            lose(askedIn);
        }
        return take();
    }

    /// A new connection is open.
    List<PoolAction<S, C>> opened(long askedIn, C connection, ServerIdentity identity) {
        if (askedIn != epoch) return List.of(new PoolAction.Close<>(connection));
        opening--;
        if (isServerInUse(identity)) {
            isRefusing = false;
            connections.add(connection);
            return List.of(new PoolAction.Watch<>(connection));
        }
        actions.add(new PoolAction.Close<>(connection));
        lose(askedIn);
        return take();
    }

    /// A new connection could not be opened.
    List<PoolAction<S, C>> openFailed(long askedIn, FailureKind failure) {
        if (askedIn != epoch) return List.of();
        opening--;
        if (failure == FailureKind.REFUSED && !connections.isEmpty()) {
            // The server works, but takes no more (too many connections, a changed password): use what there is.
            isRefusing = true;
            actions.add(new PoolAction.OpenLater<>());
        } else {
            lose(askedIn);
        }
        return take();
    }

    /// The pause before another attempt to open connections is over.
    List<PoolAction<S, C>> openMore() {
        open(null);
        return take();
    }

    /// A new connection can carry statements.
    ///
    /// @param open whether it is still open
    List<PoolAction<S, C>> ready(C connection, boolean open) {
        release(connection, open);
        open(null);
        return take();
    }

    /// A connection ended. If the pool did not close it, the server did.
    List<PoolAction<S, C>> ended(C connection) {
        return connections.contains(connection) ? lost() : List.of();
    }

    /// Closes old idle connections: a name may resolve to another server by now, and a load peak may be over. While
    /// the server takes no new ones, keeps them and asks it again.
    List<PoolAction<S, C>> sweep(Predicate<C> isOld) {
        if (isRefusing) {
            if (opening == 0) open(1, null);
            return take();
        }
        for (var connection : List.copyOf(idle)) {
            if (isOld.test(connection)) close(connection);
        }
        return take();
    }

    /// Ends the pool. Statements in flight fail as their connections close.
    List<PoolAction<S, C>> close() {
        closed = true;
        reset();
        failWaiting(Reason.CLOSED);
        return take();
    }

    private List<PoolAction<S, C>> take() {
        var taken = actions;
        actions = new ArrayList<>();
        return taken;
    }

    /// Gives the statement a connection, a place in the queue, or a failure.
    private void place(S statement) {
        var connection = takeIdle(statement);
        if (connection != null) {
            send(statement, connection);
        } else if (closed) {
            fail(statement, Reason.CLOSED);
        } else if (searchedWithoutResult && !role.writes) {
            fail(statement, Reason.NO_SERVER);
        } else if (waiting.size() >= limits.queue()) {
            fail(statement, Reason.QUEUE_FULL);
        } else {
            waiting.add(statement);
            open(statement);
        }
    }

    private C takeIdle(S statement) {
        for (var connection : idle) {
            if (isNear.test(statement, connection)) {
                idle.remove(connection);
                return connection;
            }
        }
        return idle.pollFirst();
    }

    private void send(S statement, C connection) {
        statements.get(statement).sent(connection, epoch, clock.getAsLong());
        actions.add(new PoolAction.Send<>(statement, connection));
    }

    private void repeatOrFail(S statement, boolean isSafe, Reason reason) {
        if (isSafe && statements.get(statement).mayRepeat(clock.getAsLong())) {
            place(statement);
        } else {
            fail(statement, reason);
        }
    }

    private void complete(S statement) {
        statements.remove(statement);
        actions.add(new PoolAction.Complete<>(statement));
    }

    private void fail(S statement, Reason reason) {
        var uncertain = statements.remove(statement).isUncertain();
        actions.add(new PoolAction.Fail<>(statement, uncertain && !reason.isOutcomeUnknown() ? Reason.LOST : reason));
    }

    private void failWaiting(Reason reason) {
        waiting.forEach(statement -> fail(statement, reason));
        waiting.clear();
    }

    /// A connection in use is closed, since its answer may never come.
    private void expire(S statement, StatementProgress<C> progress) {
        waiting.remove(statement);
        if (progress.connection() == null) {
            fail(statement, server == null ? Reason.NO_SERVER : Reason.BUSY);
            return;
        }
        fail(statement, Reason.TIMEOUT);
        close(progress.connection());
        open(null);
    }

    private void wake(S statement, StatementProgress<C> progress) {
        var now = clock.getAsLong();
        var silence = silenceLeft(progress, now);
        // While the server is being verified, silence is no reason to wake.
        var delay = Math.min(
                progress.timeLeft(now), silence > 0 ? silence : limits.silence().toNanos());
        actions.add(new PoolAction.Wake<>(statement, Duration.ofNanos(delay)));
    }

    private long silenceLeft(StatementProgress<C> progress, long now) {
        var silence = progress.connection() == null ? 0 : Math.min(now - progress.sentAt(), now - answeredAt);
        return limits.silence().toNanos() - silence;
    }

    private void suspect(long seenIn) {
        if (seenIn != epoch || suspected) return;
        suspected = true;
        actions.add(new PoolAction.Verify<>(server, epoch));
    }

    private boolean isServerInUse(ServerIdentity identity) {
        return role.admits.test(identity)
                && identity.timeline() == server.identity().timeline();
    }

    /// Opens as many connections as statements wait for, within the limit.
    private void open(S near) {
        if (server == null) return;
        int count = Math.min(waiting.size() - opening, limits.connections() - connections.size() - opening);
        if (count > 0) open(count, near);
    }

    private void open(int count, S near) {
        opening += count;
        actions.add(new PoolAction.Open<>(server, epoch, count, near));
    }

    /// Puts a connection back, or gives it to the statement that waits longest.
    private void release(C connection, boolean open) {
        if (!connections.contains(connection)) return;
        if (!open) {
            lose(epoch);
            return;
        }
        answeredAt = clock.getAsLong();
        if (waiting.isEmpty()) {
            idle.addFirst(connection);
        } else {
            var next = waiting.iterator().next();
            waiting.remove(next);
            send(next, connection);
        }
    }

    /// Empties the pool and begins a search, once per epoch.
    private void lose(long seenIn) {
        if (seenIn != epoch || server == null) return;
        actions.add(new PoolAction.TellLost<>());
        actions.add(new PoolAction.Search<>());
        reset();
    }

    private void reset() {
        connections.forEach(connection -> actions.add(new PoolAction.Close<>(connection)));
        connections.clear();
        idle.clear();
        opening = 0;
        epoch++;
        server = null;
        searchedWithoutResult = false;
        suspected = false;
        isRefusing = false;
    }

    private void close(C connection) {
        if (!connections.remove(connection)) return;
        idle.remove(connection);
        actions.add(new PoolAction.Close<>(connection));
    }
}
