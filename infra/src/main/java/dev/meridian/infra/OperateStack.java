package dev.meridian.infra;

import software.constructs.Construct;

final class OperateStack extends PlatformStack {
    OperateStack(Construct scope, Config config, String region, NetworkStack network, SqlStack sql) {
        super(scope, Part.OPERATE, config, region);
    }
}
