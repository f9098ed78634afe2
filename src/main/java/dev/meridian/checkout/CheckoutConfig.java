package dev.meridian.checkout;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.Valid;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;

/// Bounds of checkouts, and what shipping and tax cost.
@ConfigMapping(prefix = "meridian.checkout")
interface CheckoutConfig {
    /// How long a checkout lives after its last update.
    @WithDefault("24h")
    Duration timeToLive();

    /// Lines of one checkout at most.
    @WithDefault("100")
    @Min(1)
    @Max(500)
    int linesMax();

    /// The largest quantity of one line.
    @WithDefault("10000")
    @Min(1)
    @Max(1_000_000)
    int quantityMax();

    /// The tax once there is an address, in the currency's major unit.
    @WithDefault("5")
    @DecimalMin("0")
    BigDecimal tax();

    /// The delivery options, in the order in which they are offered.
    @NotEmpty
    List<@Valid Rate> rates();

    /// One delivery option.
    interface Rate {
        /// What a customer reads.
        @NotBlank
        String name();

        /// What it costs, in the currency's major unit.
        @DecimalMin("0")
        BigDecimal amount();

        /// What a client sends to choose it; never renamed while checkouts live.
        @NotBlank
        String token();

        /// Days until delivery.
        @Min(0)
        int estimatedDays();
    }
}
