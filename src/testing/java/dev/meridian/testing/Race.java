package dev.meridian.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.function.IntFunction;

/// Runs many calls concurrently and returns their results.
public final class Race {
    private Race() {}

    /// Runs all calls, at most `clients` at a time, and waits for all.
    ///
    /// @param clients the number of concurrent calls
    /// @param calls the total number of calls
    /// @param call makes the call with the given number, 0 to calls - 1
    /// @return the results of the calls, in order
    public static <T> List<T> run(int clients, int calls, IntFunction<Callable<T>> call) throws InterruptedException {
        var start = new CountDownLatch(1);
        var slots = new Semaphore(clients);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var futures = new ArrayList<java.util.concurrent.Future<T>>();
            for (int i = 0; i < calls; i++) {
                var task = call.apply(i);
                futures.add(threads.submit(() -> {
                    start.await();
                    slots.acquire();
                    try {
                        return task.call();
                    } finally {
                        slots.release();
                    }
                }));
            }
            start.countDown();
            var results = new ArrayList<T>();
            for (var future : futures) {
                results.add(future.get());
            }
            return results;
        } catch (ExecutionException e) {
            throw new AssertionError("a call of the race failed", e.getCause());
        }
    }
}
