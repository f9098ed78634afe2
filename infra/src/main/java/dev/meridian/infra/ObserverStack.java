package dev.meridian.infra;

import software.constructs.Construct;

/// Canaries in a Region where the store is not: they see what customers see while a Region of the store
/// is lost, and whether the store's name leads to one that works.
final class ObserverStack extends PlatformStack {
    ObserverStack(Construct scope, Config config) {
        super(scope, Part.OBSERVER, config, config.observer());
        var alerts = new Alerts(this);
        var canaries = new Canaries(this, alerts);
        for (var target : config.regionNames()) canaries.against(Canaries.ORDER, target);
        for (var journey : Canaries.JOURNEYS) canaries.againstTheStore(journey);
        alerts.page();
    }
}
