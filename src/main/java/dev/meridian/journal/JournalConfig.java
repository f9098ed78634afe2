package dev.meridian.journal;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;

/// Bounds of the journal.
@ConfigMapping(prefix = "meridian.order")
interface JournalConfig {
    /// How many partitions the indexes of open and of closed journal entries have. More partitions carry more
    /// open orders per second. Lower this number only while no entry is open: entries in the partitions that go
    /// are not found again.
    @WithDefault("8")
    @Min(1)
    @Max(256)
    int journalShards();
}
