package dev.meridian.sqlpool;

/// Remembers the newest timeline and keeps older servers out. Timelines only grow, since each promotion of a standby
/// starts a new one: of two servers that take writes, the one on the older timeline is the one that was replaced.
final class TimelineFence {
    private String system = "";
    private long timeline;

    /// Whether this server may be written to. If so, its timeline is remembered.
    ///
    /// A server of another database cluster than the first one seen is never the writer, whatever its timeline.
    synchronized boolean admits(ServerIdentity identity) {
        if (!identity.writable()) return false;
        if (!system.isEmpty() && !system.equals(identity.system())) return false;
        if (identity.timeline() < timeline) return false;
        system = identity.system();
        timeline = identity.timeline();
        return true;
    }

    /// Takes note of a timeline that another process has seen.
    ///
    /// @return whether it is newer than what was known
    synchronized boolean raiseTo(long seen) {
        if (seen <= timeline) return false;
        timeline = seen;
        return true;
    }

    synchronized long timeline() {
        return timeline;
    }
}
