package dev.meridian.infra;

import software.constructs.Construct;

final class WatchStack extends PlatformStack {
    WatchStack(Construct scope, Config config, String region, ServiceStack service) {
        super(scope, Part.WATCH, config, region);
    }
}
