package dev.meridian.recovery;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

/// How a new SQL writer is checked, and the report of missing orders.
@ConfigMapping(prefix = "meridian.recovery")
interface RecoveryConfig {
    /// How far back entries are compared with a new writer. Longer than any replication lag. Where it lacks
    /// something, the comparison goes back further.
    @WithDefault("15m")
    @DurationMin(seconds = 1)
    Duration window();

    /// The longest window of those that the comparison then goes back, each twice as long as the one before.
    @WithDefault("7d")
    @DurationMax(days = 60)
    Duration backMax();

    /// How often closed entries are compared with the writer, whether it is new or not.
    @WithDefault("5m")
    @DurationMin(seconds = 1)
    Duration auditEvery();

    /// How far back they are compared. Longer than the pause between two of these comparisons.
    @WithDefault("20m")
    @DurationMin(seconds = 2)
    Duration auditWindow();

    /// Whether the first writer that a process finds is checked too, in case the process before it was killed.
    @WithDefault("true")
    boolean atStart();

    /// Up to which age of the writer epoch a process that starts compares everything since it was set. No
    /// process of its Region may have run when the epoch arrived.
    @WithDefault("1d")
    Duration epochAge();

    /// Pause before the check is made once more: entries of another Region arrive with the replication lag of the
    /// journal.
    @WithDefault("1m")
    Duration againAfter();

    /// Longest pause before the check begins, so that many tasks do not begin at once.
    @WithDefault("1s")
    Duration spread();

    /// Longest pause before a check begins again because a store did not answer; doubled from a tenth of it.
    @WithDefault("10s")
    Duration backoffMax();

    /// Entries compared by one SQL statement.
    @WithDefault("500")
    @Min(1)
    @Max(5000)
    int batch();

    /// Most orders on one page of the report.
    @WithDefault("1000")
    @Min(1)
    @Max(10_000)
    int pageSizeMax();

    /// Most open entries that the status page counts in each partition of the journal; with more it says "at
    /// least".
    @WithDefault("100")
    @Min(1)
    @Max(1000)
    int countMax();

    /// How long the status page shows that count before it asks the journal again.
    @WithDefault("2s")
    @DurationMin(millis = 1)
    @DurationMax(minutes = 1)
    Duration countFor();
}
