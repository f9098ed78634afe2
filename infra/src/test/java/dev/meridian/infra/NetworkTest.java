package dev.meridian.infra;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Tasks reach the SQL writer wherever it is, and the internet reaches neither tasks nor data: from routes, peerings
/// and security groups of the templates.
class NetworkTest {
    static Stream<String> configurations() {
        return Syntheses.five().stream().map(Synthesis::name);
    }

    /// A way of a packet out of the subnets of a group.
    ///
    /// @param table the route table
    /// @param destination a network
    /// @param target gateway, NAT or peering
    private record Route(String table, Cidr destination, String kind, String target) {}

    @ParameterizedTest
    @MethodSource("configurations")
    void tasksReachTheWriterFromEveryRegionToEveryOther(String name) {
        var map = new RouteMap(Syntheses.of(name));
        var config = Syntheses.config(name);
        var blocked = new ArrayList<String>();
        for (var from : config.regions()) {
            for (var to : config.sqlRegions()) {
                if (from.equals(to)) continue;
                var there = map.peerings(from.region(), "app", to.cidr());
                var back = map.peerings(to.region(), "data", from.cidr());
                var pair = from.region() + " to " + to.region();
                if (there.size() != 1) blocked.add(pair + ": routes there over " + there);
                if (!there.equals(back)) blocked.add(pair + ": there over " + there + ", back over " + back);
            }
        }
        assertEquals(List.of(), blocked);
    }

    @ParameterizedTest
    @MethodSource("configurations")
    void postgresAdmitsTheTasksOfEveryRegionAndNobodyElse(String name) {
        var synthesis = Syntheses.of(name);
        var config = Syntheses.config(name);
        for (var site : config.sqlRegions()) {
            var stack = synthesis.stack("sql-" + site.region());
            var clusters = stack.resources(SqlChecks.CLUSTER).toList();
            assertEquals(1, clusters.size());
            var admitted = new HashSet<Cidr>();
            for (var id : clusters.getFirst().at("VpcSecurityGroupIds")) {
                var group = synthesis.referred(stack, id);
                for (var rule : group.at("SecurityGroupIngress")) {
                    if (rule.path("FromPort").asInt() != 5432) continue;
                    Cidr.of(Resource.text(rule.path("CidrIp"), site.region())).ifPresent(admitted::add);
                }
            }
            for (var from : config.regions()) {
                var network = Cidr.of(from.cidr()).orElseThrow();
                assertEquals(
                        1,
                        admitted.stream().filter(network::overlaps).count(),
                        () -> site.region() + " admits " + admitted + " and must admit " + from.cidr());
            }
            assertFalse(
                    admitted.stream().anyMatch(cidr -> !cidr.isPrivate()), () -> site.region() + " admits " + admitted);
        }
    }

    @ParameterizedTest
    @MethodSource("configurations")
    void theInternetReachesNeitherTasksNorData(String name) {
        var synthesis = Syntheses.of(name);
        var map = new RouteMap(synthesis);
        for (var region : synthesis.regions()) {
            assertEquals(Set.of("gateway"), map.kindsToTheWorld(region, "edge"));
            assertEquals(Set.of("nat"), map.kindsToTheWorld(region, "app"));
            assertEquals(Set.of(), map.kindsToTheWorld(region, "data"));
        }
    }

    /// The routes of all Regions.
    private static final class RouteMap {
        private final Synthesis synthesis;
        private final List<Route> routes = new ArrayList<>();
        /// Route tables by Region and group of subnets.
        private final Map<String, Set<String>> tables = new HashMap<>();

        RouteMap(Synthesis synthesis) {
            this.synthesis = synthesis;
            synthesis.resources("AWS::EC2::Route").forEach(this::route);
            synthesis.resources("AWS::EC2::SubnetRouteTableAssociation").forEach(association -> {
                var subnet = synthesis.referred(association.stack(), association.at("SubnetId"));
                var table = synthesis.referred(association.stack(), association.at("RouteTableId"));
                var key = association.stack().region() + " " + group(subnet);
                tables.computeIfAbsent(key, any -> new HashSet<>()).add(table.toString());
            });
        }

        private void route(Resource route) {
            var stack = route.stack();
            var destination = Cidr.of(route.text("DestinationCidrBlock")).orElse(null);
            var table = synthesis.referred(stack, route.at("RouteTableId"));
            if (destination == null || table == null) throw new AssertionError("not understood: " + route);
            add(table, destination, "gateway", stack, route.at("GatewayId"));
            add(table, destination, "nat", stack, route.at("NatGatewayId"));
            add(table, destination, "peering", stack, route.at("VpcPeeringConnectionId"));
        }

        private void add(Resource table, Cidr destination, String kind, StackTemplate stack, JsonNode target) {
            if (target.isMissingNode()) return;
            routes.add(
                    new Route(table.toString(), destination, kind, String.valueOf(synthesis.referred(stack, target))));
        }

        private static String group(Resource subnet) {
            for (var tag : subnet.at("Tags")) {
                if (tag.path("Key").asText().equals("aws-cdk:subnet-name"))
                    return tag.path("Value").asText();
            }
            throw new AssertionError(subnet + " has no group");
        }

        /// The peerings to a network that every table of the group has; empty when one lacks it.
        Set<String> peerings(String region, String group, String cidr) {
            Set<String> common = null;
            for (var table : tables.get(region + " " + group)) {
                var here = new HashSet<String>();
                for (var route : routes) {
                    boolean there = route.destination().equals(Cidr.of(cidr).orElseThrow());
                    if (route.table().equals(table) && there && route.kind().equals("peering"))
                        here.add(route.target());
                }
                if (common == null) common = here;
                else common.retainAll(here);
            }
            return common;
        }

        Set<String> kindsToTheWorld(String region, String group) {
            var kinds = new HashSet<String>();
            for (var route : routes) {
                boolean world = route.destination().bits() == 0;
                if (world && tables.get(region + " " + group).contains(route.table())) kinds.add(route.kind());
            }
            return kinds;
        }
    }
}
