package dev.meridian.catalog;

import dev.meridian.shared.Money;
import java.time.Instant;
import java.util.Optional;

/// What a product costs.
///
/// @param productId the product
/// @param name its name, to be kept with an order
/// @param price the price of one unit
/// @param asOf set when PostgreSQL could not be read and the price is the last one this process saw, at that time
public record PricedProduct(String productId, String name, Money price, Optional<Instant> asOf) {}
