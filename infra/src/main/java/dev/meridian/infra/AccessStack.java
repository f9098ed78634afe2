package dev.meridian.infra;

import software.constructs.Construct;

final class AccessStack extends PlatformStack {
    static final String OPERATOR = "operator";
    static final String RELEASE = "release";

    AccessStack(Construct scope, Config config) {
        super(scope, Part.ACCESS, config, config.home().region());
    }
}
