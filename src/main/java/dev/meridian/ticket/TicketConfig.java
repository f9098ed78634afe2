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
    /// Most tickets in one page of the list.
    @WithDefault("1000")
    @Min(1)
    @Max(1000)
    int listMax();

    /// Most characters of `assigned` and of `createdBy`.
    @WithDefault("200")
    @Min(1)
    @Max(2000)
    int nameMax();

    /// How far in the future a given `createdOn` may lie: clocks and time zones differ.
    @WithDefault("24h")
    Duration futureMax();

    /// Attempts at a change that conflicts with other changes of the ticket.
    @WithDefault("5")
    @Min(1)
    @Max(100)
    int updateAttempts();

    /// Most changes in one page of a ticket's history, and the latest ones that decide the state of a ticket: two
    /// Regions may make as many within the lag.
    @WithDefault("100")
    @Min(1)
    @Max(1000)
    int changesMax();
}
