package dev.meridian.sqlpool;

import static dev.meridian.sqlpool.FailureKind.CANCELLED;
import static dev.meridian.sqlpool.FailureKind.CONNECTION_LOST;
import static dev.meridian.sqlpool.FailureKind.READ_ONLY;
import static dev.meridian.sqlpool.FailureKind.REFUSED;
import static dev.meridian.sqlpool.FailureKind.TRANSIENT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.meridian.sqlpool.Endpoint.Server;
import dev.meridian.sqlpool.SqlPoolException.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;

/// A [PoolState] with servers, connections and callers in memory only. Carries out each action like
/// [StatementPool]; everything that takes time stays pending until a random event ends it.
final class SimulatedPool {
    /// Whether operators have named the server in use as the writer.
    private boolean isAdmitted = true;

    private static final int THREADS = 2;
    private static final int EVENTS_SHOWN = 40;
    private static final PoolLimits LIMITS =
            new PoolLimits(3, 4, Duration.ofMillis(50), Duration.ofMillis(30), Duration.ofMillis(100));

    private final Random random;
    private final boolean writes;
    /// Whether most responses take longer than the silence after which a server is suspect.
    private final boolean slow;

    private final TimelineFence fence = new TimelineFence();
    private final PoolState<Call, Link> state;
    private final List<Entry> log = new ArrayList<>();
    private final Set<Class<?>> actions = new HashSet<>();
    private final Set<Reason> reasons = EnumSet.noneOf(Reason.class);

    private final List<Call> calls = new ArrayList<>();
    private final List<Link> links = new ArrayList<>();
    /// Servers to which connections are being opened or verified, with the epochs of the requests.
    private final List<Attempt> opening = new ArrayList<>();

    private final List<Attempt> verifying = new ArrayList<>();
    /// While a failed probe is reported: that probe.
    private Attempt failedProbe;

    /// Servers to which more connections are opened after a pause.
    private final List<Server> openLater = new ArrayList<>();

    /// The time of the last response from the server in use.
    private long heardAt;

    private long now = Long.MAX_VALUE - 1_000_000_000L;
    private int names;
    private Server server;
    private boolean searching = true;
    private boolean foundNone;
    private boolean closed;
    /// While a response is reported: the statement that may be completed, and its response.
    private Call answered;

    private FailureKind answer;

    private record Entry(String event, List<PoolAction<Call, Link>> todo) {
        @Override
        public String toString() {
            return event + " -> " + todo;
        }
    }

    /// @param at when it began; of a second probe, when the first began
    /// @param isSecond whether it is the probe after one that failed
    private record Attempt(Server server, long epoch, long at, boolean isSecond) {}

    /// A statement and its caller.
    private static final class Call {
        private final int name;
        private final int thread;
        private final boolean repeatable;
        private final long timeout;
        private final long deadline;
        private long wakeAt;
        private boolean wakes;
        private boolean done;
        private int sent;
        private long sentAt;
        /// The connection it is in flight on.
        private Link link;
        /// The outcome of the last try; null when there was none.
        private FailureKind last;

        private boolean uncertain;

        private Call(int name, int thread, boolean repeatable, long timeout, long deadline) {
            this.name = name;
            this.thread = thread;
            this.repeatable = repeatable;
            this.timeout = timeout;
            this.deadline = deadline;
        }

        @Override
        public String toString() {
            return "s" + name;
        }
    }

    /// A connection.
    private static final class Link {
        private final int name;
        private final int thread;
        private final ServerIdentity identity;
        /// The server's side is open.
        private boolean alive = true;
        /// The pool has closed it.
        private boolean closed;
        /// The pool was notified of its end.
        private boolean watched;
        /// It was reported as ready.
        private boolean ready;
        private Call inFlight;

        private Link(int name, int thread, ServerIdentity identity) {
            this.name = name;
            this.thread = thread;
            this.identity = identity;
        }

        private boolean isOpen() {
            return alive && !closed;
        }

        private boolean isIdle() {
            return ready && !closed && inFlight == null;
        }

        @Override
        public String toString() {
            return "c" + name;
        }
    }

    SimulatedPool(Random random, boolean writes) {
        this.random = random;
        this.writes = writes;
        this.slow = random.nextInt(3) == 0;
        Predicate<Server> admits = server -> isAdmitted && (!writes || fence.admits(server.identity()));
        this.state = new PoolState<>(
                LIMITS, new PoolState.Role(writes, admits), (call, link) -> call.thread == link.thread, () -> now);
    }

    Set<Class<?>> actions() {
        return actions;
    }

    Set<Reason> reasons() {
        return reasons;
    }

    void randomEvent() {
        switch (random.nextInt(30)) {
            case 0, 1, 2, 3, 4, 5 -> submit();
            case 6, 7, 8, 9, 10, 11, 12 -> {
                if (slow && random.nextInt(8) > 0) {
                    pass(8, 3);
                    any(verifying, _ -> true).ifPresent(this::verified);
                } else {
                    any(calls, call -> call.link != null).ifPresent(this::answer);
                }
            }
            case 13, 14, 15 -> any(links, link -> link.watched && !link.ready).ifPresent(this::ready);
            case 16, 17 -> any(opening, _ -> true).ifPresent(this::opened);
            case 18 -> any(verifying, _ -> true).ifPresent(this::verified);
            case 19, 20 -> find();
            case 21, 22, 23, 24 -> pass(random.nextInt(12), 3);
            default -> rareEvent();
        }
    }

    private void rareEvent() {
        switch (random.nextInt(16)) {
            case 0 -> any(links, link -> link.alive).ifPresent(this::serverEnds);
            case 1 -> raise();
            case 2 -> {
                isAdmitted = false;
                tell("recheck", state.recheck());
                isAdmitted = true;
            }
            case 3 -> noneFound();
            case 4 -> tell("sweep", state.sweep(_ -> random.nextBoolean()));
            case 5 -> {
                if (openLater.isEmpty()) return;
                openLater.removeFirst();
                tell("open more", state.openMore());
            }
            case 6 -> {
                if (random.nextInt(10) == 0) close();
            }
            case 7, 8 -> {
                for (int i = 0; i < 6; i++) submit();
            }
            default -> pass(2, 3);
        }
    }

    /// The invariants between any two events.
    void check() {
        calls.removeIf(call -> call.done && call.link == null);
        links.removeIf(link -> link.closed && link.inFlight == null);
        var open = calls.stream().filter(call -> !call.done).toList();
        int waiting = (int) open.stream().filter(call -> call.link == null).count();
        assertEquals(waiting, state.pending(), "each open statement waits or is in flight");
        if (foundNone && !writes) assertEquals(0, waiting, "no read waits while no reader answers");
        assertTrue(waiting <= LIMITS.queue(), "the queue is bounded");
        assertTrue(open.stream().allMatch(call -> call.wakes), "each open statement is looked at again");
        int held = (int) links.stream().filter(link -> !link.closed).count();
        assertEquals(held, state.idle() + state.inUse(), "a connection is the pool's or closed");
        int idle = (int) links.stream().filter(Link::isIdle).count();
        assertEquals(idle, state.idle(), "a connection without a statement is idle");
        assertTrue(held <= LIMITS.connections(), "connections are bounded");
        assertTrue(waiting == 0 || idle == 0, "none waits while a connection is idle");
        assertEquals(server != null, state.hasServer(), "the owner of the pool knows of the server");
        assertTrue(closed || server != null || searching, "without a server a search goes on");
        if (server == null) assertEquals(0, held, "without a server there are no connections");
        if (server != null && writes) {
            assertEquals(server.identity().timeline(), newest(), "the writer is on the newest timeline");
        }
        if (server != null && openLater.stream().noneMatch(each -> each == server)) {
            long asked = opening.stream().filter(each -> each.server == server).count();
            boolean unready = links.stream().anyMatch(link -> !link.closed && !link.ready);
            boolean enough = unready || waiting <= asked || held + asked >= LIMITS.connections();
            assertTrue(enough, "connections are opened for what waits");
        }
        if (closed) assertTrue(waiting == 0 && server == null && held == 0, "a closed pool holds nothing");
    }

    /// Lets all pending work end, then closes the pool.
    void settle() {
        for (int i = 0; i < 20; i++) {
            pass(10, 0);
            check();
        }
        assertTrue(calls.stream().allMatch(call -> call.done), "every statement ends in time");
        if (!closed) close();
        while (!opening.isEmpty()) opened(opening.getFirst());
        while (!verifying.isEmpty()) verified(verifying.getFirst());
        for (var call : List.copyOf(calls)) {
            if (call.link != null) answer(call);
        }
        check();
        assertTrue(links.stream().allMatch(link -> link.closed), "every connection is closed");
    }

    private void submit() {
        var timeout = Duration.ofMillis(1 + random.nextInt(100));
        var call = new Call(
                names++, random.nextInt(THREADS), random.nextBoolean(), timeout.toNanos(), now + timeout.toNanos());
        calls.add(call);
        var near = links.stream().anyMatch(link -> link.isIdle() && link.thread == call.thread);
        tell("submit " + call, state.submit(call, call.repeatable, timeout));
        if (near) assertEquals(call.thread, call.link.thread, "a connection of the caller's thread is preferred");
    }

    /// A statement in flight ends, with a response or with the end of its connection.
    private void answer(Call call) {
        var link = call.link;
        boolean wasOpen = !link.closed;
        var before = server;
        var kind = link.isOpen() ? randomAnswer() : random.nextInt(4) > 0 ? CONNECTION_LOST : randomAnswer();
        if (kind == CONNECTION_LOST) link.alive = false;
        call.link = null;
        call.last = kind == READ_ONLY && !writes ? REFUSED : kind;
        call.uncertain |= kind == CONNECTION_LOST;
        link.inFlight = null;
        var others = othersThan(link);
        answered = call.done ? null : call;
        answer = call.last;
        tell("answer " + call + " " + kind + " on " + link, state.answered(call, link, kind, link.isOpen()));
        answered = null;
        if (wasOpen && link.isOpen()) heardAt = now;
        if (!wasOpen) assertSame(before, server, "what is old news changes nothing");
        if (!call.done) assertTrue(now - call.deadline < 0, "repeated only in time");
        boolean lost = call.last == CONNECTION_LOST || call.last == READ_ONLY;
        if (wasOpen) assertEquals(lost, link.closed, "the answer that tells of a lost server ends its connections");
        if (kind == CONNECTION_LOST && link.watched) tell("end of " + link, state.ended(link));
        assertOpen(others);
    }

    /// The open connections that a failure of this one must not close.
    private List<Link> othersThan(Link link) {
        return links.stream()
                .filter(each ->
                        !writes && each.isOpen() && !each.identity.server().equals(link.identity.server()))
                .toList();
    }

    private static void assertOpen(List<Link> links) {
        assertTrue(links.stream().noneMatch(link -> link.closed), "the connections to other readers stay");
    }

    private FailureKind randomAnswer() {
        return switch (random.nextInt(12)) {
            case 0 -> REFUSED;
            case 1 -> TRANSIENT;
            case 2 -> READ_ONLY;
            case 3 -> CONNECTION_LOST;
            case 4 -> CANCELLED;
            default -> null;
        };
    }

    private void ready(Link link) {
        link.ready = true;
        if (link.isOpen()) heardAt = now;
        tell("ready " + link, state.ready(link, link.isOpen()));
    }

    private void opened(Attempt attempt) {
        opening.remove(attempt);
        if (random.nextInt(4) == 0) {
            var kind = random.nextBoolean() ? REFUSED : CONNECTION_LOST;
            boolean current = server == attempt.server && attempt.server != null;
            boolean others = links.stream().anyMatch(link -> !link.closed);
            tell("cannot open " + kind, state.openFailed(attempt.epoch, kind));
            boolean heard = !writes || now - heardAt < LIMITS.silence().toNanos();
            if (current) assertEquals(others && (kind == REFUSED || heard), server != null, "what works is kept");
        } else {
            var link = link(identityAt(attempt));
            tell("opened " + link, state.opened(attempt.epoch, link, link.identity));
        }
    }

    private void verified(Attempt attempt) {
        verifying.remove(attempt);
        boolean current = server == attempt.server && server != null;
        var failure = random.nextBoolean() ? null : random.nextBoolean() ? REFUSED : CONNECTION_LOST;
        var identity = failure == null ? identityAt(attempt) : null;
        var before = attempt.server.identity();
        var owing = links.stream()
                .filter(link -> link.inFlight != null)
                .map(link -> link.identity.server())
                .toList();
        var quiet = links.stream()
                .filter(link -> !writes && !link.closed && !owing.contains(link.identity.server()))
                .toList();
        failedProbe = failure == CONNECTION_LOST ? attempt : null;
        tell("verified " + failure, state.verified(attempt.epoch, identity, failure));
        failedProbe = null;
        if (!current) return;
        boolean answers = failure == REFUSED || identity != null && (!writes || identity.equals(before));
        boolean isFirstFailure = identity == null && !answers && !attempt.isSecond;
        boolean heard = heardAt - attempt.at > 0;
        boolean again = verifying.stream().anyMatch(each -> each.isSecond && each.epoch == attempt.epoch);
        assertEquals(isFirstFailure && !heard, again, "a second probe follows the first one that fails");
        boolean alive = answers || identity == null && heard || isFirstFailure;
        if (writes) assertEquals(alive, server != null, "a server that answers is kept, and no other");
        if (alive) assertNotNull(server, "a reader that answers is kept");
        assertOpen(quiet);
        if (answers) heardAt = now;
    }

    /// Mostly the expected server, sometimes another one that now has its address.
    private ServerIdentity identityAt(Attempt attempt) {
        return random.nextInt(6) > 0 ? attempt.server.identity() : randomIdentity();
    }

    private ServerIdentity randomIdentity() {
        if (!writes) {
            return new ServerIdentity(false, "a", random.nextInt(10) == 0 ? 1 : 0, "reader " + random.nextInt(3));
        }
        return new ServerIdentity(
                random.nextInt(6) > 0,
                random.nextInt(6) > 0 ? "a" : "b",
                Math.max(1, newest() + random.nextInt(3) - 1),
                "");
    }

    /// A search finds a server, or a server on a newer timeline is noticed.
    private void find() {
        var identity = randomIdentity();
        boolean newer =
                server != null && identity.timeline() > server.identity().timeline();
        if (!searching && !newer || writes && !fence.admits(identity)) return;
        // Between the answer of the server and the news of it, another process may tell of a newer timeline.
        if (writes && random.nextInt(10) == 0) raise();
        searching = false;
        var link = link(identity);
        tell("found " + link, state.found(new Server(null, identity), link, Duration.ofMillis(random.nextInt(3))));
    }

    private void noneFound() {
        if (!searching || closed) return;
        foundNone = true;
        var todo = state.noneFound();
        if (writes) assertTrue(todo.isEmpty(), "writes wait on for a writer");
        tell("none found", todo);
    }

    private long newest() {
        return fence.known().number();
    }

    private void raise() {
        if (!writes) return;
        var known = fence.known();
        var system = known.system().isEmpty() ? "a" : known.system();
        if (fence.raiseTo(new Timeline(system, known.number() + 1))) tell("raise", state.recheck());
    }

    /// The server's side of a connection ends.
    private void serverEnds(Link link) {
        link.alive = false;
        var others = othersThan(link);
        if (link.watched) tell("end of " + link, state.ended(link));
        assertOpen(others);
    }

    private void close() {
        closed = true;
        server = null;
        tell("close", state.close());
    }

    /// Time advances, and timers fire.
    ///
    /// @param late how many of ten due timers do not fire yet
    private void pass(int millis, int late) {
        now += Duration.ofMillis(millis).toNanos();
        for (var call : List.copyOf(calls)) {
            if (call.wakes && !call.done && now - call.wakeAt >= 0 && random.nextInt(10) >= late) wake(call);
        }
    }

    private void wake(Call call) {
        call.wakes = false;
        tell("wake " + call, state.checkTime(call));
        if (call.done) return;
        assertTrue(now - call.deadline < 0, "no statement outlives its deadline");
        long silence = Math.min(now - heardAt, now - call.sentAt);
        if (call.link == null || call.link.closed || silence < LIMITS.silence().toNanos()) return;
        assertTrue(verifying.stream().anyMatch(each -> each.server == server), "a silent server is verified");
    }

    private Link link(ServerIdentity identity) {
        var link = new Link(names++, random.nextInt(THREADS), identity);
        links.add(link);
        return link;
    }

    private void tell(String event, List<PoolAction<Call, Link>> todo) {
        log.add(new Entry(event, todo));
        todo.forEach(action -> {
            actions.add(action.getClass());
            act(action);
        });
    }

    private void act(PoolAction<Call, Link> action) {
        switch (action) {
            case PoolAction.Send(var call, var link, var limit) -> send(call, link, limit);
            case PoolAction.Complete(var call) -> {
                assertSame(answered, call, "only what was just answered is completed");
                assertTrue(answer != CONNECTION_LOST && !(writes && answer == READ_ONLY), "an answer is an answer");
                end(call);
            }
            case PoolAction.Fail(var call, var reason) -> fail(call, reason);
            case PoolAction.Wake(var call, var delay) -> {
                assertTrue(delay.isPositive() && !delay.minus(LIMITS.silence()).isPositive(), "looked at in time");
                call.wakes = true;
                call.wakeAt = now + delay.toNanos();
            }
            case PoolAction.Open(var to, var epoch, var count, var _) -> {
                assertSame(server, to, "connections are opened to the server in use");
                for (int i = 0; i < count; i++) opening.add(new Attempt(to, epoch, now, false));
                long here = opening.stream().filter(each -> each.epoch == epoch).count();
                assertTrue(here + state.idle() + state.inUse() <= LIMITS.connections(), "connections are bounded");
            }
            case PoolAction.OpenLater() -> openLater.add(server);
            case PoolAction.Watch(var link) -> {
                assertFalse(link.watched || link.closed, "a connection is watched once");
                link.watched = true;
            }
            case PoolAction.Close(var link) -> {
                assertFalse(link.closed, "a connection is closed once");
                link.closed = true;
            }
            case PoolAction.Verify(var to, var epoch) -> {
                assertSame(server, to, "the server in use is verified");
                long since = failedProbe == null ? now : failedProbe.at;
                verifying.add(new Attempt(to, epoch, since, failedProbe != null));
            }
            case PoolAction.Search() -> {
                assertNull(server, "a search begins when there is no server");
                searching = true;
            }
            case PoolAction.TellFound(var found) -> {
                heardAt = now;
                server = found;
                foundNone = false;
            }
            case PoolAction.TellLost() -> {
                assertNotNull(server, "only a server that was found is lost");
                server = null;
            }
        }
    }

    private void send(Call call, Link link, Duration limit) {
        assertFalse(call.done, "what has ended is not sent");
        assertNull(call.link, "a statement is in flight once");
        assertNull(link.inFlight, "a connection carries one statement");
        assertFalse(link.closed, "a closed connection carries nothing");
        if (call.sent > 0) {
            assertEquals(1, call.sent, "a statement is sent twice at most");
            boolean notDone = call.last == TRANSIENT || call.last == READ_ONLY;
            assertTrue(notDone || call.last == CONNECTION_LOST && call.repeatable, "repeated only where it may be");
        }
        if (writes) {
            assertTrue(link.identity.writable(), "writes go to a writer");
            assertEquals(newest(), link.identity.timeline(), "writes go to the newest timeline");
        }
        assertTrue((call.deadline - now) * 9 >= call.timeout, "what is nearly up is not sent");
        boolean least = limit.toMillis() == 1;
        assertTrue(least || now + limit.toNanos() < call.deadline, "the server ends it before the caller gives up");
        call.sent++;
        call.sentAt = now;
        call.link = link;
        link.inFlight = call;
    }

    private void fail(Call call, Reason reason) {
        reasons.add(reason);
        switch (reason) {
            case TIMEOUT -> assertTrue(call.link != null && now - call.deadline >= 0, "in flight until its deadline");
            case LOST -> assertTrue(call.uncertain, "its connection broke");
            case CLOSED -> assertTrue(closed, "the pool is closed");
            case NO_SERVER, BUSY, QUEUE_FULL, CANCELLED -> {
                assertNull(call.link, "not in flight");
                assertFalse(call.uncertain, "certainly not carried out");
                boolean late = (call.deadline - now) * 4 <= call.timeout * 3;
                assertTrue(reason != Reason.BUSY || late, "busy only when time is nearly up");
                assertTrue(reason != Reason.CANCELLED || call.last == CANCELLED, "the server ended it");
            }
        }
        end(call);
    }

    private void end(Call call) {
        assertFalse(call.done, "a statement ends once");
        call.done = true;
    }

    private <T> Optional<T> any(List<T> all, Predicate<T> which) {
        var some = all.stream().filter(which).toList();
        return some.isEmpty() ? Optional.empty() : Optional.of(some.get(random.nextInt(some.size())));
    }

    /// The last events.
    @Override
    public String toString() {
        var last = new StringBuilder();
        log.subList(Math.max(0, log.size() - EVENTS_SHOWN), log.size())
                .forEach(entry -> last.append("\n  ").append(entry));
        return last.toString();
    }
}
