package dev.meridian.recovery;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The comparisons that a new writer makes due: two of each partition that is this task's, also of one that
/// becomes its own while the plan lives. Each writer that is found makes a new plan; a comparison that is
/// running then does not count for it. Not thread-safe: its owner locks.
final class CheckPlan {
    private static final int RUNS = 2;
    /// A task that dies later has made its comparisons.
    private static final Duration LIFE = Duration.ofMinutes(30);

    private final Instant since;
    private final Instant made;
    private final Map<Integer, Integer> runs = new HashMap<>();
    private final Map<Integer, Instant> notBefore = new HashMap<>();

    /// @param since compare entries closed at or after this time
    CheckPlan(Instant since, Instant made) {
        this.since = since;
        this.made = made;
    }

    Instant since() {
        return since;
    }

    boolean isOver(Instant now) {
        return made.plus(LIFE).isBefore(now);
    }

    /// Those of the partitions that are to be compared now.
    List<Integer> due(List<Integer> partitions, Instant now) {
        return partitions.stream()
                .filter(partition -> runs.getOrDefault(partition, 0) < RUNS)
                .filter(partition ->
                        !notBefore.getOrDefault(partition, Instant.MIN).isAfter(now))
                .toList();
    }

    /// @param again when they may be compared again
    void done(List<Integer> partitions, Instant again) {
        partitions.forEach(partition -> {
            runs.merge(partition, 1, Integer::sum);
            notBefore.put(partition, again);
        });
    }
}
