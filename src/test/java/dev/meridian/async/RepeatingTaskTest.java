package dev.meridian.async;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RepeatingTaskTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final Duration NEVER = Duration.ofHours(1);

    private final Vertx vertx = Vertx.vertx();
    private final AtomicInteger steps = new AtomicInteger();

    @AfterEach
    void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    /// Each step counts itself and ends as the test decides.
    private RepeatingTask counting(Uni<Duration> pause) {
        return new RepeatingTask(vertx, "test", () -> {
            steps.incrementAndGet();
            return pause;
        });
    }

    @Test
    void aWakeDuringAStepIsNotLost() {
        var first = new CompletableFuture<Duration>();
        var loop = new RepeatingTask(
                vertx,
                "during",
                () -> steps.incrementAndGet() == 1
                        ? Uni.createFrom().completionStage(first)
                        : Uni.createFrom().item(NEVER));
        loop.wakeWithin(Duration.ZERO);
        await().atMost(LIMIT).until(() -> steps.get() == 1);
        loop.wakeWithin(Duration.ZERO);
        first.complete(NEVER);
        await().atMost(LIMIT).until(() -> steps.get() == 2);
        loop.stop(LIMIT);
    }

    @Test
    void wakesOneAfterTheOtherDoNotPutAStepOff() {
        var loop = counting(Uni.createFrom().item(NEVER));
        loop.wakeWithin(Duration.ofMillis(50));
        await().atMost(LIMIT).pollInterval(Duration.ofMillis(5)).until(() -> {
            loop.wakeWithin(Duration.ofMillis(100));
            return steps.get() > 0;
        });
        loop.stop(LIMIT);
    }

    @Test
    void aSoonerWakeComesFirst() {
        var loop = counting(Uni.createFrom().item(NEVER));
        loop.wakeWithin(NEVER);
        loop.wakeWithin(Duration.ofMillis(1));
        await().atMost(LIMIT).until(() -> steps.get() == 1);
        loop.stop(LIMIT);
    }

    @Test
    void neverTwoStepsAtOnceAndNoneAfterTheStop() throws Exception {
        var step = new CompletableFuture<Duration>();
        var loop = counting(Uni.createFrom().completionStage(step));
        loop.wakeWithin(Duration.ZERO);
        await().atMost(LIMIT).until(() -> steps.get() == 1);
        loop.wakeWithin(Duration.ZERO);
        var stopping = Thread.ofVirtual().start(() -> loop.stop(LIMIT));
        await().atMost(LIMIT).until(loop::isStopped);
        assertTrue(stopping.isAlive(), "it waits for the step under way");
        step.complete(Duration.ZERO);
        stopping.join(LIMIT);
        assertFalse(stopping.isAlive());
        assertEquals(1, steps.get());
    }
}
