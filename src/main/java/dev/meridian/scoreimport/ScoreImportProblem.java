package dev.meridian.scoreimport;

import dev.meridian.shared.ProblemCode;

/// Failures of this feature that a client can act on.
final class ScoreImportProblem {
    static final ProblemCode TOO_MANY_IMPORTS =
            new ProblemCode("TOO_MANY_IMPORTS", 429, "Too many imports are running");

    private ScoreImportProblem() {}
}
