package dev.meridian.infra;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awscdk.services.ec2.CfnRoute;
import software.amazon.awscdk.services.ec2.CfnVPCPeeringConnection;
import software.amazon.awscdk.services.ec2.ISubnet;
import software.constructs.Construct;

/// The peering connections that a Region asks for, one for each later Region, and its routes there. Tasks
/// of each Region reach PostgreSQL of each other one.
final class MeshStack extends PlatformStack {
    private final Map<String, String> connections = new LinkedHashMap<>();

    MeshStack(Construct scope, Config config, String region, Map<String, NetworkStack> networks) {
        super(scope, Part.MESH, config, region);
        var own = networks.get(region);
        var later = config.regions()
                .subList(config.regions().indexOf(site()) + 1, config.regions().size());
        for (var peer : later) {
            var connection = CfnVPCPeeringConnection.Builder.create(this, "To-" + peer.region())
                    .vpcId(own.vpc.getVpcId())
                    .peerVpcId(networks.get(peer.region()).vpc.getVpcId())
                    .peerRegion(peer.region())
                    .build()
                    .getRef();
            connections.put(peer.region(), connection);
            routes(this, own, peer, connection);
        }
    }

    /// The connection that this Region asked for.
    Optional<String> connection(String to) {
        return Optional.ofNullable(connections.get(to));
    }

    static void routes(PlatformStack stack, NetworkStack from, Config.Region to, String connection) {
        for (var group : List.of(NetworkStack.APP, NetworkStack.DATA)) {
            int number = 0;
            for (ISubnet subnet : from.vpc.selectSubnets(NetworkStack.in(group)).getSubnets()) {
                CfnRoute.Builder.create(stack, "Route-%s-%s-%d".formatted(to.region(), group, ++number))
                        .routeTableId(subnet.getRouteTable().getRouteTableId())
                        .destinationCidrBlock(to.cidr())
                        .vpcPeeringConnectionId(connection)
                        .build();
            }
        }
    }
}
