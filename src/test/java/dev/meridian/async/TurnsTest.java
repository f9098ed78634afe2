package dev.meridian.async;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.meridian.shared.ProblemException;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TurnsTest {
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final List<UniEmitter<? super String>> running = new ArrayList<>();
    private final Uni<String> task = Uni.createFrom().emitter(running::add);

    @Test
    void tasksOfOneKeyRunOneAfterTheOther() {
        var turns = new Turns<String>(10);
        var first = turns.run("a", task).subscribeAsCompletionStage();
        var second = turns.run("a", task).subscribeAsCompletionStage();
        var other = turns.run("b", task).subscribeAsCompletionStage();
        assertEquals(2, running.size());
        running.get(1).complete("other");
        assertEquals("other", other.join());
        assertEquals(2, running.size());
        running.get(0).complete("first");
        assertEquals("first", first.join());
        assertEquals(3, running.size());
        running.get(2).complete("second");
        assertEquals("second", second.join());
        turns.run("a", task).subscribeAsCompletionStage();
        assertEquals(4, running.size());
    }

    @Test
    void aFailureIsTheTasksOwn() {
        var turns = new Turns<String>(10);
        var first = turns.run("a", task);
        var failed = first.subscribeAsCompletionStage();
        var second = turns.run("a", task).subscribeAsCompletionStage();
        running.getFirst().fail(new IllegalStateException("no"));
        assertTrue(failed.isCompletedExceptionally());
        running.getLast().complete("second");
        assertEquals("second", second.join());
    }

    @Test
    void aCancelledCallerLetsTheNextOneRun() {
        var turns = new Turns<String>(10);
        turns.run("a", task).subscribe().with(_ -> {}).cancel();
        var second = turns.run("a", task).subscribeAsCompletionStage();
        running.getFirst().complete("first");
        running.getLast().complete("second");
        assertEquals("second", second.join());
    }

    @Test
    void moreThanTheBoundAreRefused() {
        var turns = new Turns<String>(1);
        turns.run("a", task).subscribeAsCompletionStage();
        var second = turns.run("a", task).subscribeAsCompletionStage();
        var third = turns.run("a", task);
        var refused = assertThrows(ProblemException.class, () -> third.await().atMost(LIMIT));
        assertTrue(ProblemException.isUnavailable(refused));
        running.getFirst().complete("first");
        running.getLast().complete("second");
        assertEquals("second", second.join());
    }

    /// Each task runs in its own request.
    @Test
    void aTaskRunsAndEndsOnItsCallersEventLoop() throws Exception {
        var vertx = Vertx.vertx();
        try {
            var turns = new Turns<String>(10);
            var first = turns.run("a", task).subscribeAsCompletionStage();
            var context = vertx.getOrCreateContext();
            var entered = new CompletableFuture<Void>();
            var ran = new CompletableFuture<Object>();
            var ended = new CompletableFuture<Object>();
            context.runOnContext(_ -> {
                turns.run("a", Uni.createFrom().item(() -> ran.complete(Vertx.currentContext())))
                        .subscribe()
                        .with(_ -> ended.complete(Vertx.currentContext()));
                entered.complete(null);
            });
            entered.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
            running.getFirst().complete("first");
            assertEquals("first", first.join());
            assertEquals(context, ran.get(LIMIT.toSeconds(), TimeUnit.SECONDS));
            assertEquals(context, ended.get(LIMIT.toSeconds(), TimeUnit.SECONDS));
        } finally {
            vertx.close();
        }
    }
}
