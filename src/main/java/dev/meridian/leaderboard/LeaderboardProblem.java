package dev.meridian.leaderboard;

import dev.meridian.shared.ProblemCode;

enum LeaderboardProblem implements ProblemCode {
    UNKNOWN_PLAYER(404, "There is no such player"),
    TOO_MANY_IMPORTS(429, "Too many imports are running");

    private final int status;
    private final String title;

    LeaderboardProblem(int status, String title) {
        this.status = status;
        this.title = title;
    }

    @Override
    public int status() {
        return status;
    }

    @Override
    public String title() {
        return title;
    }
}
