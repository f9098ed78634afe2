package dev.meridian.sqlpool;

import dev.meridian.sqlpool.Endpoint.Server;
import dev.meridian.sqlpool.Endpoint.VerifiedConnection;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;

/// Probes all servers, each at its own pace, to find the one to use. Runs on one event loop.
///
/// Keeps one connection to each server that is not in use, so that one round trip shows that a standby was
/// promoted. The server in use is not probed: its statements show whether it works.
final class ServerDiscovery {
    private static final Duration KEPT_SEARCHING = Duration.ofMillis(700);
    private static final Duration KEPT_WATCHING = Duration.ofSeconds(30);

    private final EventLoop loop;
    private final List<ServerProbe> probes = new ArrayList<>();
    private final DiscoveryTiming timing;
    private final Predicate<Server> admits;
    private final Consumer<VerifiedConnection> found;
    private final Runnable noneFound;

    private final Set<ServerProbe> answered = new HashSet<>();
    private ServerProbe inUse;
    private ServerProbe lastInUse;
    private boolean settling;
    private int round;
    private volatile Throwable lastFailure;
    private boolean closed;

    /// @param admits whether a server may be used
    /// @param found is called with the server to use, once per search; and between searches with each server that
    ///     answers on a newer timeline
    /// @param noneFound is called when every server has been probed and none may be used; the search continues
    ServerDiscovery(
            EventLoop loop,
            PoolSettings settings,
            Predicate<Server> admits,
            Consumer<VerifiedConnection> found,
            Runnable noneFound) {
        this.loop = loop;
        this.timing = settings.timing();
        this.admits = admits;
        this.found = found;
        this.noneFound = noneFound;
        settings.endpoints().forEach(endpoint -> probes.add(new ServerProbe(endpoint)));
    }

    /// Begins a search: probes every server now, and again until one is found.
    void start() {
        loop.execute(() -> {
            inUse = null;
            round++;
            settling = false;
            answered.clear();
            probes.forEach(ServerProbe::askNow);
        });
    }

    /// The last failure of any server, as the cause in messages; null when nothing failed.
    Throwable lastFailure() {
        return lastFailure;
    }

    /// Stops probing.
    ///
    /// @return completes when all sockets are closed
    Future<Void> close() {
        Promise<Void> done = Promise.promise();
        loop.execute(() -> {
            closed = true;
            Future.join(probes.stream().map(ServerProbe::close).toList())
                    .<Void>mapEmpty()
                    .onComplete(done);
        });
        return done.future();
    }

    private boolean isSearching() {
        return inUse == null;
    }

    private void answered(ServerProbe probe) {
        if (!isSearching()) {
            if (probe.isUsable() && probe.timeline() > inUse.timeline()) use(probe);
            return;
        }
        answered.add(probe);
        if (answered.size() == probes.size() || timing.settle().isZero()) {
            useBest();
        } else if (probe.isUsable() && !settling) {
            settling = true;
            int mine = round;
            loop.after(timing.settle(), () -> {
                if (mine == round) useBest();
            });
        }
    }

    private void useBest() {
        settling = false;
        if (!isSearching()) return;
        ServerProbe best = null;
        for (var probe : answered) {
            if (probe.isUsable() && (best == null || isBetter(probe, best))) best = probe;
        }
        if (best != null) {
            use(best);
        } else if (answered.size() == probes.size()) {
            noneFound.run();
        }
    }

    /// The newer timeline; else the server used before; else the first in the configuration.
    private boolean isBetter(ServerProbe probe, ServerProbe than) {
        if (probe.timeline() != than.timeline()) return probe.timeline() > than.timeline();
        return than != lastInUse && (probe == lastInUse || probes.indexOf(probe) < probes.indexOf(than));
    }

    private void use(ServerProbe probe) {
        inUse = probe;
        lastInUse = probe;
        found.accept(probe.handOver());
    }

    /// Probes one server.
    private final class ServerProbe {
        private final Endpoint endpoint;
        private PgSocket socket;
        /// Null when it did not answer the last time.
        private ServerIdentity identity;

        private boolean asking;
        private int asked;
        private long timer = -1;

        ServerProbe(Endpoint endpoint) {
            this.endpoint = endpoint;
        }

        boolean isUsable() {
            return socket != null && socket.isOpen() && identity != null && admits.test(new Server(endpoint, identity));
        }

        long timeline() {
            return identity == null ? 0 : identity.timeline();
        }

        VerifiedConnection handOver() {
            var own = socket;
            socket = null;
            return new VerifiedConnection(new Server(endpoint, identity), own);
        }

        void askNow() {
            asked = 0;
            loop.cancel(timer);
            ask();
        }

        Future<Void> closeNow() {
            var own = socket;
            socket = null;
            return own == null ? Future.succeededFuture() : own.closeNow();
        }

        Future<Void> close() {
            endpoint.closeOpening();
            return closeNow();
        }

        private void ask() {
            if (asking || closed || this == inUse) return;
            asking = true;
            asked++;
            if (socket != null && (!socket.isOpen() || isStale())) closeNow();
            var answer = socket == null ? endpoint.connect(loop) : endpoint.verify(socket);
            answer.onComplete(this::onAnswer);
        }

        /// An open connection always leads to the same server, but the name may resolve to another one by now.
        private boolean isStale() {
            var kept = isSearching() ? KEPT_SEARCHING : KEPT_WATCHING;
            return socket.isOlderThan(kept.plus(endpoint.connecting().multipliedBy(2)));
        }

        private void onAnswer(AsyncResult<VerifiedConnection> answer) {
            asking = false;
            if (closed) {
                if (answer.succeeded()) answer.result().socket().closeNow();
                return;
            }
            if (answer.succeeded()) {
                socket = answer.result().socket();
                identity = answer.result().server().identity();
            } else {
                lastFailure = answer.cause();
                closeNow();
                identity = null;
            }
            answered(this);
            if (this != inUse) askLater();
        }

        private void askLater() {
            if (!isSearching() && timing.watch().isZero()) {
                closeNow();
                return;
            }
            timer = loop.after(isSearching() ? timing.searchPause(asked) : timing.watchPause(), this::ask);
        }
    }
}
