package dev.meridian.ticket;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;

/// Bounds of tickets. Those of the description (10 to 2,000 characters) are part of the HTTP contract, not
/// settings.
@ConfigMapping(prefix = "meridian.ticket")
interface TicketConfig {
    /// Tickets in one page of the list at most.
    @WithDefault("1000")
    @Min(1)
    @Max(1000)
    int listMax();

    /// Characters of `assigned` and of `createdBy` at most.
    @WithDefault("200")
    @Min(1)
    @Max(2000)
    int nameMax();

    /// How far in the future a given `createdOn` may lie: clocks and time zones differ.
    @WithDefault("24h")
    Duration futureMax();

    /// How often a change that names no version is tried when others change the ticket at the same time.
    @WithDefault("5")
    @Min(1)
    @Max(100)
    int updateAttempts();
}
