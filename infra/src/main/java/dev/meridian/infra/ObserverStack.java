package dev.meridian.infra;

import software.constructs.Construct;

final class ObserverStack extends PlatformStack {
    ObserverStack(Construct scope, Config config) {
        super(scope, Part.OBSERVER, config, config.observer());
    }
}
