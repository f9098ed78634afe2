package dev.meridian.sqlpool;

/// A WAL timeline of a database cluster. Timelines only grow: each promotion of a standby starts a new one.
///
/// @param system the identifier that all copies of the cluster share; empty where servers do not show it
/// @param number 0 where servers have none (Aurora)
public record Timeline(String system, long number) {
    /// No timeline is known.
    public static final Timeline NONE = new Timeline("", 0);
}
