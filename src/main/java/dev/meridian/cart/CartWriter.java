package dev.meridian.cart;

import java.util.Optional;

/// Who writes items of carts, and to which replica.
///
/// @param name in the keys of its items: the Region, or `eu-west-1~us-east-1` when it writes to another
///     Region's replica
/// @param fallbackRegion the Region of that replica, if it is not the writer's own
record CartWriter(String name, Optional<String> fallbackRegion) {}
