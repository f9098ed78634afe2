package dev.meridian.checkout;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.DecimalMin;
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

    /// How long a checkout stays as it is after its total held. Until then a submit at a changed price is 503:
    /// one that came in time may be storing its order still. Longer than that takes, and than clocks differ.
    /// Never more than a sixtieth of the hold.
    @WithDefault("5s")
    @DurationMin(millis = 0)
    @DurationMax(minutes = 5)
    Duration holdMargin();

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
