package dev.meridian.checkout;

import dev.meridian.order.Order;
import java.util.Optional;

/// What became of a submit.
///
/// @param order the order; empty when nothing was ordered, since the customer has to agree to another checkout first
/// @param checkout the checkout that was ordered, or the one to agree to
public record SubmitOutcome(Optional<Order> order, Checkout checkout) {}
