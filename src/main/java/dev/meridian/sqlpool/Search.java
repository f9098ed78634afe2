package dev.meridian.sqlpool;

import dev.meridian.sqlpool.Endpoint.Proven;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.impl.ContextInternal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/// Asks all servers, each at its own pace, which of them is the one to use. Everything here runs on one event
/// loop.
///
/// To each server that is not in use one connection is kept, so a standby that is promoted is noticed with a
/// single round trip. A server in use is not asked: the statements tell.
final class Search {
    private static final Duration KEPT_SEARCHING = Duration.ofMillis(700);
    private static final Duration KEPT_WATCHING = Duration.ofSeconds(30);

    private final ContextInternal loop;
    private final List<Scout> scouts = new ArrayList<>();
    private final SearchPace pace;
    private final Predicate<Proof> admits;
    private final Listener listener;

    private final Set<Scout> answered = new HashSet<>();
    private Scout home;
    private Scout lastHome;
    private boolean settling;
    private int round;
    private volatile Throwable lastFailure;
    private boolean closed;

    /// A server to use.
    record Found(Endpoint endpoint, Proven proven) {
        long timeline() {
            return proven.proof().timeline();
        }
    }

    /// Hears how it goes.
    interface Listener {
        /// Here is the server to use: once per search, and while all is well when there is one on a newer
        /// timeline.
        void found(Found server);

        /// Every server was asked at least once, and there is none to use. The search goes on.
        void vain();
    }

    /// @param admits whether a server may be used
    Search(
            ContextInternal loop,
            List<Endpoint> endpoints,
            SearchPace pace,
            Predicate<Proof> admits,
            Listener listener) {
        this.loop = loop;
        this.pace = pace;
        this.admits = admits;
        this.listener = listener;
        endpoints.forEach(endpoint -> scouts.add(new Scout(endpoint)));
    }

    /// Looks for a server, at once and until one is found.
    void start() {
        loop.runOnContext(_ -> {
            home = null;
            round++;
            settling = false;
            answered.clear();
            scouts.forEach(Scout::hurry);
        });
    }

    /// Why there is no server, for people; null when nothing failed.
    Throwable lastFailure() {
        return lastFailure;
    }

    Future<Void> close() {
        Promise<Void> done = Promise.promise();
        loop.runOnContext(_ -> {
            closed = true;
            Future.join(scouts.stream().map(Scout::drop).toList())
                    .<Void>mapEmpty()
                    .onComplete(done);
        });
        return done.future();
    }

    private boolean isSearching() {
        return home == null;
    }

    private void answered(Scout scout) {
        if (!isSearching()) {
            if (scout.isGood() && scout.timeline() > home.timeline()) settle(scout);
            return;
        }
        answered.add(scout);
        if (answered.size() == scouts.size() || pace.settle().isZero()) {
            settleBest();
        } else if (scout.isGood() && !settling) {
            settling = true;
            int mine = round;
            loop.setTimer(pace.settle().toMillis(), _ -> {
                if (mine == round) settleBest();
            });
        }
    }

    private void settleBest() {
        settling = false;
        if (!isSearching()) return;
        Scout best = null;
        for (var scout : answered) {
            if (scout.isGood() && (best == null || isBetter(scout, best))) best = scout;
        }
        if (best != null) {
            settle(best);
        } else if (answered.size() == scouts.size()) {
            listener.vain();
        }
    }

    /// The newer timeline, else the one that served before, else the order of the configuration.
    private boolean isBetter(Scout scout, Scout than) {
        if (scout.timeline() != than.timeline()) return scout.timeline() > than.timeline();
        return than != lastHome && (scout == lastHome || scouts.indexOf(scout) < scouts.indexOf(than));
    }

    private void settle(Scout scout) {
        home = scout;
        lastHome = scout;
        listener.found(new Found(scout.endpoint, scout.handOver()));
    }

    /// Watches one server.
    private final class Scout {
        private final Endpoint endpoint;
        private Wire wire;
        private Proof proof;
        private boolean asking;
        private int asked;
        private long timer = -1;

        Scout(Endpoint endpoint) {
            this.endpoint = endpoint;
        }

        boolean isGood() {
            return wire != null && wire.isOpen() && proof != null && admits.test(proof);
        }

        long timeline() {
            return proof == null ? 0 : proof.timeline();
        }

        Proven handOver() {
            var own = wire;
            wire = null;
            return new Proven(own, proof);
        }

        void hurry() {
            asked = 0;
            loop.owner().cancelTimer(timer);
            ask();
        }

        Future<Void> drop() {
            var own = wire;
            wire = null;
            return own == null ? Future.succeededFuture() : own.cut();
        }

        private void ask() {
            if (asking || closed || this == home) return;
            asking = true;
            asked++;
            if (wire != null && (!wire.isOpen() || isStale())) drop();
            var answer = wire == null ? endpoint.connect(loop) : endpoint.ask(wire);
            answer.onComplete(this::heard);
        }

        /// A kept connection leads to the same server for ever, but the name may lead to another one by now.
        private boolean isStale() {
            return wire.age().compareTo(isSearching() ? KEPT_SEARCHING : KEPT_WATCHING) > 0;
        }

        private void heard(AsyncResult<Proven> answer) {
            asking = false;
            if (closed) {
                if (answer.succeeded()) answer.result().wire().cut();
                return;
            }
            if (answer.succeeded()) {
                wire = answer.result().wire();
                proof = answer.result().proof();
            } else {
                lastFailure = answer.cause();
                drop();
                proof = null;
            }
            answered(this);
            if (this != home) later();
        }

        private void later() {
            if (!isSearching() && pace.watch().isZero()) {
                drop();
                return;
            }
            timer = loop.setTimer(isSearching() ? pace.searchingMillis(asked) : pace.watchingMillis(), _ -> ask());
        }
    }
}
