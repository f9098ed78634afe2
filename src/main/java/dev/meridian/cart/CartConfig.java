package dev.meridian.cart;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

/// Bounds of carts; those of their lines are `meridian.limits`.
@ConfigMapping(prefix = "meridian.cart")
interface CartConfig {
    /// Lines in one answer at most, and the default; a `Link` header leads to the others.
    @WithDefault("500")
    @Min(1)
    @Max(1000)
    int pageSizeMax();

    /// How long the lines of a visitor's cart are kept after their last edit. Longer than the cookie lives.
    @WithDefault("90d")
    @DurationMin(days = 1)
    @DurationMax(days = 3650)
    Duration guestsKept();

    /// How long the lines of other carts are kept after their last edit.
    @WithDefault("730d")
    @DurationMin(days = 1)
    @DurationMax(days = 3650)
    Duration kept();

    /// Edits that a Region's item of a line has at most, and keys of earlier edits that it remembers
    /// besides. More than one Region makes in one line while it waits for the other's.
    @WithDefault("100")
    @Min(10)
    @Max(500)
    int editsKept();

    /// Items of one cart at most, those of removed lines too, which stay until they end. A cart that has them
    /// takes no new product.
    @WithDefault("4000")
    @Min(100)
    @Max(20_000)
    int itemsMax();

    /// Attempts at a write of a line that conflicts with other writes of the same line.
    @WithDefault("20")
    @Min(1)
    @Max(100)
    int attemptsMax();

    /// Edits that wait in this process for earlier edits of the same cart; further ones are answered 503.
    @WithDefault("1000")
    @Min(1)
    @Max(100_000)
    int waitingMax();

    /// Lines that a merge or a payment writes at the same time.
    @WithDefault("8")
    @Min(1)
    @Max(50)
    int writesAtOnce();
}
