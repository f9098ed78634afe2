package dev.meridian.cart;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;

/// Bounds of carts.
@ConfigMapping(prefix = "meridian.cart")
interface CartConfig {
    /// The largest quantity of one line.
    @WithDefault("10000")
    @Min(1)
    @Max(1_000_000)
    int quantityMax();

    /// Lines in one answer at most, and the default; a `Link` header leads to the others.
    @WithDefault("500")
    @Min(1)
    @Max(1000)
    int linesMax();

    /// Idempotency keys that a line remembers: at least this many, at most twice as many.
    @WithDefault("100")
    @Min(1)
    @Max(500)
    int idempotencyKeysMax();

    /// Attempts at a write of a line that conflicts with other writes of the same line.
    @WithDefault("20")
    @Min(1)
    @Max(100)
    int attemptsMax();

    /// How long the table keeps the mark of a removal that found no line; must be longer than replication between
    /// Regions takes.
    @WithDefault("7d")
    @DurationMin(hours = 1)
    Duration removalKept();

    /// Lines that one merge moves at the same time.
    @WithDefault("8")
    @Min(1)
    @Max(50)
    int mergeConcurrency();
}
