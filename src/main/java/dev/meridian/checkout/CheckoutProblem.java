package dev.meridian.checkout;

import dev.meridian.shared.ProblemCode;

/// Failures of this feature that a client can act on.
final class CheckoutProblem {
    static final ProblemCode NO_CHECKOUT = new ProblemCode("NO_CHECKOUT", 404, "There is no checkout");
    static final ProblemCode INCOMPLETE_CHECKOUT =
            new ProblemCode("INCOMPLETE_CHECKOUT", 409, "The checkout lacks something that an order needs");

    private CheckoutProblem() {}
}
