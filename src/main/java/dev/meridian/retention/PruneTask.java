package dev.meridian.retention;

import dev.meridian.async.RepeatingTask;
import dev.meridian.shared.ProblemException;
import io.quarkus.logging.Log;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// Prunes on a schedule. The first task of a Region that finds a run due does it; that two do it is no harm. A run
/// that fails is left to the next one.
@ApplicationScoped
class PruneTask {
    private static final Duration STOP = Duration.ofSeconds(3);

    private final Pruner pruner;
    private final PruneRunRepository runs;
    private final RetentionConfig config;
    private final RepeatingTask task;

    PruneTask(Pruner pruner, PruneRunRepository runs, RetentionConfig config, Vertx vertx) {
        this.pruner = pruner;
        this.runs = runs;
        this.config = config;
        this.task = new RepeatingTask(vertx, "pruning", this::step);
    }

    void onStart(@Observes @Priority(RepeatingTask.START) StartupEvent start) {
        if (config.enabled()) task.wakeWithin(pause());
    }

    void onStop(@Observes ShutdownEvent stop) {
        task.stop(STOP);
    }

    /// Of the tasks that look, each at another time, one finds the run due.
    private Duration pause() {
        return RepeatingTask.jitter(config.look());
    }

    private Uni<Duration> step() {
        var now = Instant.now();
        return runs.begin(now, now.minus(config.every()))
                .chain(isDue -> isDue ? run() : Uni.createFrom().voidItem())
                .onFailure(ProblemException::isUnavailable)
                .invoke(failure -> Log.warnf("pruning has not ended: %s", failure.getMessage()))
                .onFailure(ProblemException::isUnavailable)
                .recoverWithNull()
                .map(_ -> pause());
    }

    private Uni<Void> run() {
        return pruner.prune(Optional.empty(), false, _ -> stopIfEnding())
                .invoke(results -> results.forEach(result -> Log.infof(
                        "pruned kind=%s before=%s seen=%d pruned=%d",
                        result.kind(), result.before(), result.seen(), result.pruned())))
                .replaceWithVoid();
    }

    /// Ends the run between two steps.
    private void stopIfEnding() {
        if (task.isStopped()) throw ProblemException.unavailable("This process ends.", null);
    }
}
