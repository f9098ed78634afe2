package dev.meridian.retention;

import dev.meridian.async.CallerContext;
import dev.meridian.retention.Prunable.Kind;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.arc.All;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;

/// Prunes one kind after the other, a bounded step at a time.
@ApplicationScoped
class Pruner {
    private final List<Prunable> prunables;
    private final RetentionConfig config;
    private final MeterRegistry meters;

    Pruner(@All List<Prunable> prunables, RetentionConfig config, MeterRegistry meters) {
        this.prunables =
                prunables.stream().sorted(Comparator.comparing(Prunable::kind)).toList();
        this.config = config;
        this.meters = meters;
    }

    /// A run over all kinds.
    ///
    /// @param before only what is older; empty: the time of the configuration for each kind
    /// @param progress gets the result so far after each step
    Uni<List<PruneResult>> prune(Optional<Instant> before, boolean isDryRun, Consumer<PruneResult> progress) {
        return Multi.createFrom()
                .iterable(prunables)
                .onItem()
                .transformToUniAndConcatenate(prunable -> prune(
                        new Step(
                                prunable,
                                new PruneResult(prunable.kind(), before.orElseGet(() -> before(prunable.kind())), 0, 0),
                                Optional.empty(),
                                isDryRun),
                        progress))
                .collect()
                .asList();
    }

    private Instant before(Kind kind) {
        return Instant.now().minus(kept(kind));
    }

    private Duration kept(Kind kind) {
        return switch (kind) {
            case JOURNAL -> config.journal();
            case STOCK_CHANGES -> config.stockChanges();
            case IMPORTS -> config.imports();
            case TICKETS -> config.tickets();
        };
    }

    /// Where a run over one kind is.
    ///
    /// @param after where the last page ended; empty at the beginning and at the end
    private record Step(Prunable prunable, PruneResult result, Optional<String> after, boolean isDryRun) {
        Step plus(PrunedPage page) {
            return new Step(prunable, result.plus(page), page.next(), isDryRun);
        }
    }

    private Uni<PruneResult> prune(Step first, Consumer<PruneResult> progress) {
        var at = new Step[] {first};
        return Multi.createBy()
                .repeating()
                .uni(() -> step(at[0]).invoke(next -> {
                    at[0] = next;
                    progress.accept(next.result);
                }))
                .whilst(next -> next.after.isPresent())
                .collect()
                .last()
                .map(Step::result);
    }

    private Uni<Step> step(Step step) {
        var due = step.prunable
                .prune(step.result.before(), step.after, config.batch(), step.isDryRun)
                .invoke(page -> count(step, page))
                .map(step::plus);
        if (step.after.isEmpty()) return due;
        var later = Uni.createFrom()
                .voidItem()
                .onItem()
                .delayIt()
                .onExecutor(CallerContext.scheduler())
                .by(config.pause());
        return CallerContext.resumeOn(later).chain(() -> due);
    }

    private void count(Step step, PrunedPage page) {
        if (step.isDryRun) return;
        var kind = step.prunable.kind().name().toLowerCase(Locale.ROOT);
        meters.counter("meridian.pruned", "kind", kind).increment(page.pruned());
    }
}
