package dev.meridian.infra;

import java.util.List;
import java.util.Map;
import software.constructs.Construct;

/// Global Accelerator: two anycast addresses, and behind them each Region with all of the traffic that is
/// near it. Its endpoints are load balancers whose only target is checked with `/health`
/// ([DeepBalancer]).
///
/// When no endpoint is healthy it sends to the nearest Region, even if that one is dead and a drained one lives.
/// So the store's name leads to it only while the check of some Region passes, and else to the Regions
/// whose load balancers have tasks ([RoutingStack]).
final class AcceleratorStack extends PlatformStack {
    /// Where its API is.
    private static final String REGION = "us-west-2";

    /// The hosted zone of all accelerators' names.
    private static final String ACCELERATOR_ZONE = "Z2BJ6XQ5FK7U4H";

    AcceleratorStack(
            Construct scope, Config config, Map<String, ServiceStack> services, Map<String, RoutingStack> routings) {
        super(scope, Part.ACCELERATOR, config, REGION);
        var accelerator = resource(
                "Accelerator",
                "AWS::GlobalAccelerator::Accelerator",
                map("Name", config.name(), "IpAddressType", "IPV4", "Enabled", true, "Tags", serviceTags()));
        var listener = resource(
                "Https",
                "AWS::GlobalAccelerator::Listener",
                map(
                        "AcceleratorArn",
                        accelerator.getRef(),
                        "Protocol",
                        "TCP",
                        "ClientAffinity",
                        "NONE",
                        "PortRanges",
                        List.of(map("FromPort", 443, "ToPort", 443))));
        services.forEach((name, service) -> resource(
                "Region-" + name,
                "AWS::GlobalAccelerator::EndpointGroup",
                map(
                        "ListenerArn",
                        listener.getRef(),
                        "EndpointGroupRegion",
                        name,
                        "TrafficDialPercentage",
                        100,
                        "EndpointConfigurations",
                        List.of(map(
                                "EndpointId",
                                service.deepBalancerArn,
                                "Weight",
                                128,
                                "ClientIPPreservationEnabled",
                                true)))));
        var someRegion = resource(
                "SomeRegion",
                "AWS::Route53::HealthCheck",
                map(
                        "HealthCheckConfig",
                        map(
                                "Type",
                                "CALCULATED",
                                "ChildHealthChecks",
                                routings.values().stream()
                                        .map(routing -> routing.deepCheck)
                                        .toList(),
                                "HealthThreshold",
                                1),
                        "HealthCheckTags",
                        List.of(map("Key", "Name", "Value", config.zone().name() + " some Region"))));
        resource(
                "Store",
                "AWS::Route53::RecordSet",
                map(
                        "HostedZoneId", config.zone().id(),
                        "Name", config.zone().name(),
                        "Type", "A",
                        "SetIdentifier", "primary",
                        "Failover", "PRIMARY",
                        "HealthCheckId", someRegion.getAtt("HealthCheckId").toString(),
                        "AliasTarget",
                                map(
                                        "DNSName",
                                        accelerator.getAtt("DnsName").toString(),
                                        "HostedZoneId",
                                        ACCELERATOR_ZONE,
                                        "EvaluateTargetHealth",
                                        true)));
    }
}
