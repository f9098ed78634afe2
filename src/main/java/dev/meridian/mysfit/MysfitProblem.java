package dev.meridian.mysfit;

import dev.meridian.shared.ProblemCode;

/// Failures of this feature that a client can act on.
final class MysfitProblem {
    static final ProblemCode UNKNOWN_MYSFIT = new ProblemCode("UNKNOWN_MYSFIT", 404, "There is no such mysfit");
    static final ProblemCode ALREADY_ADOPTED = new ProblemCode("ALREADY_ADOPTED", 409, "The mysfit was adopted before");

    private MysfitProblem() {}
}
