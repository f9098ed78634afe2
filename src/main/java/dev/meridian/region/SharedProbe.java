package dev.meridian.region;

import io.smallrye.mutiny.Uni;
import java.time.Duration;

/// One probe of the stores, shared by all who ask while it runs and for a while after.
final class SharedProbe {
    private final long started = System.nanoTime();
    private final Uni<Health> answer;
    private volatile Long ended;

    SharedProbe(Uni<Health> probe) {
        this.answer = probe.invoke(() -> ended = System.nanoTime()).memoize().indefinitely();
    }

    Uni<Health> answer() {
        return answer;
    }

    /// Whether it ended, and longer ago than that.
    boolean isOlderThan(Duration age) {
        var end = ended;
        return end != null && System.nanoTime() - end >= age.toNanos();
    }

    /// Whether it should have ended long ago.
    boolean isLost(Duration limit) {
        return ended == null && System.nanoTime() - started > limit.toNanos();
    }
}
