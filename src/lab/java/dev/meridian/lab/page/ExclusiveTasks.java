package dev.meridian.lab.page;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;

/// Runs the tasks that users start, one at a time: a fault, a healing, a check.
final class ExclusiveTasks implements AutoCloseable {
    /// Another task is already running.
    static final class Busy extends RuntimeException {
        private static final long serialVersionUID = 1;

        Busy(String with) {
            super("The lab is busy with: " + with);
        }
    }

    private final ExecutorService worker = Executors.newSingleThreadExecutor(
            Thread.ofVirtual().name("lab-task").factory());
    private final AtomicReference<String> current = new AtomicReference<>();

    /// The running task, or an empty string.
    String current() {
        var now = current.get();
        return now == null ? "" : now;
    }

    /// Runs a task and waits for its end.
    ///
    /// @throws Busy when another task is running
    void run(String what, Runnable task) throws InterruptedException {
        if (!current.compareAndSet(null, what)) throw new Busy(current());
        try {
            worker.submit(() -> {
                        try {
                            task.run();
                        } finally {
                            current.set(null);
                        }
                    })
                    .get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) throw cause;
            throw new IllegalStateException(e.getCause());
        }
    }

    @Override
    public void close() {
        worker.shutdownNow();
    }
}
