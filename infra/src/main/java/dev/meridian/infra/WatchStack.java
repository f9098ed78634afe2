package dev.meridian.infra;

import static dev.meridian.infra.Threshold.Severity.PAGE;

import java.util.List;
import java.util.Map;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.services.cloudwatch.AlarmRule;
import software.amazon.awscdk.services.cloudwatch.AlarmState;
import software.amazon.awscdk.services.cloudwatch.AnomalyDetectionAlarm;
import software.amazon.awscdk.services.cloudwatch.ComparisonOperator;
import software.amazon.awscdk.services.cloudwatch.CompositeAlarm;
import software.amazon.awscdk.services.cloudwatch.MetricOptions;
import software.amazon.awscdk.services.cloudwatch.TreatMissingData;
import software.amazon.awscdk.services.cloudwatch.actions.SnsAction;
import software.amazon.awscdk.services.events.EventPattern;
import software.amazon.awscdk.services.events.Rule;
import software.amazon.awscdk.services.events.targets.SnsTopic;
import software.amazon.awscdk.services.iam.ServicePrincipal;
import software.constructs.Construct;

/// What watches a Region: alarms, canaries against every Region, the dashboard, groups of traces,
/// objectives.
final class WatchStack extends PlatformStack {
    /// Lines of the log with the level ERROR.
    static final String LOGGED_ERRORS = "Errors";

    private final ServiceStack service;
    private final Alerts alerts;

    WatchStack(Construct scope, Config config, String region, ServiceStack service) {
        super(scope, Part.WATCH, config, region);
        this.service = service;
        this.alerts = new Alerts(this);
        alerts.hearOther(Threshold.ERRORS, service.errors);
        alerts.hearOther(Threshold.LATENCY, service.latency);
        logFilters();
        new ServiceAlarms(this, alerts, service).add();
        new StoreAlarms(this, alerts).add();
        if (config.options().canaries() > 0) canaries();
        traffic();
        events();
        traces();
        objectives();
        alerts.page();
        resource(
                "Dashboard",
                "AWS::CloudWatch::Dashboard",
                map("DashboardName", names.stack(Part.WATCH, region), "DashboardBody", new Board(config).body(region)));
    }

    /// What the log says besides the metrics: they come from a collector that may be away.
    private void logFilters() {
        filter(ServiceAlarms.LOGGED_MISSING, "{ $.message = \"confirmed order is missing*\" }");
        filter(LOGGED_ERRORS, "{ $.level = \"ERROR\" }");
    }

    private void filter(String metric, String pattern) {
        resource(
                "Log" + metric,
                "AWS::Logs::MetricFilter",
                map(
                        "LogGroupName", names.serviceLogs(),
                        "FilterPattern", pattern,
                        "MetricTransformations",
                                List.of(map(
                                        "MetricNamespace",
                                        ServiceAlarms.LOGS,
                                        "MetricName",
                                        metric,
                                        "MetricValue",
                                        "1",
                                        "DefaultValue",
                                        0,
                                        "Unit",
                                        "Count"))));
    }

    /// A journey against each Region, this one too. Another Region is down, and not this one, when the
    /// own canary passes and the other does not.
    private void canaries() {
        var canaries = new Canaries(this, alerts);
        for (var target : config.regionNames()) canaries.against(Canaries.ORDER, target);
        var own = alerts.find(Threshold.CANARY.id() + "-" + region);
        for (var peer : config.others(site())) {
            var failing = alerts.find(Threshold.CANARY.id() + "-" + peer.region());
            var down = CompositeAlarm.Builder.create(this, "Down-" + peer.region())
                    .compositeAlarmName(names.alarm("region-down-" + peer.region(), region))
                    .alarmDescription(PAGE + ": " + peer.region() + " is down, seen from " + region)
                    .alarmRule(AlarmRule.allOf(
                            AlarmRule.fromAlarm(failing, AlarmState.ALARM), AlarmRule.fromAlarm(own, AlarmState.OK)))
                    .build();
            down.addAlarmAction(new SnsAction(alerts.topic));
        }
    }

    /// Fewer requests than usual at this hour: customers who cannot reach the Region make no errors.
    private void traffic() {
        AnomalyDetectionAlarm.Builder.create(this, "Traffic")
                .alarmName(names.alarm("traffic", region))
                .alarmDescription("NOTE: fewer requests than usual")
                .metric(service.edge
                        .balancer
                        .getMetrics()
                        .requestCount(MetricOptions.builder()
                                .period(Duration.minutes(5))
                                .statistic("Sum")
                                .build()))
                .stdDevs(Threshold.TRAFFIC_DEVIATIONS)
                .comparisonOperator(ComparisonOperator.LESS_THAN_LOWER_THRESHOLD)
                .evaluationPeriods(3)
                .treatMissingData(TreatMissingData.BREACHING)
                .build()
                .addAlarmAction(new SnsAction(alerts.topic));
    }

    /// What AWS reports once, as an event.
    private void events() {
        Rule.Builder.create(this, "RotationFailed")
                .description("A secret could not be rotated")
                .eventPattern(EventPattern.builder()
                        .source(List.of("aws.secretsmanager"))
                        .detailType(List.of("AWS Service Event via CloudTrail"))
                        .detail(Map.of("eventName", List.of("RotationFailed")))
                        .build())
                .targets(List.of(new SnsTopic(alerts.topic)))
                .build();
        if (config.sqlRegions().stream().noneMatch(site -> site.region().equals(region))) return;
        alerts.topic.grantPublish(new ServicePrincipal("events.rds.amazonaws.com"));
        resource(
                "SqlEvents",
                "AWS::RDS::EventSubscription",
                map(
                        "SnsTopicArn", alerts.topic.getTopicArn(),
                        "SourceType", "db-cluster",
                        "SourceIds", List.of(names.sqlCluster(region)),
                        "EventCategories", List.of("failover", "failure", "global-failover", "notification"),
                        "Enabled", true));
    }

    private void traces() {
        group("faults", "service(\"meridian\") { fault = true }");
        group("slow-orders", "service(\"meridian\") { responsetime > 1 } AND http.method = \"POST\"");
    }

    private void group(String name, String filter) {
        resource(
                "Traces-" + name,
                "AWS::XRay::Group",
                map(
                        "GroupName",
                        config.name() + "-" + name,
                        "FilterExpression",
                        filter,
                        "InsightsConfiguration",
                        map("InsightsEnabled", true, "NotificationsEnabled", true)));
    }

    private void objectives() {
        var bad = List.of(query("bad", "HTTPCode_Target_5XX_Count", "Sum"));
        objective(
                "availability",
                "RequestBasedSli",
                map(
                        "RequestBasedSliMetric",
                        map(
                                "TotalRequestCountMetric",
                                List.of(query("total", "RequestCount", "Sum")),
                                "MonitoredRequestCountMetric",
                                map("BadCountMetric", bad))),
                99.9);
        objective(
                "latency",
                "Sli",
                map(
                        "SliMetric",
                        map("MetricDataQueries", List.of(query("p99", "TargetResponseTime", "p99"))),
                        "MetricThreshold",
                        Threshold.LATENCY.limit(),
                        "ComparisonOperator",
                        "LessThanOrEqualTo"),
                99);
    }

    private void objective(String name, String kind, Map<String, Object> indicator, double percent) {
        resource(
                "Objective-" + name,
                "AWS::ApplicationSignals::ServiceLevelObjective",
                map(
                        "Name",
                        config.name() + "-" + name + "-" + region,
                        kind,
                        indicator,
                        "Goal",
                        map(
                                "AttainmentGoal",
                                percent,
                                "WarningThreshold",
                                50,
                                "Interval",
                                map("RollingInterval", map("Duration", 28, "DurationUnit", "DAY"))),
                        "BurnRateConfigurations",
                        List.of(map("LookBackWindowMinutes", 60))));
    }

    private Map<String, Object> query(String id, String metric, String statistic) {
        var balancer = map("Name", "LoadBalancer", "Value", service.edge.balancer.getLoadBalancerFullName());
        return map(
                "Id",
                id,
                "ReturnData",
                true,
                "MetricStat",
                map(
                        "Period",
                        60,
                        "Stat",
                        statistic,
                        "Metric",
                        map("Namespace", "AWS/ApplicationELB", "MetricName", metric, "Dimensions", List.of(balancer))));
    }
}
