package dev.meridian.infra;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import software.constructs.Construct;

/// The record of a Region under the store's name, and the health check that takes it out: `/health`,
/// asked every ten seconds, two failures. With a control a Region is in traffic while it is healthy and
/// switched on.
///
/// Route 53 asks each Region by its own name, and answers with all of them when none is healthy.
final class RoutingStack extends PlatformStack {
    static final int INTERVAL_SECONDS = 10;
    static final int FAILURES = 2;

    /// From where Route 53 asks; three at least.
    private static final List<String> CHECKERS = List.of("us-east-1", "eu-west-1", "ap-southeast-1");

    /// The id of the health check of `/health`.
    final String deepCheck;

    /// @param routingControl the ARN of the Region's routing control, or null
    RoutingStack(Construct scope, Config config, String region, ServiceStack service, String routingControl) {
        super(scope, Part.ROUTING, config, region);
        deepCheck = check(
                "Deep",
                map(
                        "Type",
                        "HTTPS",
                        "FullyQualifiedDomainName",
                        names.host(region),
                        "Port",
                        443,
                        "ResourcePath",
                        "/health",
                        "EnableSNI",
                        true,
                        "RequestInterval",
                        INTERVAL_SECONDS,
                        "FailureThreshold",
                        FAILURES,
                        "MeasureLatency",
                        true,
                        "Regions",
                        CHECKERS));
        record(service, checkOf(routingControl));
    }

    private String checkOf(String routingControl) {
        if (routingControl != null) {
            return both(check("Control", map("Type", "RECOVERY_CONTROL", "RoutingControlArn", routingControl)));
        }
        var plans = config.planChecks().get(region);
        return plans == null ? deepCheck : both(plans);
    }

    private String both(String control) {
        return check(
                "Both",
                map("Type", "CALCULATED", "ChildHealthChecks", List.of(deepCheck, control), "HealthThreshold", 2));
    }

    private String check(String id, Map<String, Object> settings) {
        var tags = List.of(map("Key", "Name", "Value", names.host(region) + " " + id.toLowerCase(Locale.ROOT)));
        return resource(id, "AWS::Route53::HealthCheck", map("HealthCheckConfig", settings, "HealthCheckTags", tags))
                .getAtt("HealthCheckId")
                .toString();
    }

    private void record(ServiceStack service, String check) {
        var record = map(
                "HostedZoneId",
                config.zone().id(),
                "Name",
                config.zone().name(),
                "Type",
                "A",
                "SetIdentifier",
                region,
                "HealthCheckId",
                check,
                "AliasTarget",
                map(
                        "DNSName",
                        "dualstack." + service.edge.balancer.getLoadBalancerDnsName(),
                        "HostedZoneId",
                        service.edge.balancer.getLoadBalancerCanonicalHostedZoneId(),
                        "EvaluateTargetHealth",
                        true));
        switch (config.routing()) {
            case LATENCY -> record.put("Region", region);
            case WEIGHTED -> record.put("Weight", site().weight());
            case FAILOVER -> record.put("Failover", isHome() ? "PRIMARY" : "SECONDARY");
            case GLOBAL_ACCELERATOR -> throw new IllegalStateException("the accelerator has the record");
        }
        resource("Store", "AWS::Route53::RecordSet", record);
    }
}
