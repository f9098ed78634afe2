package dev.meridian.shared;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;

/// Bounds of what is ordered at once: the same for carts, checkouts and orders, so that none takes what the
/// next one refuses.
@ConfigMapping(prefix = "meridian.limits")
public interface LineLimits {
    /// Most units of one product in a cart, a checkout or an order.
    @WithDefault("1000")
    @Min(1)
    @Max(1_000_000)
    int quantityMax();

    /// Most lines of a cart, a checkout or an order. An order is one DynamoDB item, which has 400 KB at most.
    @WithDefault("100")
    @Min(1)
    @Max(300)
    int linesMax();
}
