package dev.meridian.leaderboard;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;

/// Bounds of the leaderboard.
@ConfigMapping(prefix = "meridian.leaderboard")
interface LeaderboardConfig {
    /// Scores in one answer at most.
    @WithDefault("100")
    @Min(1)
    @Max(1000)
    int listMax();

    /// Scores read at most beyond a full list, to order equal scores at its end.
    @WithDefault("5000")
    @Min(1)
    @Max(100_000)
    int tieReadsMax();

    /// Countries read at the same time for the worldwide list.
    @WithDefault("16")
    @Min(1)
    @Max(250)
    int worldwideParallelism();

    /// Shortest time between two reads of the worldwide list in one process; requests in between share one.
    @WithDefault("100ms")
    Duration worldwideInterval();

    /// Requests that may wait in this process for a read of the worldwide list; more are refused with 503.
    @WithDefault("10000")
    @Min(0)
    @Max(1_000_000)
    int waitingMax();

    /// Scores of one player read at most to find the best one; beyond it the rank is unknown.
    @WithDefault("20000")
    @Min(1)
    @Max(1_000_000)
    int playerScoresMax();

    /// Better scores of a country read at most to find a rank; beyond it the rank is unknown.
    @WithDefault("20000")
    @Min(1)
    @Max(1_000_000)
    int rankReadsMax();
}
