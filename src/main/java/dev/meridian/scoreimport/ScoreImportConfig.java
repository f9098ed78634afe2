package dev.meridian.scoreimport;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;

/// Bounds of imports. The keys keep the prefix of `leaderboard`, so that existing settings go on working.
@ConfigMapping(prefix = "meridian.leaderboard")
interface ScoreImportConfig {
    /// How far in the future an imported `playedAt` may lie: clocks differ.
    @WithDefault("5m")
    Duration clockTolerance();

    /// Imports that one process carries out at the same time; more are refused with 429.
    @WithDefault("2")
    @Min(1)
    @Max(100)
    int importsMax();

    /// Rows of one import at most. Its size in bytes is bounded by `meridian.http.csv-size-max`.
    @WithDefault("100000")
    @Min(1)
    @Max(10_000_000)
    int importRowsMax();

    /// Bytes of one row at most, quotes included.
    @WithDefault("2048")
    @Min(64)
    @Max(65_536)
    int importRowBytesMax();

    /// Rejected lines that the answer of an import lists at most; the others are counted.
    @WithDefault("100")
    @Min(0)
    @Max(10_000)
    int importRejectedMax();

    /// Batches of 25 rows that one import writes at the same time.
    @WithDefault("4")
    @Min(1)
    @Max(64)
    int importParallelism();

    /// How often a batch is sent at most until DynamoDB has taken all of it.
    @WithDefault("6")
    @Min(1)
    @Max(20)
    int importAttempts();

    /// First wait before what DynamoDB did not take is sent again; doubles each time.
    @WithDefault("50ms")
    Duration importBackoff();

    /// Longest time for one import.
    @WithDefault("5m")
    Duration importTimeout();
}
