package dev.meridian.infra;

import dev.meridian.infra.Threshold.Severity;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.services.cloudwatch.Alarm;
import software.amazon.awscdk.services.cloudwatch.AlarmRule;
import software.amazon.awscdk.services.cloudwatch.AlarmState;
import software.amazon.awscdk.services.cloudwatch.CompositeAlarm;
import software.amazon.awscdk.services.cloudwatch.IAlarm;
import software.amazon.awscdk.services.cloudwatch.IAlarmRule;
import software.amazon.awscdk.services.cloudwatch.IMetric;
import software.amazon.awscdk.services.cloudwatch.Metric;
import software.amazon.awscdk.services.cloudwatch.TreatMissingData;
import software.amazon.awscdk.services.cloudwatch.actions.SnsAction;
import software.amazon.awscdk.services.iam.ServicePrincipal;
import software.amazon.awscdk.services.sns.Topic;

/// The alarms of one stack and who hears of them. Notes go out one by one. Pages go out together, as one
/// composite alarm that says which of them rings; it is silent while a drill or a deployment has said so.
final class Alerts {
    /// What a deployment of the pipeline, and an operator during a drill, sets to 1 each minute; `region` is its only
    /// dimension.
    static final String QUIET = "Quiet";

    static final String OPERATIONS = "Meridian/Operations";

    private final PlatformStack stack;
    final Topic topic;
    private final List<IAlarm> pages = new ArrayList<>();
    private final Map<String, Alarm> made = new HashMap<>();

    Alerts(PlatformStack stack) {
        this.stack = stack;
        topic = Topic.Builder.create(stack, "Alarms")
                .topicName(stack.names.stack(stack.part, "alarms"))
                .enforceSsl(true)
                .build();
        // The policy that enforces TLS replaces the one by which alarms of the account may publish.
        topic.grantPublish(new ServicePrincipal("cloudwatch.amazonaws.com"));
        stack.resource(
                "Email",
                "AWS::SNS::Subscription",
                PlatformStack.map(
                        "TopicArn",
                        topic.getTopicArn(),
                        "Protocol",
                        "email",
                        "Endpoint",
                        stack.config.options().email()));
    }

    Alarm add(Threshold threshold, IMetric metric, String what) {
        return add(threshold, threshold.id(), metric, threshold.limit(), what);
    }

    /// @param kind what makes it one of several
    Alarm add(Threshold threshold, String kind, IMetric metric, double limit, String what) {
        var alarm = threshold.alarm(stack, kind, metric, limit, what);
        hear(threshold, alarm);
        made.put(kind, alarm);
        return alarm;
    }

    /// An alarm that was added.
    Alarm find(String kind) {
        return made.get(kind);
    }

    private void hear(Threshold threshold, Alarm alarm) {
        if (threshold.severity() == Severity.PAGE) {
            pages.add(alarm);
        } else {
            alarm.addAlarmAction(new SnsAction(topic));
        }
    }

    /// Of an alarm that another stack has: it cannot name the topic, which comes later.
    void hearOther(Threshold threshold, Alarm alarm) {
        if (threshold.severity() == Severity.PAGE) {
            pages.add(alarm);
            return;
        }
        var note = CompositeAlarm.Builder.create(stack, "Note-" + threshold.id())
                .compositeAlarmName(stack.names.alarm("note-" + threshold.id(), stack.region))
                .alarmDescription(threshold.severity() + ": as the alarm in it")
                .alarmRule(AlarmRule.fromAlarm(alarm, AlarmState.ALARM))
                .build();
        note.addAlarmAction(new SnsAction(topic));
    }

    /// A Region may have several stacks with alarms.
    private String name(String kind) {
        return stack.names.alarm(stack.part == Part.WATCH ? kind : kind + "-" + stack.part.id(), stack.region);
    }

    /// Makes the composite alarm. After it no page is added.
    void page() {
        var quiet = Alarm.Builder.create(stack, "Quiet")
                .alarmName(name("quiet"))
                .alarmDescription("A drill or a deployment runs: nobody is paged.")
                .metric(Metric.Builder.create()
                        .namespace(OPERATIONS)
                        .metricName(QUIET)
                        .dimensionsMap(Map.of("region", stack.region))
                        .statistic("Maximum")
                        .period(Duration.minutes(1))
                        .build())
                .threshold(1)
                .evaluationPeriods(1)
                .treatMissingData(TreatMissingData.NOT_BREACHING)
                .build();
        var rules = pages.stream()
                .<IAlarmRule>map(alarm -> AlarmRule.fromAlarm(alarm, AlarmState.ALARM))
                .toArray(IAlarmRule[]::new);
        var page = CompositeAlarm.Builder.create(stack, "Page")
                .compositeAlarmName(name("page"))
                .alarmDescription("PAGE: at least one of these rings")
                .alarmRule(AlarmRule.anyOf(rules))
                .actionsSuppressor(quiet)
                .actionsSuppressorWaitPeriod(Duration.minutes(1))
                .actionsSuppressorExtensionPeriod(Duration.minutes(1))
                .build();
        page.addAlarmAction(new SnsAction(topic));
    }
}
