package dev.meridian.region;

import dev.meridian.http.ManagementDocument;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/// Health and topology as administrators see them, on the management port.
final class RegionDetails {
    @Produces
    @Singleton
    ManagementDocument health(RegionService region) {
        return new ManagementDocument("/q/region/health", region::health);
    }

    @Produces
    @Singleton
    ManagementDocument topology(Topology topology) {
        return new ManagementDocument(
                "/q/region/topology", () -> Uni.createFrom().item(topology.describe()));
    }
}
