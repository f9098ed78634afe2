package dev.meridian.limits;

/// What requests of each kind take while little is under way, learned from those that are answered, and how much
/// longer they take now. In fixed memory. Not thread-safe.
///
/// The unloaded time of a kind follows the mean of each 16 answers or more: quickly where they are faster, slowly where
/// they are slower, and then only as [Learning] says. So it stays somewhat below the mean of quiet times.
final class UnloadedTimes {
    /// Kinds that share an entry are measured as one.
    static final int KINDS = 64;

    /// Differences of this size tell nothing: fast answers vary by more than their own time.
    private static final long NOISE_NANOS = 1_000_000;
    private static final int BATCH = 16;
    private static final int FASTER = 4;
    private static final int SLOWER = 32;
    private static final int CHANCE = 3;
    private static final int NATURAL = 4;
    /// One answer counts as so many times the unloaded time at most, so that few very slow ones, those of one store,
    /// do not stand for all.
    private static final int TIMES_MAX = 4;

    private final long[] unloaded = new long[KINDS];
    private final long[] batch = new long[KINDS];
    private final int[] batchCount = new int[KINDS];
    private final long[] window = new long[KINDS];
    private final int[] windowCount = new int[KINDS];
    private long percents;
    private int compared;

    /// What a window tells of unloaded times. Faster answers always tell.
    enum Learning {
        /// Nothing is refused, and answers are not slow.
        QUIET,
        /// Requests are refused, or answers are slow.
        LOADED,
        /// Few are under way for a moment, so that this is what they take unloaded.
        LOOK,
        /// Answers are slow although as few are under way as the limit ever allows: it is not their number.
        SLOW_BY_NATURE
    }

    /// One request was answered.
    ///
    /// @param isFailure whether it failed by a fault of ours or of a store. A fast failure tells nothing
    void add(int kind, long nanos, boolean isFailure) {
        long usual = unloaded[kind];
        if (isFailure && nanos <= usual) return;
        window[kind] += nanos;
        windowCount[kind]++;
        if (usual == 0) {
            batch[kind] += nanos;
        } else {
            long capped = Math.min(nanos, TIMES_MAX * (usual + NOISE_NANOS) - NOISE_NANOS);
            batch[kind] += capped;
            percents += 100 * (capped + NOISE_NANOS) / (usual + NOISE_NANOS);
            compared++;
        }
        batchCount[kind]++;
    }

    /// How long the answers of this window took, percent of what they take unloaded; 100 when nothing is known.
    int slowdown() {
        return compared == 0 ? 100 : (int) (percents / compared);
    }

    /// Ends a window.
    void learn(Learning how) {
        for (int kind = 0; kind < KINDS; kind++) {
            if (windowCount[kind] == 0) continue;
            long mean = window[kind] / windowCount[kind];
            if (how == Learning.SLOW_BY_NATURE && unloaded[kind] > 0) {
                unloaded[kind] += (mean - unloaded[kind]) / NATURAL;
                forgetBatch(kind);
            } else if (batchCount[kind] >= BATCH) {
                follow(kind, batch[kind] / batchCount[kind], how);
                forgetBatch(kind);
            }
            window[kind] = 0;
            windowCount[kind] = 0;
        }
        percents = 0;
        compared = 0;
    }

    /// Forgets the answers of which not all came from the time that is to be learned from.
    void forget() {
        for (int kind = 0; kind < KINDS; kind++) forgetBatch(kind);
    }

    private void follow(int kind, long mean, Learning how) {
        long usual = unloaded[kind];
        if (usual == 0) unloaded[kind] = Math.max(1, mean);
        // By chance some batches are faster, and here nothing makes up for that.
        else if (how == Learning.LOADED && mean > usual - usual / CHANCE) return;
        else if (mean < usual) unloaded[kind] = Math.max(1, usual - (usual - mean) / FASTER);
        else if (how == Learning.LOOK) unloaded[kind] += (mean - usual) / FASTER;
        else if (how == Learning.QUIET) unloaded[kind] += (mean - usual) / SLOWER;
    }

    private void forgetBatch(int kind) {
        batch[kind] = 0;
        batchCount[kind] = 0;
    }
}
