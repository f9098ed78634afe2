package dev.meridian.infra;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// What no linter looks for in a template. Tests run the checks on what the app makes, and on planted mistakes.
final class Checks {
    /// A check reports what it finds.
    interface Check {
        void look(Synthesis synthesis, Consumer<Finding> found);
    }

    /// Every check by its name.
    static final Map<String, Check> ALL = all();

    private Checks() {}

    private static Map<String, Check> all() {
        var checks = new LinkedHashMap<String, Check>();
        checks.put("references", ReferenceChecks::look);
        checks.put("permissions", PermissionChecks::look);
        checks.put("alarms", AlarmChecks::look);
        checks.put("dashboards", DashboardChecks::look);
        checks.put("canaries", CanaryChecks::look);
        checks.put("documents", DocumentChecks::look);
        checks.put("drills", DrillChecks::look);
        checks.put("release", ReleaseChecks::look);
        checks.put("backup", BackupChecks::look);
        checks.put("tables", TableChecks::look);
        checks.put("sql", SqlChecks::look);
        checks.put("network", NetworkChecks::look);
        checks.put("service", ServiceChecks::look);
        checks.put("identity", IdentityChecks::look);
        checks.put("edge", EdgeChecks::look);
        checks.put("records", RecordChecks::look);
        checks.put("contract", ContractChecks::look);
        return checks;
    }

    static List<Finding> find(Synthesis synthesis) {
        var findings = new ArrayList<Finding>();
        ALL.values().forEach(check -> check.look(synthesis, findings::add));
        return findings;
    }
}
