package dev.meridian.sqlpool;

import dev.meridian.sqlpool.Endpoint.Proven;
import dev.meridian.sqlpool.Search.Found;
import dev.meridian.sqlpool.SqlPoolException.Reason;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.impl.ContextInternal;
import io.vertx.core.impl.VertxInternal;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/// Connections to the one server in use and the statements that wait for them.
///
/// Any sign that the server is gone, read-only or silent empties the pool at once ([#lost]) and starts the
/// search; a statement has its own time limit, whatever state the pool is in. State is guarded by this object's
/// monitor; nothing is completed or called back while it is held.
final class StatementPool {
    /// How often, within the lifetime of a connection, idle ones are looked at.
    private static final int SWEEPS = 8;

    private final VertxInternal vertx;
    private final PoolBounds bounds;
    private final SearchPace pace;
    private final Predicate<Proof> admits;
    private final Role role;
    private final Search search;
    private final ContextInternal loop;

    private final Deque<Wire> idle = new ArrayDeque<>();
    private final Set<Wire> wires = new HashSet<>();
    private final Set<Statement> waiting = new LinkedHashSet<>();
    private int connecting;
    private long epoch;
    private Found home;
    private long sweeper = -1;
    private boolean started;
    private boolean inVain;
    private boolean suspected;
    private boolean closed;
    private volatile long answeredAt;

    /// What differs between the writer's pool and the reader's.
    interface Role {
        /// Whether the server must take writes, and statements wait until there is one; if not, they fail once none of
        /// the servers answers.
        boolean writes();

        /// A server was found.
        void found(Found home);

        /// The server was lost.
        void lost(Throwable cause);
    }

    StatementPool(
            Vertx vertx,
            List<Endpoint> endpoints,
            PoolBounds bounds,
            SearchPace pace,
            Role role,
            Predicate<Proof> admits) {
        this.vertx = (VertxInternal) vertx;
        this.bounds = bounds;
        this.role = role;
        this.admits = admits;
        this.loop = this.vertx.createEventLoopContext();
        this.pace = pace;
        this.search = new Search(loop, endpoints, pace, admits, new Search.Listener() {
            @Override
            public void found(Found server) {
                adopt(server);
            }

            @Override
            public void vain() {
                refuseWaiting();
            }
        });
    }

    /// Begins to look for a server, once.
    void start() {
        synchronized (this) {
            if (started) return;
            started = true;
        }
        search.start();
        sweeper = loop.setPeriodic(Math.max(1, pace.lifetime().toMillis() / SWEEPS), _ -> sweep());
    }

    /// Runs a statement; the answer arrives on the caller's context.
    Future<RowSet<Row>> execute(Statement statement) {
        start();
        statement.watch(this);
        next(statement);
        return statement.answer();
    }

    PoolBounds bounds() {
        return bounds;
    }

    synchronized boolean hasServer() {
        return home != null;
    }

    synchronized int pending() {
        return waiting.size();
    }

    synchronized int idle() {
        return idle.size();
    }

    synchronized int inUse() {
        return wires.size() - idle.size();
    }

    /// When the server in use last answered anything, in nanoseconds of this JVM.
    long answeredAt() {
        return answeredAt;
    }

    /// Gives the statement a connection, a place in the queue, or a refusal.
    private void next(Statement statement) {
        Wire wire;
        Reason refusal = null;
        synchronized (this) {
            wire = takeIdle(statement.caller());
            if (wire != null) {
                statement.send(wire, epoch);
            } else if (closed) {
                refusal = Reason.CLOSED;
            } else if (inVain && !role.writes()) {
                refusal = Reason.NO_SERVER;
            } else if (waiting.size() >= bounds.queue()) {
                refusal = Reason.QUEUE_FULL;
            } else {
                waiting.add(statement);
            }
        }
        if (wire != null) {
            run(statement, wire);
        } else if (refusal != null) {
            statement.fail(failure(refusal, search.lastFailure()));
        } else {
            grow(statement.caller());
        }
    }

    /// An idle connection, if possible one on the caller's own event loop.
    private Wire takeIdle(ContextInternal caller) {
        for (var wire : idle) {
            if (wire.isOn(caller)) {
                idle.remove(wire);
                return wire;
            }
        }
        return idle.pollFirst();
    }

    private void run(Statement statement, Wire wire) {
        wire.run(statement.caller(), statement.sql(), statement.parameters())
                .onComplete(answer -> answered(statement, wire, answer));
    }

    private void answered(Statement statement, Wire wire, AsyncResult<RowSet<Row>> answer) {
        var fault = answer.succeeded() ? null : judge(answer.cause(), wire);
        var sentIn = statement.received();
        switch (fault) {
            case null -> {
                release(wire);
                statement.complete(answer.result());
            }
            case ANSWER -> {
                release(wire);
                statement.fail(answer.cause());
            }
            case PASSING -> {
                release(wire);
                again(statement, true, answer.cause());
            }
            case READ_ONLY -> {
                lost(sentIn, answer.cause());
                again(statement, true, failure(Reason.NO_SERVER, answer.cause()));
            }
            case GONE -> {
                if (statement.isOpen()) lost(sentIn, answer.cause());
                again(statement, statement.isRepeatable(), failure(Reason.LOST, answer.cause()));
            }
        }
    }

    /// A reader is read-only by nature: there, a statement that writes is the caller's mistake.
    private Fault judge(Throwable failure, Wire wire) {
        var fault = Fault.of(failure, wire.isOpen());
        return fault == Fault.READ_ONLY && !role.writes() ? Fault.ANSWER : fault;
    }

    private void again(Statement statement, boolean safe, Throwable otherwise) {
        if (safe && statement.mayTryAgain()) {
            next(statement);
        } else {
            statement.fail(otherwise);
        }
    }

    private static SqlPoolException failure(Reason reason, Throwable cause) {
        return new SqlPoolException(reason, "no answer from PostgreSQL: " + reason, cause);
    }

    /// The statement's time is up: its connection is cut, since the answer may never come.
    void expired(Statement statement) {
        Wire wire;
        boolean hadServer;
        synchronized (this) {
            waiting.remove(statement);
            wire = statement.wire();
            hadServer = home != null;
            if (wire != null) forget(wire);
        }
        if (wire == null) {
            statement.fail(failure(hadServer ? Reason.BUSY : Reason.NO_SERVER, search.lastFailure()));
        } else {
            statement.fail(failure(Reason.TIMEOUT, null));
            wire.cut();
            grow(loop);
        }
    }

    /// Empties the pool and looks for the server again, once per epoch.
    ///
    /// @param seenIn the epoch the trouble was seen in; trouble of an older epoch is no news
    void lost(long seenIn, Throwable cause) {
        List<Wire> victims;
        synchronized (this) {
            if (seenIn != epoch || home == null || closed) return;
            victims = reset();
        }
        role.lost(cause);
        search.start();
        victims.forEach(Wire::cut);
    }

    /// No server answered as it should, and the search goes on.
    private void refuseWaiting() {
        List<Statement> refused;
        synchronized (this) {
            inVain = true;
            if (role.writes()) return;
            refused = List.copyOf(waiting);
            waiting.clear();
        }
        refused.forEach(statement -> statement.fail(failure(Reason.NO_SERVER, search.lastFailure())));
    }

    /// The server is silent. It is lost if it does not answer a new connection either; if it does, a statement
    /// is slow or waits for a lock, and has its own timeout.
    void suspect(long seenIn) {
        Endpoint target;
        synchronized (this) {
            if (seenIn != epoch || home == null || suspected || closed) return;
            suspected = true;
            target = home.endpoint();
        }
        loop.runOnContext(_ -> target.connect(loop, bounds.silence()).onComplete(done -> {
            if (done.succeeded()) done.result().wire().cut();
            if (isAlive(done)) {
                cleared(seenIn);
            } else {
                lost(seenIn, done.cause());
            }
        }));
    }

    private boolean isAlive(AsyncResult<Proven> done) {
        if (done.failed()) return Fault.of(done.cause(), false) == Fault.ANSWER;
        return admits.test(done.result().proof());
    }

    private synchronized void cleared(long seenIn) {
        if (seenIn != epoch) return;
        suspected = false;
        answeredAt = System.nanoTime();
    }

    /// Empties the pool whatever its server says: someone knows that it was replaced.
    void lostNow(Throwable cause) {
        long now;
        synchronized (this) {
            now = epoch;
        }
        lost(now, cause);
    }

    private List<Wire> reset() {
        var victims = List.copyOf(wires);
        wires.clear();
        idle.clear();
        connecting = 0;
        epoch++;
        home = null;
        inVain = false;
        suspected = false;
        return victims;
    }

    /// Takes a server into use. Called on the event loop of the search.
    private void adopt(Found server) {
        List<Wire> victims;
        boolean gone;
        synchronized (this) {
            gone = closed;
            victims = reset();
            if (!gone) {
                home = server;
                wires.add(server.proven().wire());
                answeredAt = System.nanoTime();
            }
        }
        victims.forEach(Wire::cut);
        if (gone) {
            server.proven().wire().cut();
            return;
        }
        role.found(server);
        welcome(server.proven().wire());
        grow(loop);
    }

    private void welcome(Wire wire) {
        long born;
        synchronized (this) {
            born = epoch;
        }
        wire.onGone(() -> {
            if (!wire.isCut()) {
                wire.cut();
                lost(born, null);
            }
        });
        release(wire);
    }

    /// Opens as many connections as statements wait for, within bounds.
    private void grow(ContextInternal near) {
        Endpoint target;
        int wanted;
        long born;
        synchronized (this) {
            if (home == null) return;
            target = home.endpoint();
            born = epoch;
            wanted = Math.min(waiting.size() - connecting, bounds.connections() - wires.size() - connecting);
            if (wanted <= 0) return;
            connecting += wanted;
        }
        for (int i = 0; i < wanted; i++) {
            var own = vertx.createEventLoopContext(near.nettyEventLoop(), null, near.classLoader());
            own.runOnContext(_ -> target.connect(own).onComplete(done -> grown(born, done)));
        }
    }

    private void grown(long born, AsyncResult<Proven> done) {
        boolean current;
        boolean alone;
        boolean good = done.succeeded() && admits.test(done.result().proof());
        synchronized (this) {
            current = born == epoch && home != null;
            alone = wires.isEmpty();
            if (current) {
                connecting--;
                good = good && done.result().proof().timeline() == home.timeline();
                if (good) wires.add(done.result().wire());
            }
        }
        if (current && good) {
            welcome(done.result().wire());
            return;
        }
        if (done.succeeded()) done.result().wire().cut();
        if (!current) return;
        if (done.failed() && Fault.of(done.cause(), false) == Fault.ANSWER && !alone) {
            // The server is well but lets no more in (too many connections, a changed password): make do.
            loop.setTimer(bounds.connect().toMillis(), _ -> grow(loop));
        } else {
            lost(born, done.cause());
        }
    }

    /// Puts a connection back, or to the statement that waits longest.
    private void release(Wire wire) {
        Statement next = null;
        synchronized (this) {
            if (!wires.contains(wire)) return;
            answeredAt = System.nanoTime();
            if (!wire.isOpen()) {
                forget(wire);
            } else if (waiting.isEmpty()) {
                idle.addFirst(wire);
            } else {
                next = waiting.iterator().next();
                waiting.remove(next);
                next.send(wire, epoch);
            }
        }
        if (next != null) run(next, wire);
    }

    /// Ends idle connections of old age: a name may lead to another server by now, and a peak is over.
    private void sweep() {
        List<Wire> old = new ArrayList<>();
        synchronized (this) {
            for (var wire : idle) {
                if (wire.age().compareTo(pace.lifetime()) > 0) old.add(wire);
            }
            old.forEach(this::forget);
        }
        old.forEach(Wire::cut);
    }

    private void forget(Wire wire) {
        wires.remove(wire);
        idle.remove(wire);
    }

    /// Closes every connection; statements that wait or run fail.
    ///
    /// @return completes when all sockets are closed
    Future<Void> close() {
        List<Wire> victims;
        List<Statement> refused;
        synchronized (this) {
            closed = true;
            victims = reset();
            refused = List.copyOf(waiting);
            waiting.clear();
        }
        vertx.cancelTimer(sweeper);
        var all = new ArrayList<Future<Void>>();
        all.add(search.close());
        victims.forEach(wire -> all.add(wire.cut()));
        refused.forEach(statement -> statement.fail(failure(Reason.CLOSED, null)));
        return Future.join(all).mapEmpty();
    }
}
