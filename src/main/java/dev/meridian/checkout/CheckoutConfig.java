package dev.meridian.checkout;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

/// Bounds of checkouts, and what shipping and tax cost.
@ConfigMapping(prefix = "meridian.checkout")
interface CheckoutConfig {
    /// How long a checkout lives after its last update.
    @WithDefault("24h")
    Duration timeToLive();

    /// How long the total of a checkout holds: so long after its last update it is ordered at just this total,
    /// whatever the catalog says. After that a changed price has to be agreed to first.
    @WithDefault("30m")
    @DurationMin(millis = 0)
    @DurationMax(hours = 24)
    Duration priceHold();

    /// Lines of one checkout at most; no more than `meridian.order.lines-max`.
    @WithDefault("100")
    @Min(1)
    @Max(500)
    int linesMax();

    /// The largest quantity of one line; no more than `meridian.order.quantity-max`.
    @WithDefault("1000")
    @Min(1)
    @Max(1_000_000)
    int quantityMax();

    /// The tax once there is an address, in the currency's major unit.
    @WithDefault("5")
    @DecimalMin("0")
    BigDecimal tax();

    /// The delivery options in the order in which they are offered, each `token:amount:days:name`: what a
    /// client sends to choose it (never renamed while checkouts live), what it costs in the currency's major
    /// unit, days until delivery, what a customer reads.
    @WithDefault("priority-mail:10:10:Priority Mail,priority-mail-express:25:5:Priority Mail Express")
    List<String> rates();
}
