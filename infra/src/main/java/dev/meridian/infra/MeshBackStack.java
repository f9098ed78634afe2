package dev.meridian.infra;

import java.util.Map;
import software.constructs.Construct;

/// The way back: routes to the earlier Regions that asked for a connection. A stack of its own, since
/// theirs need the VPC of this Region first.
final class MeshBackStack extends PlatformStack {
    MeshBackStack(
            Construct scope,
            Config config,
            String region,
            Map<String, NetworkStack> networks,
            Map<String, MeshStack> meshes) {
        super(scope, Part.MESHBACK, config, region);
        for (var mesh : meshes.values()) {
            mesh.connection(region)
                    .ifPresent(connection -> MeshStack.routes(this, networks.get(region), mesh.site(), connection));
        }
    }
}
