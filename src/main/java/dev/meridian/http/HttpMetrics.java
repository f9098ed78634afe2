package dev.meridian.http;

import dev.meridian.shared.RegionConfig;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.config.MeterFilter;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/// Every metric carries the Region.
final class HttpMetrics {
    /// Files, and paths that lead nowhere.
    private static final String OTHER = "OTHER";

    @Produces
    @Singleton
    MeterFilter region(RegionConfig region) {
        return MeterFilter.commonTags(Tags.of("region", region.name()));
    }

    /// The public and the management port share their meters: Prometheus wants the same tags on each, and the port
    /// is only known to one of them when they are made.
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

    /// The tag `uri` is an endpoint's template or one word: what a request that was refused early asked for would be a
    /// series of its own, with the ids of customers in it.
    @Produces
    @Singleton
    MeterFilter withoutPaths() {
        return new MeterFilter() {
            @Override
            public Meter.Id map(Meter.Id id) {
                if (!id.getName().equals("http.server.requests")) return id;
                var uri = id.getTag("uri");
                if (uri == null || !uri.startsWith("/")) return id;
                if (uri.indexOf('{') >= 0 && !uri.contains("%")) return id;
                return id.replaceTags(
                        Tags.concat(id.getTags(), "uri", Routes.template(uri).orElse(OTHER)));
            }
        };
    }
}
