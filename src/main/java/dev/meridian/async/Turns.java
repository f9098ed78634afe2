package dev.meridian.async;

import dev.meridian.shared.ProblemException;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;

/// Runs tasks that belong to one key one after the other, each in its own request. Thread-safe.
///
/// @param <K> the key
public final class Turns<K> {
    private final int waitingMax;
    /// The tasks that wait, of each key that has a running task. Guards itself.
    private final Map<K, Queue<Runnable>> queues = new HashMap<>();

    private int waiting;

    /// @param waitingMax most tasks that wait, of all keys; further ones fail with a 503 problem
    public Turns(int waitingMax) {
        this.waitingMax = waitingMax;
    }

    /// Runs a task when those that came before it have ended. Lazy; resumes in the caller's request. A caller
    /// that is cancelled does not stop its task.
    ///
    /// @param task must end, with an item or a failure
    /// @throws ProblemException 503 when too many tasks wait
    public <T> Uni<T> run(K key, Uni<T> task) {
        return CallerContext.resumeOn(Uni.createFrom().emitter(caller -> {
            var context = Vertx.currentContext();
            Runnable turn = () -> inContext(
                    context,
                    () -> task.onTermination()
                            .invoke(() -> ended(key))
                            .subscribe()
                            .with(caller::complete, caller::fail));
            switch (enter(key, turn)) {
                case FREE -> turn.run();
                case FULL -> caller.fail(ProblemException.unavailable("Too many requests wait for the same.", null));
                case TAKEN -> {
                    // The task before it runs it.
                }
            }
        }));
    }

    private enum Place {
        FREE,
        TAKEN,
        FULL
    }

    private Place enter(K key, Runnable turn) {
        synchronized (queues) {
            var queue = queues.get(key);
            if (queue == null) {
                queues.put(key, new ArrayDeque<>());
                return Place.FREE;
            }
            if (waiting >= waitingMax) return Place.FULL;
            waiting++;
            queue.add(turn);
            return Place.TAKEN;
        }
    }

    private void ended(K key) {
        Runnable next;
        synchronized (queues) {
            next = queues.get(key).poll();
            if (next == null) queues.remove(key);
            else waiting--;
        }
        if (next != null) next.run();
    }

    private static void inContext(Context context, Runnable turn) {
        if (context == null || context == Vertx.currentContext()) turn.run();
        else context.runOnContext(_ -> turn.run());
    }
}
