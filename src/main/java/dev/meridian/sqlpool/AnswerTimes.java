package dev.meridian.sqlpool;

import java.time.Duration;

/// How long one server takes to answer statements, and what follows from that for the time limits of the next ones.
/// Times are in nanoseconds.
final class AnswerTimes {
    /// Each answer counts for this part of the average.
    private static final int WEIGHT = 8;

    /// Limits on the server are multiples of this part of a timeout, so that they seldom change.
    private static final int STEPS = 16;

    /// The least time to send a statement with: this part of its timeout, and the shortest answer so far.
    private static final int RESERVE = 8;

    private long average;
    private long shortest;

    void add(long time) {
        average = average == 0 ? time : average + (time - average) / WEIGHT;
        shortest = shortest == 0 ? time : Math.min(shortest, time);
    }

    /// The time that a statement must have left to be sent: a quarter more than the average answer takes, but never
    /// more than three quarters of its timeout.
    long needed(long timeout) {
        long least = shortest + timeout / RESERVE;
        return Math.min(Math.max(least, average + average / 4), timeout - timeout / 4);
    }

    /// When the server is to end a statement: so early that its answer is here before the time is up.
    Duration serverLimit(long timeLeft, long timeout) {
        long step = Math.max(1, timeout / STEPS);
        long steps = (timeLeft - shortest - step / 2) / step;
        return Duration.ofMillis(Math.max(1, Duration.ofNanos(Math.max(1, steps) * step).toMillis()));
    }
}
