package dev.meridian.retention;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

/// How long things are kept that nobody needs for ever.
@ConfigMapping(prefix = "meridian.retention")
interface RetentionConfig {
    /// Whether this process deletes what is older than the times below. The command `prune` does it at once.
    @WithDefault("true")
    boolean enabled();

    /// How often a Region does that; one of its tasks does it.
    @WithDefault("24h")
    @DurationMin(minutes = 10)
    @DurationMax(days = 30)
    Duration every();

    /// Longest pause of a task between two looks whether a run is due; the mean is half of it.
    @WithDefault("1h")
    @DurationMin(seconds = 1)
    @DurationMax(days = 1)
    Duration look();

    /// How long a closed journal entry is kept whose order SQL has in the same state.
    @WithDefault("90d")
    @DurationMin(days = 1)
    @DurationMax(days = 3650)
    Duration journal();

    /// How long the key of a restock is remembered.
    @WithDefault("400d")
    @DurationMin(days = 1)
    @DurationMax(days = 3650)
    Duration stockChanges();

    /// How long the key of an import of scores is remembered.
    @WithDefault("90d")
    @DurationMin(days = 1)
    @DurationMax(days = 3650)
    Duration imports();

    /// How long a closed ticket is kept after its last change.
    @WithDefault("730d")
    @DurationMin(days = 1)
    @DurationMax(days = 3650)
    Duration tickets();

    /// Items that are looked at in one step.
    @WithDefault("100")
    @Min(1)
    @Max(500)
    int batch();

    /// Pause between two steps, so that pruning leaves the stores to customers.
    @WithDefault("200ms")
    @DurationMin(millis = 1)
    @DurationMax(seconds = 60)
    Duration pause();

    /// An order that was settled or changed within this time is not erased yet: another Region may write its entry
    /// again. Longer than replication takes.
    @WithDefault("5m")
    @DurationMax(days = 1)
    Duration eraseAfter();

    /// Longest time that one request erases; the next one goes on.
    @WithDefault("10s")
    @DurationMin(seconds = 1)
    @DurationMax(seconds = 60)
    Duration eraseBudget();
}
