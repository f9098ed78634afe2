package dev.meridian.infra;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/// Alarms reach somebody, read what exists, and ring when their data is missing where that matters.
final class AlarmChecks {
    static final String ALARM = "AWS::CloudWatch::Alarm";
    static final String COMPOSITE = "AWS::CloudWatch::CompositeAlarm";

    private static final Set<String> COMPARISONS = Set.of(
            "GreaterThanOrEqualToThreshold",
            "GreaterThanThreshold",
            "LessThanThreshold",
            "LessThanOrEqualToThreshold",
            "LessThanLowerOrGreaterThanUpperThreshold",
            "LessThanLowerThreshold",
            "GreaterThanUpperThreshold");

    /// Metrics whose absence means that what they watch is gone.
    private static final Set<String> ALIVE = Set.of(
            "HealthCheckStatus", "SuccessPercent", "meridian_health_up", "meridian_sql_available", "HealthyHostCount");

    private AlarmChecks() {}

    static void look(Synthesis synthesis, Consumer<Finding> found) {
        var names = names(synthesis);
        var inComposites = new HashSet<String>();
        synthesis.resources(COMPOSITE).forEach(composite -> {
            try {
                for (var alarm : AlarmRule.alarms(composite.text("AlarmRule"))) {
                    inComposites.add(alarm);
                    if (!exists(alarm, composite, names)) {
                        found.accept(composite.finding("composite", "there is no alarm " + alarm));
                    }
                }
            } catch (IllegalArgumentException e) {
                found.accept(composite.finding("composite", "the rule is none: " + e.getMessage()));
            }
            actions(synthesis, composite, found);
        });
        synthesis.resources(ALARM).forEach(alarm -> {
            one(alarm, found);
            actions(synthesis, alarm, found);
        });
    }

    private static void one(Resource alarm, Consumer<Finding> found) {
        var comparison = alarm.text("ComparisonOperator");
        if (!COMPARISONS.contains(comparison))
            found.accept(alarm.finding("comparison", "no comparison: " + comparison));
        var periods = alarm.properties().findValues("Period");
        for (var period : periods) {
            int seconds = period.asInt();
            if (seconds != 10 && seconds != 20 && seconds != 30 && (seconds < 60 || seconds % 60 != 0)) {
                found.accept(alarm.finding("period", seconds + " s are no period of an alarm"));
            }
        }
        int of = alarm.at("EvaluationPeriods").asInt();
        if (alarm.at("DatapointsToAlarm").asInt() > of) {
            found.accept(alarm.finding("datapoints", "more datapoints than periods: it never rings"));
        }
        for (var metric : alarm.properties().findValuesAsText("MetricName")) {
            if (ALIVE.contains(metric) && !alarm.text("TreatMissingData").equals("breaching") && !isOk(alarm)) {
                found.accept(alarm.finding("missing-data", "no data of " + metric + " must count as failure"));
            }
        }
        if (alarm.text("TreatMissingData").isEmpty()) {
            found.accept(alarm.finding("missing-data", "says nothing of missing data"));
        }
    }

    /// Alarms that ring when a metric is there.
    private static boolean isOk(Resource alarm) {
        return alarm.text("ComparisonOperator").startsWith("Greater");
    }

    private static void actions(Synthesis synthesis, Resource alarm, Consumer<Finding> found) {
        for (var name : List.of("AlarmActions", "OKActions", "InsufficientDataActions")) {
            for (var action : alarm.at(name)) {
                var text = Resource.text(action, alarm.stack().region());
                var referred = synthesis.referred(alarm.stack(), action);
                boolean topic = referred != null && referred.type().equals("AWS::SNS::Topic");
                if (!topic && !text.matches("arn:aws:(sns|ssm|swf|automate|lambda|ec2|autoscaling):.*")) {
                    found.accept(alarm.finding("alarm-actions", name + " has what is no ARN: " + text));
                }
            }
        }
    }

    /// Names of all alarms, and the references to them that a template can hold.
    static Set<String> names(Synthesis synthesis) {
        var names = new HashSet<String>();
        for (var type : List.of(ALARM, COMPOSITE)) {
            synthesis.resources(type).forEach(alarm -> {
                names.add(alarm.text("AlarmName"));
                names.add("${" + alarm.id() + "}");
                names.add("${" + alarm.id() + ".Arn}");
            });
        }
        return names;
    }

    private static boolean exists(String alarm, Resource composite, Set<String> names) {
        if (alarm.startsWith("${") && alarm.contains("/")) return true;
        int colon = alarm.indexOf(":alarm:");
        return names.contains(colon < 0 ? alarm : alarm.substring(colon + 7));
    }
}
