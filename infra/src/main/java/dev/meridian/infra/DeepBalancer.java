package dev.meridian.infra;

import static dev.meridian.infra.PlatformStack.map;

import java.util.List;
import java.util.Map;
import software.amazon.awscdk.CfnResource;
import software.amazon.awscdk.services.ec2.Peer;
import software.amazon.awscdk.services.ec2.Port;
import software.amazon.awscdk.services.ec2.SecurityGroup;

/// What Global Accelerator sends to: it follows the health of a load balancer's targets and no path of its
/// own. So this one has the Region's load balancer as its only target, and `/health` as the check: a Region
/// whose stores fail, or that is drained, gets no traffic. The tasks cannot be these targets: ECS would
/// replace them all.
final class DeepBalancer {
    final String arn;

    DeepBalancer(PlatformStack stack, NetworkStack network, ServiceEdge edge) {
        var group = SecurityGroup.Builder.create(stack, "DeepGroup")
                .vpc(network.vpc)
                .allowAllOutbound(false)
                .description("load balancer of Global Accelerator")
                .build();
        group.addIngressRule(Peer.anyIpv4(), Port.tcp(443), "customers");
        group.addEgressRule(Peer.ipv4(stack.site().cidr()), Port.tcp(443), "the other load balancer");
        var deep = stack.resource(
                "Deep",
                "AWS::ElasticLoadBalancingV2::LoadBalancer",
                map(
                        "Name", stack.names.service() + "-deep",
                        "Type", "network",
                        "Scheme", "internet-facing",
                        "Subnets", network.subnetIds(NetworkStack.EDGE),
                        "SecurityGroups", List.of(group.getSecurityGroupId()),
                        "LoadBalancerAttributes", List.of(map("Key", "deletion_protection.enabled", "Value", "true")),
                        "Tags", stack.serviceTags()));
        var targets = stack.resource(
                "DeepTarget",
                "AWS::ElasticLoadBalancingV2::TargetGroup",
                map(
                        "TargetType",
                        "alb",
                        "Protocol",
                        "TCP",
                        "Port",
                        443,
                        "VpcId",
                        network.vpc.getVpcId(),
                        "Targets",
                        List.of(map("Id", edge.balancer.getLoadBalancerArn(), "Port", 443)),
                        "HealthCheckProtocol",
                        "HTTPS",
                        "HealthCheckPath",
                        "/health",
                        "HealthCheckPort",
                        "443",
                        "HealthCheckIntervalSeconds",
                        10,
                        "HealthCheckTimeoutSeconds",
                        5,
                        "HealthyThresholdCount",
                        2,
                        "UnhealthyThresholdCount",
                        2,
                        "Matcher",
                        Map.of("HttpCode", "200")));
        targets.addResourceDependency((CfnResource) edge.https.getNode().getDefaultChild());
        stack.resource(
                "DeepListener",
                "AWS::ElasticLoadBalancingV2::Listener",
                map(
                        "LoadBalancerArn",
                        deep.getRef(),
                        "Protocol",
                        "TCP",
                        "Port",
                        443,
                        "DefaultActions",
                        List.of(map("Type", "forward", "TargetGroupArn", targets.getRef()))));
        arn = deep.getRef();
    }
}
