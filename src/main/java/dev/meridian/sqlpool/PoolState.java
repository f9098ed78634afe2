package dev.meridian.sqlpool;

import dev.meridian.sqlpool.Endpoint.Server;
import dev.meridian.sqlpool.SqlPoolException.Reason;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
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
/// A sign that the writer is gone, read-only or silent empties the pool at once and starts a search. Several
/// readers may share a name: of theirs, only the connections to the one that is gone are closed, and a search
/// starts when none is left. Each time a server is found or lost a new epoch begins; reports from an older
/// epoch change nothing.
///
/// Each statement has its own deadline, whatever state the pool is in. It is not sent when too little time is left
/// for an answer, and the server is told to end it before the deadline.
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
    /// Each with the address that its server reports.
    private final Map<C, String> connections = new LinkedHashMap<>();
    private final Deque<C> idle = new ArrayDeque<>();
    private int opening;
    /// Whether a connection was opened since the last sweep.
    private boolean renewed;

    private long epoch;
    private Server server;
    private boolean searchedWithoutResult;
    private boolean suspected;
    private long suspectedAt;
    /// Whether the first probe of the server that is suspected has failed.
    private boolean hasProbeFailed;
    private boolean closed;
    private long answeredAt;
    private AnswerTimes answers = new AnswerTimes(0);
    /// The actions for the current event.
    private List<PoolAction<S, C>> actions = new ArrayList<>();

    /// What differs between the writer's pool and the reader's.
    ///
    /// @param writes whether the server must take writes, and statements wait until there is one; if not, they fail
    ///     once no server answers
    /// @param admits whether a server may be used
    record Role(boolean writes, Predicate<Server> admits) {}

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

    /// The shortest time in which the server in use has answered; zero when there is none.
    Duration shortestAnswer() {
        return Duration.ofNanos(answers.shortest());
    }

    /// A caller submits a statement.
    ///
    /// @param repeatable whether it may run twice
    List<PoolAction<S, C>> submit(S statement, boolean repeatable, Duration timeout) {
        var progress = new StatementProgress<C>(repeatable, timeout.toNanos(), clock.getAsLong());
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
        if (failure != FailureKind.CONNECTION_LOST && progress.sentIn() == epoch) {
            answers.add(clock.getAsLong() - progress.sentAt(), failure != null);
        }
        switch (failure == FailureKind.READ_ONLY && !role.writes ? FailureKind.REFUSED : failure) {
            case READ_ONLY -> {
                lose(progress.sentIn());
                repeatOrFail(statement, true, Reason.NO_SERVER);
            }
            case CONNECTION_LOST -> {
                broken(connection);
                repeatOrFail(statement, progress.isRepeatable(), Reason.LOST);
            }
            case CANCELLED -> {
                release(connection, open);
                fail(statement, Reason.CANCELLED);
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
        if (progress.connection() == null ? isTooLate(progress, now) : progress.timeLeft(now) <= 0) {
            expire(statement, progress);
        } else {
            wake(statement, progress);
        }
        return take();
    }

    /// A search found a server, or a server on a newer timeline answered.
    ///
    /// @param connection open and verified; the pool takes it over
    /// @param roundTrip to the server and back, as just measured
    List<PoolAction<S, C>> found(Server found, C connection, Duration roundTrip) {
        if (closed) return List.of(new PoolAction.Close<>(connection));
        // A newer timeline or writer epoch may have become known since the server was probed.
        if (!role.admits.test(found)) {
            return List.of(new PoolAction.Close<>(connection), new PoolAction.Search<>());
        }
        reset();
        server = found;
        answers = new AnswerTimes(roundTrip.toNanos());
        answeredAt = clock.getAsLong();
        connections.put(connection, found.identity().server());
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

    /// What is admitted has changed: the server in use is dropped if it is not, whatever it answers.
    List<PoolAction<S, C>> recheck() {
        if (server != null && !role.admits.test(server)) lose(epoch);
        return take();
    }

    /// The silent server was probed over a new connection. If it answers there or anywhere else by now, a statement
    /// is slow or waits for a lock, and its own deadline ends it. One probe may be lost on its way: a second one
    /// follows at once.
    ///
    /// @param identity null when the connection failed
    /// @param failure null when it did not
    List<PoolAction<S, C>> verified(long askedIn, ServerIdentity identity, FailureKind failure) {
        if (askedIn != epoch) return List.of();
        boolean isSilent = identity == null && failure == FailureKind.CONNECTION_LOST && answeredAt - suspectedAt <= 0;
        if (isSilent && !hasProbeFailed) {
            hasProbeFailed = true;
            actions.add(new PoolAction.Verify<>(server, epoch));
            return take();
        }
        suspected = false;
        if (identity == null ? failure != FailureKind.CONNECTION_LOST : isUsable(identity)) {
            answeredAt = clock.getAsLong();
        } else if (identity != null || isSilent) {
            loseSilent();
        }
        return take();
    }

    /// A new connection is open.
    List<PoolAction<S, C>> opened(long askedIn, C connection, ServerIdentity identity) {
        if (askedIn != epoch) return List.of(new PoolAction.Close<>(connection));
        opening--;
        if (isUsable(identity)) {
            renewed = true;
            connections.put(connection, identity.server());
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
        boolean isAnswering = !role.writes
                || clock.getAsLong() - answeredAt < limits.silence().toNanos();
        if (!connections.isEmpty() && (failure != FailureKind.CONNECTION_LOST || isAnswering)) {
            // A server works, but takes no more (too many connections, a changed password), or is hard to reach: use
            // what there is.
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
        broken(connection);
        return take();
    }

    /// Closes old idle connections: a name may resolve to another server by now, and a load peak may be over.
    /// First it opens a new one, so that the pool keeps what it has while the server takes none (a password
    /// that has changed).
    List<PoolAction<S, C>> sweep(Predicate<C> isOld) {
        var old = idle.stream().filter(isOld).toList();
        if (renewed) {
            old.forEach(this::close);
        } else if (!old.isEmpty() && opening == 0) {
            if (connections.size() == limits.connections()) close(old.getFirst());
            open(1, null);
        }
        renewed = false;
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
        if (isTooLate(statements.get(statement), clock.getAsLong())) {
            fail(statement, server == null ? Reason.NO_SERVER : Reason.BUSY);
            return;
        }
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
        var now = clock.getAsLong();
        var progress = statements.get(statement);
        progress.sent(connection, epoch, now);
        var limit = answers.serverLimit(progress.timeLeft(now), progress.timeout());
        actions.add(new PoolAction.Send<>(statement, connection, limit));
    }

    /// Whether there is too little time left to send it.
    private boolean isTooLate(StatementProgress<C> progress, long now) {
        return progress.timeLeft(now) <= answers.needed(progress.timeout());
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
        if (role.writes) {
            close(progress.connection());
        } else {
            broken(progress.connection());
        }
        open(null);
    }

    private void wake(S statement, StatementProgress<C> progress) {
        var now = clock.getAsLong();
        var silence = silenceLeft(progress, now);
        var time = progress.timeLeft(now) - (progress.connection() == null ? answers.needed(progress.timeout()) : 0);
        // While the server is being verified, silence is no reason to wake.
        var delay = Math.min(time, silence > 0 ? silence : limits.silence().toNanos());
        actions.add(new PoolAction.Wake<>(statement, Duration.ofNanos(delay)));
    }

    private long silenceLeft(StatementProgress<C> progress, long now) {
        var silence = progress.connection() == null ? 0 : Math.min(now - progress.sentAt(), now - answeredAt);
        return limits.silence().toNanos() - silence;
    }

    private void suspect(long seenIn) {
        if (seenIn != epoch || suspected) return;
        suspected = true;
        hasProbeFailed = false;
        suspectedAt = clock.getAsLong();
        actions.add(new PoolAction.Verify<>(server, epoch));
    }

    /// Whether a new connection led to the writer in use; readers may be several behind one name.
    private boolean isUsable(ServerIdentity identity) {
        return role.admits.test(new Server(server.endpoint(), identity))
                && (!role.writes || identity.timeline() == server.identity().timeline());
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
        if (!connections.containsKey(connection)) return;
        if (!open) {
            broken(connection);
            return;
        }
        answeredAt = clock.getAsLong();
        while (!waiting.isEmpty()) {
            var next = waiting.iterator().next();
            waiting.remove(next);
            if (!isTooLate(statements.get(next), answeredAt)) {
                send(next, connection);
                return;
            }
            fail(next, Reason.BUSY);
        }
        idle.addFirst(connection);
    }

    /// A connection broke, or its server does not answer there: a writer is lost; of a reader, the idle connections
    /// go too, and statements in flight there find out by themselves.
    private void broken(C connection) {
        if (!connections.containsKey(connection)) return;
        if (role.writes) {
            lose(epoch);
            return;
        }
        var address = connections.get(connection);
        close(connection);
        for (var other : List.copyOf(idle)) {
            if (connections.get(other).equals(address)) close(other);
        }
        if (connections.isEmpty()) {
            lose(epoch);
        } else {
            open(null);
        }
    }

    /// The server answers nowhere. Of several readers, those are lost that owe an answer.
    private void loseSilent() {
        if (role.writes) {
            lose(epoch);
            return;
        }
        var now = clock.getAsLong();
        for (var progress : List.copyOf(statements.values())) {
            if (progress.connection() != null && silenceLeft(progress, now) <= 0) broken(progress.connection());
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
        connections.keySet().forEach(connection -> actions.add(new PoolAction.Close<>(connection)));
        connections.clear();
        idle.clear();
        opening = 0;
        epoch++;
        server = null;
        searchedWithoutResult = false;
        suspected = false;
        renewed = false;
        answers = new AnswerTimes(0);
    }

    private void close(C connection) {
        if (connections.remove(connection) == null) return;
        idle.remove(connection);
        actions.add(new PoolAction.Close<>(connection));
    }
}
