package dev.meridian.limits;

import dev.meridian.shared.ProblemCode;

/// Failures of this package that a client can act on.
final class LimitsProblem {
    static final ProblemCode RATE_LIMITED =
            new ProblemCode("RATE_LIMITED", 429, "Too much was asked for in a short time");

    private LimitsProblem() {}
}
