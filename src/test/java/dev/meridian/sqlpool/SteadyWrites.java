package dev.meridian.sqlpool;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;

/// Steady writes, each with its own id, and their outcomes.
final class SteadyWrites implements AutoCloseable {
    private static final AtomicLong IDS = new AtomicLong();

    /// One write. Times in nanoseconds of this JVM; `failure` null when it was acknowledged.
    record Outcome(long id, long began, long ended, Throwable failure) {
        long millis() {
            return (ended - began) / 1_000_000;
        }
    }

    private final List<Outcome> outcomes = new CopyOnWriteArrayList<>();
    private final Thread thread;
    private volatile boolean stopped;

    SteadyWrites(Pools pools, int perSecond) {
        thread = Thread.ofPlatform().start(() -> {
            var open = new AtomicLong();
            var idle = new CountDownLatch(1);
            long next = System.nanoTime();
            while (!stopped) {
                long id = IDS.incrementAndGet();
                long began = System.nanoTime();
                open.incrementAndGet();
                pools.write(id).subscribe().with(_ -> note(id, began, null, open), e -> note(id, began, e, open));
                next += 1_000_000_000L / perSecond;
                pause(next);
            }
            long limit = System.nanoTime() + 10_000_000_000L;
            while (open.get() > 0 && System.nanoTime() < limit) pause(System.nanoTime() + 5_000_000);
            idle.countDown();
        });
    }

    List<Outcome> outcomes() {
        return outcomes;
    }

    /// The time when the first write after a given time was acknowledged; Long.MAX_VALUE when none was.
    long firstAcknowledged(long after) {
        return outcomes.stream()
                .filter(outcome -> outcome.failure() == null && outcome.ended() > after)
                .mapToLong(Outcome::ended)
                .min()
                .orElse(Long.MAX_VALUE);
    }

    long slowestMillis() {
        return outcomes.stream().mapToLong(Outcome::millis).max().orElse(0);
    }

    long failures() {
        return outcomes.stream().filter(outcome -> outcome.failure() != null).count();
    }

    @Override
    public void close() {
        stop();
    }

    /// Stops sending and waits for the outstanding responses.
    void stop() {
        stopped = true;
        try {
            thread.join();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void note(long id, long began, Throwable failure, AtomicLong open) {
        outcomes.add(new Outcome(id, began, System.nanoTime(), failure));
        open.decrementAndGet();
    }

    private static void pause(long until) {
        long left = until - System.nanoTime();
        if (left <= 0) return;
        try {
            Thread.sleep(left / 1_000_000, (int) (left % 1_000_000));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
