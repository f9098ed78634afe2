package dev.meridian.sqlpool;

/// Remembers the newest timeline and keeps older servers out. Timelines only grow: each promotion of a standby
/// starts a new one, so of two servers that both take writes, the one on the older timeline is the one that was
/// replaced.
final class Fence {
    private String system = "";
    private long timeline;

    /// Whether this server may be written to. A newer timeline is remembered from then on.
    ///
    /// Another database cluster than the first one seen is never the writer, whatever its timeline.
    synchronized boolean admits(Proof proof) {
        if (!proof.writable()) return false;
        if (!system.isEmpty() && !system.equals(proof.system())) return false;
        if (proof.timeline() < timeline) return false;
        system = proof.system();
        timeline = proof.timeline();
        return true;
    }

    /// Takes note of a timeline that someone else has seen.
    synchronized void learn(long seen) {
        timeline = Math.max(timeline, seen);
    }

    synchronized long timeline() {
        return timeline;
    }
}
