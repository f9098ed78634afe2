package dev.meridian.async;

import dev.meridian.shared.ProblemException;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Consumer;

/// Makes one store call for all requests that ask for the same thing while such a call is on its way.
///
/// A request that comes while none is on its way starts one at once. Those that come meanwhile wait, and go together in
/// the next, which starts when the first has ended. So each is answered by a call that began after it came, the answer
/// of a call is the answer of exactly those for whom it was made, and nobody waits without need. A request that gives
/// up stays counted. Safe for many threads.
///
/// @param <K> what is asked for
/// @param <T> the answer
public final class RequestCoalescer<K, T> {
    /// A call and those for whom it is made. Everything but the first member is guarded by `turns`.
    private static final class Turn<T> {
        final Context context = Vertx.currentContext();
        final List<UniEmitter<? super T>> members = new ArrayList<>();
        Turn<T> next;
    }

    private final BiFunction<K, Integer, Uni<T>> call;
    private final int waitingMax;
    private final Map<K, Turn<T>> turns = new HashMap<>();
    private int waiting;

    /// @param call makes the call for so many requests; it must end, in an answer or a failure
    /// @param waitingMax how many requests may wait at once, over all keys; more fail with a 503 problem
    public RequestCoalescer(BiFunction<K, Integer, Uni<T>> call, int waitingMax) {
        this.call = call;
        this.waitingMax = waitingMax;
    }

    /// Takes part in the next call for this key. Lazy; resumes in the caller's request.
    ///
    /// @throws ProblemException 503 when too many wait already
    public Uni<T> join(K key) {
        return CallerContext.resumeOn(Uni.createFrom().emitter(member -> enter(key, member)));
    }

    private void enter(K key, UniEmitter<? super T> member) {
        Turn<T> first = null;
        synchronized (turns) {
            var running = turns.get(key);
            if (running == null) {
                first = new Turn<>();
                first.members.add(member);
                turns.put(key, first);
            } else if (waiting < waitingMax) {
                if (running.next == null) running.next = new Turn<>();
                running.next.members.add(member);
                waiting++;
                return;
            }
        }
        if (first != null) {
            run(key, first);
        } else {
            member.fail(ProblemException.unavailable("Too many requests wait for the same thing.", null));
        }
    }

    /// Nobody joins a turn that runs.
    private void run(K key, Turn<T> turn) {
        Uni.createFrom()
                .deferred(() -> call.apply(key, turn.members.size()))
                .subscribe()
                .with(
                        item -> end(key, turn, member -> member.complete(item)),
                        failure -> end(key, turn, member -> member.fail(failure)));
    }

    private void end(K key, Turn<T> turn, Consumer<UniEmitter<? super T>> answer) {
        Turn<T> next;
        synchronized (turns) {
            next = turn.next;
            if (next == null) {
                turns.remove(key);
            } else {
                turns.put(key, next);
                waiting -= next.members.size();
            }
        }
        // In the request of its first member, as a call of its own would be: traces and event loop are that one's.
        if (next != null && next.context != null) {
            next.context.runOnContext(_ -> run(key, next));
        } else if (next != null) {
            run(key, next);
        }
        turn.members.forEach(answer);
    }
}
