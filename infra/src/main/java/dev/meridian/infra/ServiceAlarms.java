package dev.meridian.infra;

import java.util.Map;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.services.cloudwatch.MathExpression;
import software.amazon.awscdk.services.cloudwatch.Metric;

/// Alarms on what the service, its load balancer and its tasks say of themselves.
final class ServiceAlarms {
    /// The namespace of metrics that are counted in the log.
    static final String LOGS = "Meridian/Logs";

    /// Lines of the log about orders that a new SQL writer did not have.
    static final String LOGGED_MISSING = "MissingOrders";

    private final PlatformStack stack;
    private final Alerts alerts;
    private final ServiceStack service;

    ServiceAlarms(PlatformStack stack, Alerts alerts, ServiceStack service) {
        this.stack = stack;
        this.alerts = alerts;
        this.service = service;
    }

    void add() {
        var region = stack.region;
        alerts.add(Threshold.HEALTH, ServiceMetric.HEALTH_UP.in(region, "Minimum"), "the Region's stores fail");
        alerts.add(Threshold.HEARTBEAT, ServiceMetric.HEALTH_UP.in(region, "SampleCount"), "no task says anything");
        orders();
        writer();
        tasks();
        alerts.add(
                Threshold.CERTIFICATE,
                metric("AWS/CertificateManager", "DaysToExpiry", "Minimum", Duration.days(1))
                        .dimensionsMap(Map.of("CertificateArn", service.edge.certificate.getCertificateArn()))
                        .build(),
                "the certificate was not renewed");
    }

    private void orders() {
        var region = stack.region;
        alerts.add(
                Threshold.JOURNAL_AGE,
                ServiceMetric.JOURNAL_AGE.in(region, "Maximum"),
                "an accepted order waits too long for PostgreSQL");
        alerts.add(
                Threshold.JOURNAL_FAILING,
                ServiceMetric.JOURNAL_FAILING.in(region, "Maximum"),
                "an accepted order cannot be settled although the stores work");
        alerts.add(
                Threshold.MISSING_ORDERS,
                ServiceMetric.MISSING.in(region, "Sum"),
                "a new SQL writer lacks confirmed orders");
        alerts.add(
                Threshold.MISSING_ORDERS_LOGGED,
                metric(LOGS, LOGGED_MISSING, "Sum", Duration.minutes(1)).build(),
                "a new SQL writer lacks confirmed orders, says the log");
    }

    private void writer() {
        var region = stack.region;
        alerts.add(
                Threshold.WRITER,
                ServiceMetric.SQL_AVAILABLE.in(region, "Minimum", "writer"),
                "tasks find no SQL writer");
        alerts.add(
                Threshold.READER,
                ServiceMetric.SQL_AVAILABLE.in(region, "Minimum", "reader"),
                "tasks find no SQL reader");
        var difference = MathExpression.Builder.create()
                .label("difference of writer epochs")
                .expression("high - low")
                .usingMetrics(PlatformStack.sorted(Map.of(
                        "high", ServiceMetric.WRITER_EPOCH.in(region, "Maximum"),
                        "low", ServiceMetric.WRITER_EPOCH.in(region, "Minimum"))))
                .period(Duration.minutes(1))
                .build();
        alerts.add(Threshold.EPOCH, difference, "tasks know different SQL writers");
    }

    private void tasks() {
        var tasks = stack.site().tasks();
        alerts.add(
                Threshold.HEALTHY_TASKS,
                Threshold.HEALTHY_TASKS.id(),
                metric("AWS/ApplicationELB", "HealthyHostCount", "Minimum", Duration.minutes(1))
                        .dimensionsMap(PlatformStack.sorted(Map.of(
                                "LoadBalancer", service.edge.balancer.getLoadBalancerFullName(),
                                "TargetGroup", service.edge.target.getTargetGroupFullName())))
                        .build(),
                tasks.min(),
                "fewer tasks than the Region must have");
        var running = MathExpression.Builder.create()
                .label("tasks, percent of the maximum")
                .expression("100 * running / " + tasks.max())
                .usingMetrics(PlatformStack.sorted(Map.of(
                        "running",
                        metric("ECS/ContainerInsights", "RunningTaskCount", "Maximum", Duration.minutes(1))
                                .dimensionsMap(PlatformStack.sorted(Map.of(
                                        "ClusterName", stack.names.service(), "ServiceName", stack.names.service())))
                                .build())))
                .period(Duration.minutes(1))
                .build();
        alerts.add(Threshold.TASKS_MAX, running, "the scaling is at its end");
    }

    static Metric.Builder metric(String namespace, String name, String statistic, Duration period) {
        return Metric.Builder.create()
                .namespace(namespace)
                .metricName(name)
                .statistic(statistic)
                .period(period);
    }
}
