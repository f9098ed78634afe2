package dev.meridian.infra;

import java.util.Map;
import software.amazon.awscdk.Duration;
import software.constructs.Construct;

/// Alarms on the health checks of all Regions. Route 53 reports in one Region only.
final class ChecksStack extends PlatformStack {
    private static final String REGION = "us-east-1";

    ChecksStack(Construct scope, Config config, Map<String, RoutingStack> routings) {
        super(scope, Part.CHECKS, config, REGION);
        var alerts = new Alerts(this);
        routings.forEach((name, routing) -> alerts.add(
                Threshold.CHECK,
                Threshold.CHECK.id() + "-" + name,
                ServiceAlarms.metric("AWS/Route53", "HealthCheckStatus", "Minimum", Duration.minutes(1))
                        .dimensionsMap(Map.of("HealthCheckId", routing.deepCheck))
                        .build(),
                Threshold.CHECK.limit(),
                "Route 53 takes " + name + " out of traffic"));
        alerts.page();
    }
}
