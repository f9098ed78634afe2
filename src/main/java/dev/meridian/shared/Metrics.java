package dev.meridian.shared;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.config.MeterFilter;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/// Every metric carries the Region.
final class Metrics {
    @Produces
    @Singleton
    MeterFilter region(RegionConfig region) {
        return MeterFilter.commonTags(Tags.of("region", region.name()));
    }

    /// The public and the management port share their meters: Prometheus wants the same tags on each, and the port is
    /// only
    /// known to one of them when they are made.
    @Produces
    @Singleton
    MeterFilter withoutPort() {
        return new MeterFilter() {
            @Override
            public Meter.Id map(Meter.Id id) {
                if (!id.getName().startsWith("http.server.")) return id;
                return id.replaceTags(id.getTags().stream()
                        .filter(tag -> !tag.getKey().equals("server.port"))
                        .toList());
            }
        };
    }
}
