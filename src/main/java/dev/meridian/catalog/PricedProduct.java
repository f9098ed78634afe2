package dev.meridian.catalog;

import dev.meridian.shared.Money;
import java.time.Instant;
import java.util.Optional;

/// A product's price.
///
/// @param productId the product
/// @param name its name, to be kept with an order
/// @param price the price of one unit
/// @param asOf when the price was read, if it comes from memory because PostgreSQL cannot be read; else empty
public record PricedProduct(String productId, String name, Money price, Optional<Instant> asOf) {}
