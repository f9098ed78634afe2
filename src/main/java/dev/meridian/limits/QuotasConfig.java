package dev.meridian.limits;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import java.util.Optional;

/// How much one caller may ask one process for. The quotas are those of a browser with a session; beyond one
/// the answer is 429.
@ConfigMapping(prefix = "meridian.quotas")
interface QuotasConfig {
    /// Whether callers are limited. By default where `meridian.http.trusted-proxies` names the load balancers, so
    /// that their clients can be told apart. Off in mode `test`.
    Optional<Boolean> enabled();

    /// Most callers that a process remembers, some 300 bytes each. Beyond it the one that has been silent for
    /// the longest time is forgotten: its quotas are whole again.
    @WithDefault("20000")
    @Min(1)
    @Max(1_000_000)
    int callersMax();

    /// The time in which an empty quota becomes whole again.
    @WithDefault("1m")
    Duration window();

    /// All that has no quota of its own: 1 for a read of one thing, 5 for a list, a search or a write.
    @WithDefault("600")
    @Min(1)
    @Max(1_000_000)
    int requests();

    /// Likes.
    @WithDefault("30")
    @Min(1)
    @Max(1_000_000)
    int likes();

    /// Orders and submits of checkouts.
    @WithDefault("20")
    @Min(1)
    @Max(1_000_000)
    int orders();

    /// Tickets, new ones and changes.
    @WithDefault("10")
    @Min(1)
    @Max(1_000_000)
    int tickets();

    /// Scores.
    @WithDefault("60")
    @Min(1)
    @Max(1_000_000)
    int scores();

    /// Admin calls without a known token.
    @WithDefault("10")
    @Min(1)
    @Max(1_000_000)
    int signIns();

    /// How many times the quotas an address has, for all its callers together, with a session or without.
    @WithDefault("10")
    @Min(1)
    @Max(1000)
    int addressFactor();

    /// How many times the quotas the owner of an admin token has, who is not counted for the address.
    @WithDefault("20")
    @Min(1)
    @Max(1000)
    int machineFactor();
}
