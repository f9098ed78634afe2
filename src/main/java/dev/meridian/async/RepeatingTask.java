package dev.meridian.async;

import io.quarkus.logging.Log;
import io.smallrye.common.vertx.VertxContext;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/// Runs a step repeatedly on an event loop, never two at once. Each step returns the pause before the next one.
public final class RepeatingTask {
    /// Priority of a startup observer that starts a task: after all others, so that the tables exist.
    public static final int START = 5000;

    private static final Duration AFTER_A_FAULT = Duration.ofSeconds(5);

    private final Vertx vertx;
    private final String what;
    private final Supplier<Uni<Duration>> step;
    private final CountDownLatch ended = new CountDownLatch(1);
    private long timer = -1;
    /// When the timer fires, by [System#nanoTime].
    private long due;

    private boolean isRunning;
    private boolean isWoken;
    private boolean isStopped;

    /// @param what the name of the task, for the log
    /// @param step its item is the pause before the next step
    public RepeatingTask(Vertx vertx, String what, Supplier<Uni<Duration>> step) {
        this.vertx = vertx;
        this.what = what;
        this.step = step;
    }

    /// A random duration up to the given one (full jitter).
    public static Duration jitter(Duration most) {
        return Duration.ofMillis(ThreadLocalRandom.current().nextLong(most.toMillis() + 1));
    }

    /// The first pause, doubled for each failure, up to a maximum.
    public static Duration backoff(Duration first, Duration most, int failures) {
        var doubled = first.multipliedBy(1L << Math.min(failures, 20));
        return doubled.compareTo(most) < 0 ? doubled : most;
    }

    /// Runs the next step after at most this pause, or right after the step that runs now.
    public synchronized void wakeWithin(Duration pause) {
        if (isStopped) return;
        if (isRunning) {
            isWoken = true;
            return;
        }
        long at = System.nanoTime() + pause.toNanos();
        if (timer >= 0 && due - at <= 0) return;
        if (timer >= 0) vertx.cancelTimer(timer);
        due = at;
        timer = vertx.setTimer(Math.max(1, pause.toMillis()), this::run);
    }

    public synchronized boolean isStopped() {
        return isStopped;
    }

    /// Runs no further step.
    ///
    /// @param limit how long to wait for the step that runs now; must not be called on an event loop
    public void stop(Duration limit) {
        synchronized (this) {
            isStopped = true;
            if (timer >= 0) vertx.cancelTimer(timer);
            if (!isRunning) ended.countDown();
        }
        try {
            if (!ended.await(limit.toMillis(), TimeUnit.MILLISECONDS)) Log.warnf("a step is cut off what=%s", what);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /// @param id the timer that fired; it may have been replaced since
    private void run(long id) {
        synchronized (this) {
            if (isStopped || id != timer) return;
            timer = -1;
            isRunning = true;
        }
        // Each step has a context, as a request does: store calls resume in it.
        var context = VertxContext.createNewDuplicatedContext(vertx.getOrCreateContext());
        context.runOnContext(_ -> Uni.createFrom()
                .deferred(() -> step.get())
                .subscribe()
                .with(this::next, failure -> {
                    Log.errorf(failure, "a step failed in an unexpected way what=%s", what);
                    next(AFTER_A_FAULT);
                }));
    }

    private synchronized void next(Duration pause) {
        isRunning = false;
        if (isStopped) {
            ended.countDown();
            return;
        }
        boolean wasWoken = isWoken;
        isWoken = false;
        wakeWithin(wasWoken ? Duration.ZERO : pause);
    }
}
