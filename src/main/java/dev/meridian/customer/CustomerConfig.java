package dev.meridian.customer;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;

/// Bounds of customers.
@ConfigMapping(prefix = "meridian.customer")
interface CustomerConfig {
    /// Addresses of a customer at most.
    @WithDefault("10")
    @Min(1)
    @Max(100)
    int addressesMax();

    /// The country of addresses that name none, ISO 3166-1 alpha-2.
    @WithDefault("US")
    String countryDefault();
}
