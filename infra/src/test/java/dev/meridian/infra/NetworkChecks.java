package dev.meridian.infra;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/// Networks: subnets lie in their VPC and zone, nothing but the load balancer is open to the world,
/// and only internal networks reach the port of administrators.
final class NetworkChecks {
    static final String SUBNET = "AWS::EC2::Subnet";
    static final String VPC = "AWS::EC2::VPC";
    static final String GROUP = "AWS::EC2::SecurityGroup";
    static final String INGRESS = "AWS::EC2::SecurityGroupIngress";
    private static final Set<String> WORLD = Set.of("0.0.0.0/0", "::/0");

    private NetworkChecks() {}

    static void look(Synthesis synthesis, Consumer<Finding> found) {
        for (var stack : synthesis.stacks()) {
            stack.resources(VPC).forEach(vpc -> subnets(stack, vpc, found));
        }
        vpcs(synthesis, found);
        synthesis.resources(SUBNET).forEach(subnet -> {
            var zone = subnet.text("AvailabilityZone");
            if (!zone.matches(subnet.stack().region() + "[a-f]")) {
                found.accept(subnet.finding(
                        "zone", zone + " is no zone of " + subnet.stack().region()));
            }
        });
        synthesis
                .resources(GROUP)
                .forEach(group -> group.at("SecurityGroupIngress").forEach(rule -> ingress(group, rule, found)));
        synthesis.resources(INGRESS).forEach(ingress -> ingress(ingress, ingress.properties(), found));
    }

    private static void subnets(StackTemplate stack, Resource vpc, Consumer<Finding> found) {
        var network = Cidr.of(vpc.text("CidrBlock")).orElse(null);
        if (network == null) {
            found.accept(vpc.finding("cidr", "no network: " + vpc.text("CidrBlock")));
            return;
        }
        var seen = new ArrayList<Cidr>();
        stack.resources(SUBNET).forEach(subnet -> {
            var part = Cidr.of(subnet.text("CidrBlock")).orElse(null);
            if (part == null) {
                found.accept(subnet.finding("cidr", "no network: " + subnet.text("CidrBlock")));
                return;
            }
            if (part.bits() < network.bits() || !part.overlaps(network))
                found.accept(subnet.finding("cidr", "lies outside of its VPC"));
            if (seen.stream().anyMatch(part::overlaps)) found.accept(subnet.finding("cidr", "overlaps another subnet"));
            seen.add(part);
        });
    }

    /// Networks that are peered must not overlap.
    private static void vpcs(Synthesis synthesis, Consumer<Finding> found) {
        var seen = new ArrayList<Cidr>();
        synthesis.resources(VPC).forEach(vpc -> {
            var network = Cidr.of(vpc.text("CidrBlock")).orElse(null);
            if (network == null) return;
            if (seen.stream().anyMatch(network::overlaps))
                found.accept(vpc.finding("cidr", "overlaps the network of another Region"));
            seen.add(network);
        });
    }

    private static void ingress(Resource resource, JsonNode rule, Consumer<Finding> found) {
        int from = rule.path("FromPort").asInt(0);
        int to = rule.path("ToPort").asInt(65535);
        if (from > to) found.accept(resource.finding("ports", "from " + from + " to " + to));
        boolean open = WORLD.contains(rule.path("CidrIp").asText())
                || WORLD.contains(rule.path("CidrIpv6").asText());
        boolean web = from == to && List.of(80, 443).contains(from);
        if (open && !web)
            found.accept(resource.finding("open", "ports " + from + " to " + to + " are open to the world"));
        boolean isAdmin = from <= ServiceTask.ADMIN_PORT && ServiceTask.ADMIN_PORT <= to;
        if (isAdmin && !isInternal(rule))
            found.accept(resource.finding("admin-port", "others than an internal network reach administration"));
    }

    /// A load balancer is named by its group, never by a network.
    private static boolean isInternal(JsonNode rule) {
        return Cidr.of(rule.path("CidrIp").asText()).filter(Cidr::isPrivate).isPresent();
    }
}
