package dev.meridian.lab.fault;

import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The faults, grouped for the page.
public final class FaultGroups {
    /// Faults without a Region.
    private static final Set<Fault> EVERYWHERE = EnumSet.of(
            Fault.KILL_WRITER,
            Fault.PROMOTE,
            Fault.KILL_READER,
            Fault.SWITCHOVER,
            Fault.FAILOVER_LOSING_TAIL,
            Fault.SPLIT_BRAIN,
            Fault.PARTITION_REGIONS,
            Fault.HOT_PRODUCT,
            Fault.HEAL);

    private FaultGroups() {}

    /// Whether the fault needs a Region.
    public static boolean isPerRegion(Fault fault) {
        return !EVERYWHERE.contains(fault);
    }

    private static String group(Fault fault) {
        return switch (fault) {
            case LOSE_REGION, DRAIN, UNDRAIN, PARTITION_REGIONS -> "Regions";
            case SWITCHOVER, FAILOVER_LOSING_TAIL, SPLIT_BRAIN, KILL_WRITER, PROMOTE, KILL_READER -> "SQL writer";
            case KILL_SERVICE, TERMINATE_SERVICE, CLOCK_FAST, CLOCK_SLOW, HOT_PRODUCT -> "Service";
            case HANG_DYNAMO,
                    SLOW_DYNAMO,
                    CUT_DYNAMO,
                    THROTTLE_DYNAMO,
                    CONFLICT_DYNAMO,
                    LOSE_DYNAMO_ANSWERS,
                    SCATTER_REPLICATION,
                    FREEZE_REPLICATION -> "DynamoDB";
            case HANG_SQL, SLOW_SQL, CUT_SQL, LOSE_SQL_ANSWERS -> "PostgreSQL";
            default -> "Other";
        };
    }

    /// Groups with a title and their faults; without the healing, which has its own button.
    public static List<Map<String, Object>> describe() {
        var groups = new LinkedHashMap<String, List<Map<String, Object>>>();
        for (var name : List.of("Regions", "SQL writer", "Service", "DynamoDB", "PostgreSQL", "Other")) {
            var faults = EnumSet.complementOf(EnumSet.of(Fault.HEAL)).stream()
                    .filter(fault -> group(fault).equals(name))
                    .map(FaultGroups::describe)
                    .toList();
            if (!faults.isEmpty()) groups.put(name, faults);
        }
        return groups.entrySet().stream()
                .map(group -> Map.<String, Object>of("title", group.getKey(), "faults", group.getValue()))
                .toList();
    }

    private static Map<String, Object> describe(Fault fault) {
        return Map.of(
                "name", fault.name(),
                "title", fault.title(),
                "explanation", fault.explanation(),
                "runbook", fault.runbook(),
                "perRegion", isPerRegion(fault));
    }
}
