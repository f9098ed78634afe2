package dev.meridian.infra;

import java.util.HashSet;
import java.util.function.Consumer;

/// Backup: schedules, copies in another Region, vaults that cannot be emptied.
final class BackupChecks {
    static final String PLAN = "AWS::Backup::BackupPlan";

    private BackupChecks() {}

    static void look(Synthesis synthesis, Consumer<Finding> found) {
        synthesis.resources("AWS::Backup::BackupVault").forEach(vault -> {
            if (vault.at("LockConfiguration.MinRetentionDays").asInt() < 7) {
                found.accept(vault.finding("backup-lock", "its copies can be deleted"));
            }
        });
        synthesis.resources(PLAN).forEach(plan -> {
            var copies = new HashSet<String>();
            for (var rule : plan.at("BackupPlan.BackupPlanRule")) {
                schedule(plan, rule.path("ScheduleExpression").asText(), found);
                for (var copy : rule.path("CopyActions")) {
                    copies.add(Resource.text(
                            copy.path("DestinationBackupVaultArn"), plan.stack().region()));
                }
            }
            if (copies.isEmpty()) found.accept(plan.finding("backup-copy", "copies nothing to another Region"));
            for (var vault : copies) {
                if (vault.contains(":" + plan.stack().region() + ":")) {
                    found.accept(plan.finding("backup-copy", "the copy is in the same Region"));
                }
            }
        });
        synthesis
                .resources("AWS::Scheduler::Schedule")
                .forEach(schedule -> schedule(schedule, schedule.text("ScheduleExpression"), found));
        synthesis.resources("AWS::Events::Rule").forEach(rule -> {
            if (!rule.text("ScheduleExpression").isEmpty()) schedule(rule, rule.text("ScheduleExpression"), found);
        });
    }

    /// Six fields, of which day of the month and day of the week exclude each other; or a rate.
    private static void schedule(Resource resource, String text, Consumer<Finding> found) {
        if (text.matches("rate\\((1 (minute|hour|day)|([2-9]|\\d\\d+) (minutes|hours|days))\\)|at\\([\\dT:-]+\\)"))
            return;
        boolean good = text.matches("cron\\([^()]+\\)");
        if (good) {
            var fields = text.substring(5, text.length() - 1).strip().split("\\s+");
            good = fields.length == 6 && (fields[2].equals("?") != fields[4].equals("?"));
        }
        if (!good) found.accept(resource.finding("schedule", "no schedule: " + text));
    }
}
