package dev.meridian.catalog;

/// A product after it was created or replaced.
///
/// @param product the product as it is now
/// @param created whether it is new
public record SavedProduct(Product product, boolean created) {}
