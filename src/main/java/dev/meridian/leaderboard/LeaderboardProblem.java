package dev.meridian.leaderboard;

import dev.meridian.shared.ProblemCode;

/// Failures of this feature that a client can act on.
final class LeaderboardProblem {
    static final ProblemCode UNKNOWN_PLAYER = new ProblemCode("UNKNOWN_PLAYER", 404, "There is no such player");

    private LeaderboardProblem() {}
}
