package dev.meridian.region;

import dev.meridian.shared.ProblemCode;

/// Failures of this feature that a client can act on.
final class RegionProblem {
    static final ProblemCode UNKNOWN_REGION = new ProblemCode("UNKNOWN_REGION", 404, "There is no such Region");
    static final ProblemCode NO_WRITER_EPOCH = new ProblemCode("NO_WRITER_EPOCH", 404, "No writer epoch was set");
    static final ProblemCode STALE_WRITER_EPOCH =
            new ProblemCode("STALE_WRITER_EPOCH", 409, "Another writer epoch was set already");

    private RegionProblem() {}
}
