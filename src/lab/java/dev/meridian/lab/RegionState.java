package dev.meridian.lab;

/// One Region at one moment.
///
/// @param healthy by the router's health checks
/// @param trafficPercent the Region's share of the requests of the last second, 0 to 100
/// @param requests since the lab began
/// @param errors of those: timeouts, broken connections, 5xx
/// @param p50Millis of the last second, 0 without requests
/// @param openJournalEntries open entries in this Region's journal, or -1 when unknown
/// @param dynamo `ok`, `slow`, `hanging`, `cut`, `throttling`, `conflicting`, `losing answers` or `dead`
/// @param sql `ok`, `slow`, `hanging`, `cut`, `losing answers` or `dead`
/// @param sqlRole `writer`, `reader` or `none`
public record RegionState(
        String name,
        boolean processUp,
        boolean healthy,
        boolean drained,
        int trafficPercent,
        long requests,
        long errors,
        double p50Millis,
        double p99Millis,
        long openJournalEntries,
        String dynamo,
        String sql,
        String sqlRole) {}
