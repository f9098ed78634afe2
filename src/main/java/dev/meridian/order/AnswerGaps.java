package dev.meridian.order;

import java.util.Arrays;

/// How far the last answers were apart, in nanoseconds. The longest gap does not count: it is the first
/// statement of a connection, or a pause of this process.
final class AnswerGaps {
    private static final int KEPT = 16;
    /// Fewer say nothing.
    private static final int NEEDED = 5;

    private final long[] gaps = new long[KEPT];
    private int count;

    void add(long nanos) {
        gaps[count++ % KEPT] = nanos;
    }

    /// Their mean; 0 when it is not known yet.
    long typical() {
        int known = Math.min(count, KEPT);
        if (known < NEEDED) return 0;
        var last = Arrays.stream(gaps, 0, known).summaryStatistics();
        return (last.getSum() - last.getMax()) / (known - 1);
    }
}
