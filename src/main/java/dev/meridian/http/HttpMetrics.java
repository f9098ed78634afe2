package dev.meridian.http;

import dev.meridian.shared.RegionConfig;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.distribution.DistributionStatisticConfig;
import io.prometheus.client.exemplars.ExemplarSampler;
import io.prometheus.client.exporter.common.TextFormat;
import io.quarkus.vertx.http.ManagementInterface;
import io.vertx.core.http.HttpHeaders;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Alternative;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/// The labels of metrics, and the buckets of requests.
final class HttpMetrics {
    /// Static files and unknown paths.
    static final String OTHER = "OTHER";

    private static final String REQUESTS = "http.server.requests";

    private static final Pattern OPEN_METRICS_ONLY =
            Pattern.compile("application/openmetrics-text\\s*(;[^,]*)?", Pattern.CASE_INSENSITIVE);

    /// Bounds of the buckets of [#REQUESTS], for percentiles: few, since each is a time series for each endpoint
    /// and status.
    private static final double[] BOUNDS = IntStream.of(25, 50, 100, 250, 500, 1000, 2500)
            .mapToDouble(ms -> Duration.ofMillis(ms).toNanos())
            .toArray();

    /// A reader of OpenMetrics may leave out the version, without which Quarkus answers 406. Answers are
    /// compressed here, unless they say otherwise, as Quarkus has each of them say.
    void onManagement(@Observes ManagementInterface management) {
        management.router().route().order(Integer.MIN_VALUE + 2).handler(context -> {
            var headers = context.request().headers();
            var accept = headers.get(HttpHeaders.ACCEPT);
            if (accept != null && OPEN_METRICS_ONLY.matcher(accept).matches()) {
                headers.set(HttpHeaders.ACCEPT, TextFormat.CONTENT_TYPE_OPENMETRICS_100);
            }
            context.addHeadersEndHandler(_ -> context.response().headers().remove(HttpHeaders.CONTENT_ENCODING));
            context.next();
        });
    }

    @Produces
    @Singleton
    MeterFilter region(RegionConfig region) {
        return MeterFilter.commonTags(Tags.of("region", region.name()));
    }

    /// The public and the management port share their meters, and Prometheus needs the same labels on each.
    /// The port is not known for both when the meters are created.
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

    /// The label `uri` is an endpoint's template or one word. The path of a request that is refused early
    /// would be a time series of its own, with customer ids in it.
    @Produces
    @Singleton
    MeterFilter withoutPaths() {
        return new MeterFilter() {
            @Override
            public Meter.Id map(Meter.Id id) {
                if (!id.getName().equals(REQUESTS)) return id;
                var uri = id.getTag("uri");
                if (uri == null || !uri.startsWith("/")) return id;
                if (uri.indexOf('{') >= 0 && !uri.contains("%")) return id;
                return id.replaceTags(
                        Tags.concat(id.getTags(), "uri", Routes.template(uri).orElse(OTHER)));
            }
        };
    }

    @Produces
    @Singleton
    MeterFilter buckets() {
        return new MeterFilter() {
            @Override
            public DistributionStatisticConfig configure(Meter.Id id, DistributionStatisticConfig config) {
                if (!id.getName().equals(REQUESTS)) return config;
                return DistributionStatisticConfig.builder()
                        .serviceLevelObjectives(BOUNDS)
                        .build()
                        .merge(config);
            }
        };
    }

    /// A long task timer, which the Prometheus registry writes as no reader of OpenMetrics allows. [Connections]
    /// counts instead.
    @Produces
    @Singleton
    MeterFilter withoutConnections() {
        return MeterFilter.denyNameStartsWith("http.server.connections");
    }

    /// No exemplars: the registry also adds them to `_count`, where OpenMetrics does not allow any.
    @Produces
    @Alternative
    @Priority(1)
    Optional<ExemplarSampler> withoutExemplars() {
        return Optional.empty();
    }
}
