package dev.meridian.dynamo;

import dev.meridian.async.RepeatingTask;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongUnaryOperator;

/// Whether and when a call is repeated: after a random pause (full jitter), and only while the process has budget,
/// so that a store that refuses calls does not get many more of them. Thread-safe.
///
/// The budget is a token bucket. Of any 200 calls or more in a row, at most every tenth is repeated: a call saves
/// 0.07 of a retry, and at most 5 are saved (0.07 · 200 + 5 = 19). The bucket is full at the start, so that a few
/// calls that fail alone are repeated.
final class DynamoRetries {
    /// How often one call is repeated.
    static final int MAX = 3;

    private static final Duration FIRST = Duration.ofMillis(25);
    private static final Duration LONGEST = Duration.ofMillis(400);
    /// In hundredths of a retry.
    private static final int PRICE = 100;

    private static final int CREDIT = 7;
    private static final int SAVED_MAX = 5 * PRICE;

    private final AtomicInteger saved = new AtomicInteger(SAVED_MAX);
    private final LongUnaryOperator random;

    DynamoRetries() {
        this(bound -> ThreadLocalRandom.current().nextLong(bound));
    }

    /// @param random a number from 0 to below its argument
    DynamoRetries(LongUnaryOperator random) {
        this.random = random;
    }

    /// A call begins, not a retry.
    void called() {
        if (saved.get() < SAVED_MAX) saved.getAndUpdate(now -> Math.min(SAVED_MAX, now + CREDIT));
    }

    /// Takes one retry from the budget.
    ///
    /// @param retries how often the call was repeated already
    /// @param left time of the call, in nanoseconds
    /// @return the pause before the retry, in nanoseconds; empty when the call is not repeated
    OptionalLong next(int retries, long left) {
        if (retries >= MAX) return OptionalLong.empty();
        long pause = random.applyAsLong(
                RepeatingTask.backoff(FIRST, LONGEST, retries).toNanos());
        if (pause >= left || saved.getAndUpdate(now -> now < PRICE ? now : now - PRICE) < PRICE)
            return OptionalLong.empty();
        return OptionalLong.of(pause);
    }
}
