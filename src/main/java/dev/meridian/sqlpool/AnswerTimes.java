package dev.meridian.sqlpool;

import java.time.Duration;

/// How long one server takes to answer statements, and what follows from that for the time limits of the next ones.
/// Times are in nanoseconds.
final class AnswerTimes {
    /// Each answer counts for this part of the average.
    private static final int WEIGHT = 8;

    /// Limits on the server are multiples of this part of a timeout, so that they seldom change.
    private static final int STEPS = 16;

    private long average;
    private long shortest;

    /// @param roundTrip to the server and back
    AnswerTimes(long roundTrip) {
        this.shortest = roundTrip;
    }

    /// @param failed such an answer may come from this process, so it tells nothing about the way to the server
    void add(long time, boolean failed) {
        average = average == 0 ? time : average + (time - average) / WEIGHT;
        if (!failed) shortest = Math.min(shortest, time);
    }

    /// About a round trip to the server and back. It does not grow under load, as the average does.
    long shortest() {
        return shortest;
    }

    /// The time that a statement must have left to be sent: such that its limit on the server is a quarter
    /// more than the average answer takes, but never more than three quarters of its timeout.
    long needed(long timeout) {
        long limit = average + average / 4;
        return Math.min(shortest + limit + 2 * step(timeout), timeout - timeout / 4);
    }

    /// When the server is to end a statement: so early that its answer is here before the time is up.
    Duration serverLimit(long timeLeft, long timeout) {
        long step = step(timeout);
        long steps = (timeLeft - shortest - step / 2) / step;
        return Duration.ofMillis(
                Math.max(1, Duration.ofNanos(Math.max(1, steps) * step).toMillis()));
    }

    private static long step(long timeout) {
        return Math.max(1, timeout / STEPS);
    }
}
