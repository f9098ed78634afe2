package dev.meridian.async;

import dev.meridian.shared.ProblemException;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;

/// Makes one store call for all requests that ask for the same thing. Only one call of a key runs at a time, in
/// the request of its first member. A request that is cancelled stays counted. Thread-safe.
///
/// - **Group commit** (the constructors): without a running call a request starts one. Requests that arrive during a
///   call wait, and share the next call, which starts when the running one ends. So the call that answers a request
///   starts after the request arrives. An optional interval is the least time between the starts of two calls of one
///   key.
/// - **Cache** ([#keeping]): a request gets the last answer while it is young enough, else the answer of the running
///   call, else it starts a call.
///
/// With an interval or a cache each key stays in memory, so use it for a few keys only.
///
/// @param <K> the key of a call
/// @param <T> the answer
public final class RequestCoalescer<K, T> {
    /// A call and its members, guarded by `turns`.
    ///
    /// `size` is the number of members when the call began; `kept` answers later ones, null after a failure.
    private static final class Turn<T> {
        final Context context = Vertx.currentContext();
        List<UniEmitter<? super T>> members = new ArrayList<>();
        Turn<T> next;
        int size;
        boolean hasBegun;
        boolean hasEnded;
        long begunAt;
        long endedAt;
        Consumer<UniEmitter<? super T>> kept;
    }

    private final BiFunction<K, Integer, Uni<T>> call;
    private final int waitingMax;
    private final long intervalNanos;
    private final long keptNanos;
    private final Map<K, Turn<T>> turns = new HashMap<>();
    private int waiting;

    /// @param call makes the call, given its number of requests; it must end, with an answer or a failure
    /// @param waitingMax most requests that wait, over all keys; further ones fail with a 503 problem
    public RequestCoalescer(BiFunction<K, Integer, Uni<T>> call, int waitingMax) {
        this(call, waitingMax, Duration.ZERO);
    }

    /// @param interval the least time between the starts of two calls of one key; zero: none
    public RequestCoalescer(BiFunction<K, Integer, Uni<T>> call, int waitingMax, Duration interval) {
        this(call, waitingMax, interval.toNanos(), -1);
    }

    private RequestCoalescer(BiFunction<K, Integer, Uni<T>> call, int waitingMax, long interval, long kept) {
        this.call = call;
        this.waitingMax = waitingMax;
        this.intervalNanos = interval;
        this.keptNanos = kept;
    }

    /// Shares each call among the requests that arrive while it runs, and caches its answer. Failures are not cached.
    ///
    /// @param call makes the call; it must end, in an answer or a failure
    /// @param age how long an answer is cached
    public static <K, T> RequestCoalescer<K, T> keeping(Function<K, Uni<T>> call, Duration age) {
        return new RequestCoalescer<>((key, _) -> call.apply(key), 0, 0, age.toNanos());
    }

    /// Joins a call for this key. Lazy; resumes in the caller's request.
    ///
    /// @throws ProblemException 503 when too many requests already wait
    public Uni<T> join(K key) {
        return CallerContext.resumeOn(Uni.createFrom().emitter(member -> enter(key, member)));
    }

    private void enter(K key, UniEmitter<? super T> member) {
        Runnable rest;
        synchronized (turns) {
            rest = place(key, member);
        }
        rest.run();
    }

    /// Adds the member to a call.
    ///
    /// @return what the caller does after it releases the lock
    private Runnable place(K key, UniEmitter<? super T> member) {
        var turn = turns.get(key);
        if (turn == null || turn.hasEnded) {
            if (turn != null && turn.kept != null && System.nanoTime() - turn.endedAt < keptNanos) {
                var answer = turn.kept;
                return () -> answer.accept(member);
            }
            var first = new Turn<T>();
            turns.put(key, first);
            add(first, member);
            return started(key, first, turn);
        }
        if (turn.hasBegun && keptNanos < 0) {
            if (waiting >= waitingMax) return () -> member.fail(tooMany());
            if (turn.next == null) turn.next = new Turn<>();
            turn = turn.next;
        } else if (!turn.hasBegun && waiting >= waitingMax) {
            return () -> member.fail(tooMany());
        }
        add(turn, member);
        return () -> {};
    }

    private void add(Turn<T> turn, UniEmitter<? super T> member) {
        turn.members.add(member);
        if (!turn.hasBegun) waiting++;
    }

    private static ProblemException tooMany() {
        return ProblemException.unavailable("Too many requests wait for the same thing.", null);
    }

    /// Starts a turn, or schedules its start for the end of the interval.
    ///
    /// @return what the caller does after it releases the lock
    private Runnable started(K key, Turn<T> turn, Turn<T> before) {
        long wait = before == null ? 0 : before.begunAt + intervalNanos - System.nanoTime();
        if (wait <= 0) {
            begin(turn);
            return () -> run(key, turn);
        }
        return () -> CallerContext.scheduler()
                .schedule(
                        () -> {
                            synchronized (turns) {
                                begin(turn);
                            }
                            inContext(turn, () -> run(key, turn));
                        },
                        wait,
                        TimeUnit.NANOSECONDS);
    }

    private void begin(Turn<T> turn) {
        turn.hasBegun = true;
        turn.begunAt = System.nanoTime();
        turn.size = turn.members.size();
        waiting -= turn.size;
    }

    private void run(K key, Turn<T> turn) {
        Uni.createFrom()
                .deferred(() -> call.apply(key, turn.size))
                .subscribe()
                .with(
                        item -> end(key, turn, true, member -> member.complete(item)),
                        failure -> end(key, turn, false, member -> member.fail(failure)));
    }

    private void end(K key, Turn<T> turn, boolean isItem, Consumer<UniEmitter<? super T>> answer) {
        List<UniEmitter<? super T>> members;
        Turn<T> next;
        Runnable rest = null;
        synchronized (turns) {
            turn.hasEnded = true;
            turn.endedAt = System.nanoTime();
            if (isItem && keptNanos >= 0) turn.kept = answer;
            members = turn.members;
            turn.members = null;
            next = turn.next;
            turn.next = null;
            if (next != null) {
                turns.put(key, next);
                rest = started(key, next, turn);
            } else if (keptNanos < 0 && intervalNanos == 0) {
                turns.remove(key);
            }
        }
        if (next != null) inContext(next, rest);
        members.forEach(answer);
    }

    /// Runs in the request of the turn's first member: on its event loop, in its trace.
    private static void inContext(Turn<?> turn, Runnable task) {
        if (turn.context != null) turn.context.runOnContext(_ -> task.run());
        else task.run();
    }
}
