package dev.meridian.order;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;

/// Bounds of orders.
@ConfigMapping(prefix = "meridian.order")
interface OrderConfig {
    /// Longest time to take an order. When the SQL writer has not settled it by then, the answer is 202 and
    /// the order stays accepted.
    @WithDefault("2s")
    Duration budget();

    /// Most units of one product that a guest may have in one order, 0 for as many as anybody.
    @WithDefault("0")
    @Min(0)
    @Max(1_000_000)
    int guestUnitsPerOrder();

    /// Most units of one product that a guest may order at once, and as many more in an hour, at each process:
    /// 0 for as many as anybody.
    @WithDefault("0")
    @Min(0)
    @Max(1_000_000)
    int guestUnitsPerHour();

    /// Most orders on one page of a list.
    @WithDefault("100")
    @Min(1)
    @Max(1000)
    int pageSizeMax();

    /// How many store calls `POST /v1/fill` makes at once.
    @WithDefault("16")
    @Min(1)
    @Max(100)
    int fillConcurrency();

    /// How much of the writer pool (`meridian.sql.writer-pool-size`) orders may use at once, in percent,
    /// rounded up. The rest is for other statements.
    @WithDefault("60")
    @Min(1)
    @Max(100)
    int writerShare();

    /// Most orders of one product that this process settles at once. Where the writer is in another
    /// Region, as many more as fill the measured round trip.
    @WithDefault("2")
    @Min(1)
    @Max(100)
    int productStatements();

    /// Most orders that wait for others to be settled; further ones are answered 202 at once.
    @WithDefault("200")
    @Min(1)
    @Max(10_000)
    int queueSize();

    /// Most orders of one product that wait; further ones are answered 202 at once.
    @WithDefault("100")
    @Min(1)
    @Max(10_000)
    int productQueueSize();
}
