package dev.meridian.lab.client;

import dev.meridian.lab.client.History.Placed;
import java.util.concurrent.atomic.AtomicLong;

/// The cart of a visitor who pays on pages, now in one Region, then in the other: what was ordered is taken out of
/// it at most once.
///
/// @param ordered units that were in the cart when the checkout began
/// @param acknowledged units that were added according to an answer, those included
/// @param attempted units that were asked for, those included
public record PaidUnits(Placed order, String product, long ordered, AtomicLong acknowledged, AtomicLong attempted) {}
