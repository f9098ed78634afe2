package dev.meridian.customer;

import dev.meridian.shared.ProblemCode;

/// Failures of this feature that a client can act on.
final class CustomerProblem {
    static final ProblemCode UNKNOWN_CUSTOMER = new ProblemCode("UNKNOWN_CUSTOMER", 404, "There is no such customer");

    private CustomerProblem() {}
}
