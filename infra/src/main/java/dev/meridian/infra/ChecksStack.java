package dev.meridian.infra;

import software.constructs.Construct;

final class ChecksStack extends PlatformStack {
    ChecksStack(Construct scope, Config config, java.util.Map<String, RoutingStack> routings) {
        super(scope, Part.CHECKS, config, "us-east-1");
    }
}
