package dev.meridian.lab.client;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/// Units of one product that one client adds to the carts of sessions, which are merged into one cart. Each
/// unit is in one of these carts at the end.
///
/// @param cart the cart that sessions are merged into
/// @param product the product
/// @param sessions the carts of the sessions
/// @param attempted units that were asked for
/// @param acknowledged units that were added according to an answer
public record MergedUnits(
        String cart, String product, Set<String> sessions, AtomicLong attempted, AtomicLong acknowledged) {
    MergedUnits(String cart, String product) {
        this(cart, product, ConcurrentHashMap.newKeySet(), new AtomicLong(), new AtomicLong());
    }
}
