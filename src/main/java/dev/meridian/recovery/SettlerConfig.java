package dev.meridian.recovery;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;

/// How open journal entries are settled.
@ConfigMapping(prefix = "meridian.settler")
interface SettlerConfig {
    /// Whether this process settles open entries and checks a new writer.
    @WithDefault("true")
    boolean enabled();

    /// Entries younger than this are left to the request that made them. Longer than a statement may take.
    @WithDefault("5s")
    Duration grace();

    /// Entries of another Region are left to it until they are this old, unless its heartbeat is silent. The
    /// replica here may lag behind what that Region has done.
    @WithDefault("60s")
    Duration foreignAfter();

    /// Each partition of the index is one task's of the Region. When its oldest entry stays the same for this
    /// long, any task settles it.
    @WithDefault("30s")
    @DurationMin(seconds = 1)
    Duration takeOver();

    /// Longest pause between two runs while all is well; the mean is half of it.
    @WithDefault("2s")
    Duration idle();

    /// Longest pause after the first run that found a store away; doubled each time, the mean is half of it.
    @WithDefault("500ms")
    Duration backoff();

    /// Longest pause while a store is away.
    @WithDefault("15s")
    Duration backoffMax();

    /// Entries read at once from one partition of the index.
    @WithDefault("50")
    @Min(1)
    @Max(1000)
    int batch();

    /// Most pages of one partition in one run, so that the others have their turn. The next run continues there.
    @WithDefault("20")
    @Min(1)
    @Max(1000)
    int pages();

    /// Entries that this process settles at once.
    @WithDefault("8")
    @Min(1)
    @Max(100)
    int concurrency();

    /// Most open entries that are counted for the metric, in each partition.
    @WithDefault("500")
    @Min(1)
    @Max(10_000)
    int countMax();

    /// Pause before an entry that failed is tried again; doubled each time.
    @WithDefault("1s")
    Duration retry();

    /// Longest pause before an entry that fails again and again is tried again.
    @WithDefault("5m")
    Duration retryMax();

    /// Most failing entries that this process remembers; it tries forgotten ones again at once.
    @WithDefault("10000")
    @Min(1)
    @Max(1_000_000)
    int failingMax();

    /// How long a process that ends waits for the entries that it is settling.
    @WithDefault("3s")
    Duration stopWithin();
}
