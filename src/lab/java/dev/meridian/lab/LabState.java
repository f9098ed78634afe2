package dev.meridian.lab;

import dev.meridian.lab.client.Counters;
import dev.meridian.lab.cluster.LabEvent;
import java.util.List;

/// The lab at one moment.
///
/// @param sqlWriter the Region with the SQL writer, or `none`
/// @param dynamoLagMillis age of the oldest change not yet replicated, in either direction; 0 when there is
///     none
/// @param sqlLagBytes WAL that the SQL reader has not yet replayed, or -1 when unknown
/// @param sqlLagMillis how far behind the SQL reader is, or -1 when unknown
/// @param activeFaults `FAULT region`, oldest first
/// @param lastEvents the newest last
public record LabState(
        long atMillis,
        String artifact,
        String sqlWriter,
        long dynamoLagMillis,
        long sqlLagBytes,
        long sqlLagMillis,
        List<RegionState> regions,
        List<String> activeFaults,
        List<LabEvent> lastEvents,
        Counters counters) {}
