package dev.meridian.cart;

/// A write of a Region's item of a line, which is done if the item is still as it was read.
///
/// @param seen the item as it was read
/// @param next the item afterwards
record LineWrite(String customerId, String productId, LinePart seen, LinePart next) {}
