package dev.meridian.infra;

import software.constructs.Construct;

final class ReleaseStack extends PlatformStack {
    ReleaseStack(Construct scope, Config config, NetworkStack network) {
        super(scope, Part.RELEASE, config, config.home().region());
    }
}
