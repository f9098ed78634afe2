package dev.meridian.sqlpool;

import java.util.HashMap;
import java.util.Map;

/// Remembers the newest timeline and keeps older servers out. Of two servers of one database cluster that take
/// writes, the one on the older timeline is the one that was replaced.
final class TimelineFence {
    /// The newest timeline of each database cluster, as this process or another has seen it.
    private final Map<String, Long> newest = new HashMap<>();
    /// The database cluster of this process; empty until a writer was found.
    private String system = "";

    /// Whether this server may be written to. If so, its timeline is remembered.
    ///
    /// A server of another database cluster than the first one admitted is never the writer, whatever its timeline.
    synchronized boolean admits(ServerIdentity identity) {
        if (!identity.writable()) return false;
        if (!system.isEmpty() && !system.equals(identity.system())) return false;
        if (identity.timeline() < newest(identity.system())) return false;
        system = identity.system();
        newest.put(system, identity.timeline());
        return true;
    }

    /// Takes note of a timeline that another process has seen.
    ///
    /// @return whether it is newer than what was known
    synchronized boolean raiseTo(Timeline seen) {
        if (seen.number() <= newest(seen.system())) return false;
        newest.put(seen.system(), seen.number());
        return true;
    }

    /// The newest timeline that is known of the writer's database cluster; before a writer was found, the newest
    /// one of which another process has told.
    synchronized Timeline known() {
        if (!system.isEmpty()) return new Timeline(system, newest(system));
        return newest.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .map(most -> new Timeline(most.getKey(), most.getValue()))
                .orElse(Timeline.NONE);
    }

    private long newest(String of) {
        return newest.getOrDefault(of, 0L);
    }
}
