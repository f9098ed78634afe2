package dev.meridian.infra;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import software.amazon.awscdk.CfnResource;
import software.constructs.Construct;

/// The records of a Region, and the health check that takes it out: `/health`, asked every ten seconds,
/// two failures. With a control a Region is in traffic while it is healthy and switched on.
///
/// A Region is in two sets. `healthy` has the check. `any` has none: of it Route 53 knows whether the
/// load balancer has tasks. The store's name leads to the first, and to the second when no Region is
/// healthy. With one set alone Route 53 would then answer with all Regions, those that are dead among
/// them, although a drained one lives. Global Accelerator takes the place of the first set
/// ([AcceleratorStack]): it would do the same.
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
        if (config.routing() != Config.Routing.GLOBAL_ACCELERATOR) {
            var healthy = member("Healthy", names.healthyRegions(), service, checkOf(routingControl));
            if (isHome()) store("PRIMARY", names.healthyRegions(), healthy);
        }
        var any = member("Any", names.anyRegion(), service, null);
        if (isHome()) store("SECONDARY", names.anyRegion(), any);
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

    /// The Region within one of the two sets.
    ///
    /// @param check what takes it out, or null
    private CfnResource member(String id, String name, ServiceStack service, String check) {
        var record = map(
                "HostedZoneId",
                config.zone().id(),
                "Name",
                name,
                "Type",
                "A",
                "SetIdentifier",
                region,
                "HealthCheckId",
                check,
                "AliasTarget",
                alias(
                        "dualstack." + service.edge.balancer.getLoadBalancerDnsName(),
                        service.edge.balancer.getLoadBalancerCanonicalHostedZoneId()));
        switch (config.routing()) {
            case LATENCY, GLOBAL_ACCELERATOR -> record.put("Region", region);
            case WEIGHTED -> record.put("Weight", site().weight());
            case FAILOVER -> record.put("Failover", isHome() ? "PRIMARY" : "SECONDARY");
        }
        return resource(id, "AWS::Route53::RecordSet", record);
    }

    private static Map<String, Object> alias(String name, String zone) {
        return map("DNSName", name, "HostedZoneId", zone, "EvaluateTargetHealth", true);
    }

    /// The store's name: the healthy Regions, else those whose load balancers have tasks.
    private void store(String role, String set, CfnResource member) {
        resource(
                        "Store-" + role,
                        "AWS::Route53::RecordSet",
                        map(
                                "HostedZoneId", config.zone().id(),
                                "Name", config.zone().name(),
                                "Type", "A",
                                "SetIdentifier", role.toLowerCase(Locale.ROOT),
                                "Failover", role,
                                "AliasTarget", alias(set, config.zone().id())))
                .addResourceDependency(member);
    }
}
